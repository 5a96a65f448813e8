package dev.graft.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * The loss of a batch and its gradients, which are added up over parts of the batch.
 *
 * <p>Where there are {@value #FEWEST_OF_A_CORE} examples for every core, each core runs forward and
 * backward on every so-many-th part, of {@value #MOST_OF_A_CORE} examples at most, by itself, on
 * variables of its own with the same values: layers of little work do not wait for each other.
 * Otherwise one pass after another uses all cores. Which core takes which part, and the order of
 * the sums, follow from the counts alone. Batch statistics would be those of the parts, and pairs
 * of examples would be torn apart, so with them the batch stays whole. Not thread-safe.
 */
final class BatchGradients implements AutoCloseable {
  /** Smaller parts cost more than they save. */
  private static final int FEWEST_OF_A_CORE = 4;

  /** Larger parts gain nothing more, and their activations take more memory. */
  private static final int MOST_OF_A_CORE = 8;

  private final TrainingPass pass;
  private final BatchLoss loss;

  /** Most examples that pass at once. */
  private final long atOnce;

  /** None where so few examples pass at once that all cores are needed for them together. */
  private final Optional<CoreWorkers> workers;

  BatchGradients(TrainingOptions options, TrainingPass pass) {
    this.pass = pass;
    this.loss = BatchLoss.of(options.objective());
    boolean whole =
        options.normStatistics() == NormStatistics.BATCH
            || options.optimizer() instanceof OptimizerSettings.Lbfgs
            || loss.needsWholeBatch();
    this.atOnce = whole ? Long.MAX_VALUE : options.passes().examples().orElse(Integer.MAX_VALUE);
    int cores = Libtorch.threads();
    boolean sideBySide = !whole && cores > 1 && atOnce / FEWEST_OF_A_CORE >= cores;
    this.workers = sideBySide ? Optional.of(CoreWorkers.open()) : Optional.empty();
  }

  /** Examples along the first axis with their labels, and what every part of them must know. */
  private record Batch(Tensor examples, List<BatchLoss.Target> targets, long seed) {
    /** One of several parts of nearly equal length. */
    Batch part(long index, long parts) {
      if (parts == 1) {
        return this; // where examples and labels differ in number, the loss says so
      }
      long from = count() * index / parts;
      long length = count() * (index + 1) / parts - from;
      return new Batch(
          examples.narrow(0, from, length),
          targets.stream().map(target -> target.narrow(from, length)).toList(),
          seed * parts + index);
    }

    long count() {
      return targets.get(0).count();
    }

    /** How many parts there are where one has so many examples at most. */
    long parts(long most) {
      return most >= count() ? 1 : (count() + most - 1) / most;
    }
  }

  /**
   * Adds the batch's gradients to those of the masters.
   *
   * @param seed what the random numbers of the passes are made from
   * @return the loss
   */
  double run(Tensor examples, MixedLabels labels, long seed, PreparedWeights weights) {
    Batch batch = new Batch(examples, loss.targets(labels), seed);
    if (workers.isPresent() && batch.parts(FEWEST_OF_A_CORE) >= workers.get().count()) {
      return sideBySide(batch, workers.get(), weights);
    }
    Map<String, Tensor> variables = weights.variables();
    double sum = oneByOne(batch, 0, batch.parts(atOnce), 1, variables);
    weights.backward(List.of(variables));
    return sum;
  }

  private double sideBySide(Batch batch, CoreWorkers cores, PreparedWeights weights) {
    long most = Math.min(MOST_OF_A_CORE, atOnce / cores.count());
    long parts = cores.count() * batch.parts(cores.count() * most); // as many for each core
    List<Map<String, Tensor>> variables = new ArrayList<>();
    List<Future<Double>> losses = new ArrayList<>();
    for (int core = 0; core < cores.count(); core++) {
      int first = core;
      Map<String, Tensor> own = weights.variables();
      variables.add(own);
      losses.add(cores.submit(() -> oneByOne(batch, first, parts, cores.count(), own)));
    }
    double sum = 0;
    RuntimeException failure = null;
    for (Future<Double> one : losses) {
      try {
        sum += CoreWorkers.result(one);
      } catch (RuntimeException failed) {
        failure = failed; // the others still use the variables
      }
    }
    if (failure != null) {
      throw failure;
    }
    weights.backward(variables);
    return sum;
  }

  /** Every {@code stride}-th part from the first on. */
  private double oneByOne(
      Batch batch, long first, long parts, int stride, Map<String, Tensor> variables) {
    double sum = 0;
    for (long part = first; part < parts; part += stride) {
      try (PointerScope scope = new PointerScope()) {
        sum += differentiate(batch.part(part, parts), variables);
      }
    }
    return sum;
  }

  private double differentiate(Batch part, Map<String, Tensor> variables) {
    return pass.run(
        part.examples(), variables, part.seed(), outputs -> loss.of(outputs, part.targets()));
  }

  @Override
  public void close() {
    workers.ifPresent(CoreWorkers::close);
  }
}
