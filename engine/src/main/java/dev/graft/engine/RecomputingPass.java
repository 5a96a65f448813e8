package dev.graft.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A pass that keeps the activations at the borders of segments only: it goes forward without
 * gradients, and backward it computes one segment after another again (Chen et al. 2016, "Training
 * Deep Nets with Sublinear Memory Cost").
 *
 * <p>Random numbers come from the seed of the pass, so that dropout drops the same elements again;
 * running statistics are updated once, when a segment is computed for the last time. Thread-safe.
 */
final class RecomputingPass implements TrainingPass {
  private final TrainingProgram network;
  private final List<Program.Step> steps;
  private @Nullable List<Segment> plan;

  RecomputingPass(TrainingProgram network) {
    this.network = network;
    this.steps = network.program().steps();
  }

  @Override
  public double run(
      Tensor examples, Map<String, Tensor> weights, long seed, UnaryOperator<Tensor> loss) {
    List<Segment> segments = plan(examples, weights);
    Run run = new Run(segments, examples, weights, seed);
    try (PointerScope scope = new PointerScope()) {
      run.forward();
      double value = run.lossOfLast(loss);
      run.backward();
      return value;
    } finally {
      run.close();
    }
  }

  /** Laid out at the first pass, by the sizes that its tensors have. */
  private synchronized List<Segment> plan(Tensor examples, Map<String, Tensor> weights) {
    List<Segment> known = plan;
    if (known == null) {
      List<String> trainable =
          weights.entrySet().stream()
              .filter(weight -> weight.getValue().requires_grad())
              .map(Map.Entry::getKey)
              .toList();
      SizeObserver sizes = new SizeObserver();
      try (PointerScope scope = new PointerScope();
          AutoGradMode inference = new AutoGradMode(false)) {
        network.forward(examples, weights, Program.Mode.INFERENCE, 0, sizes);
      }
      known = new Segmentation(network.program(), trainable).plan(sizes.bytes());
      plan = known;
    }
    return known;
  }

  /** The state of one pass. */
  private final class Run implements AutoCloseable {
    private final List<Segment> segments;
    private final Map<String, Tensor> given = new LinkedHashMap<>();
    private final long seed;

    /** Before each segment, what it and those behind it read; the last one is the present. */
    private final List<Frame> starts = new ArrayList<>();

    /** The gradient of the loss with respect to what left the segment before, if any reaches it. */
    private @Nullable Tensor gradient;

    Run(List<Segment> segments, Tensor examples, Map<String, Tensor> weights, long seed) {
      this.segments = segments;
      this.seed = seed;
      given.putAll(weights);
      given.put(network.input(), examples);
    }

    /** All segments but the last. */
    void forward() {
      Frame frame = network.program().frame();
      starts.add(frame);
      for (Segment segment : segments.subList(0, segments.size() - 1)) {
        starts.add(starts.size() - 1, frame.copy());
        try (PointerScope scope = new PointerScope();
            AutoGradMode inference = new AutoGradMode(false)) {
          lend(frame, segment, network.mode() == Program.Mode.TRAINING_BATCH_STATISTICS);
          frame.run(
              steps, segment.from(), segment.to(), forwardMode(), seed, Program.Observer.NONE);
        }
      }
    }

    private Program.Mode forwardMode() {
      return network.mode() == Program.Mode.TRAINING_BATCH_STATISTICS
          ? network.mode()
          : Program.Mode.INFERENCE;
    }

    /** Hands in what a segment reads: examples in its precision, copies of what it would change. */
    private void lend(Frame frame, Segment segment, boolean copiesStatistics) {
      Map<String, Tensor> read = new LinkedHashMap<>();
      for (String name : segment.given()) {
        Tensor stored = Objects.requireNonNull(given.get(name));
        boolean ofExamples = name.equals(network.input());
        Tensor value = ofExamples ? network.cast(stored) : stored;
        boolean statistics = !stored.requires_grad() && !ofExamples;
        read.put(name, copiesStatistics && statistics ? value.clone() : value);
      }
      network.program().lend(frame, read, segment.given());
    }

    double lossOfLast(UnaryOperator<Tensor> loss) {
      Segment segment = segments.get(segments.size() - 1);
      try (PointerScope scope = new PointerScope();
          AutoGradMode training = new AutoGradMode(true);
          Frame frame = starts.remove(starts.size() - 1)) {
        Tensor entry = again(frame, segment);
        Tensor value = loss.apply(network.program().outputs(frame).get(0));
        Backward.from(value);
        keepGradient(entry);
        return value.item().toDouble();
      }
    }

    /** From the segment before the last to the first through which gradients flow. */
    void backward() {
      for (int i = segments.size() - 2; i >= 0 && gradient != null; i--) {
        Segment segment = segments.get(i);
        try (PointerScope scope = new PointerScope();
            AutoGradMode training = new AutoGradMode(true);
            Frame frame = starts.remove(i)) {
          Tensor entry = again(frame, segment);
          Tensor exit = frame.tensor(segment.exit());
          Tensor arrived = gradient;
          gradient = null;
          if (exit.requires_grad()) {
            Backward.from(exit, arrived);
            keepGradient(entry);
          }
          arrived.close();
        }
      }
    }

    /** Runs a segment for its gradients; gives the variable that it begins with, if any. */
    private @Nullable Tensor again(Frame frame, Segment segment) {
      Tensor entry = segment.entry() < 0 ? null : frame.cut(segment.entry());
      lend(frame, segment, false);
      frame.run(steps, segment.from(), segment.to(), network.mode(), seed, Program.Observer.NONE);
      return entry;
    }

    private void keepGradient(@Nullable Tensor entry) {
      Tensor found = entry == null ? null : entry.grad();
      if (found != null && found.defined()) {
        Tensor own = new Tensor(found); // what grad() gives ends with the variable
        own.retainReference(); // it outlives the scope of its segment
        gradient = own;
      }
    }

    @Override
    public void close() {
      starts.forEach(Frame::close);
      if (gradient != null) {
        gradient.close();
      }
    }
  }
}
