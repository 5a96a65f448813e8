package dev.graft.engine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.InputArchive;
import org.bytedeco.pytorch.LBFGS;
import org.bytedeco.pytorch.LBFGSOptions;
import org.bytedeco.pytorch.LossClosure;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.OptimizerOptions;
import org.bytedeco.pytorch.OptimizerParamGroup;
import org.bytedeco.pytorch.OptimizerParamGroupVector;
import org.bytedeco.pytorch.OutputArchive;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.StringOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * libtorch's optimizer over the parameter groups, with the decay toward the starting weights and
 * the cut of long gradients in front of it.
 */
final class Optimization implements AutoCloseable {
  private final TrainingOptions options;
  private final List<Group> groups;
  private final Optimizer optimizer;
  private boolean hasStepped;

  /** The weights of a group, and their starting values where the group decays toward them. */
  private record Group(ParameterGroup settings, List<Tensor> weights, List<Tensor> starts) {}

  private Optimization(TrainingOptions options, List<Group> groups, Optimizer optimizer) {
    this.options = options;
    this.groups = groups;
    this.optimizer = optimizer;
  }

  static Optimization of(TrainingOptions options, Map<String, Tensor> masters) {
    List<Group> groups = new ArrayList<>();
    try (PointerScope scope = new PointerScope();
        AutoGradMode inference = new AutoGradMode(false)) {
      for (ParameterGroup settings : options.groups()) {
        groups.add(group(settings, masters));
      }
      Optimizer optimizer = create(options.optimizer(), groups);
      optimizer.retainReference();
      return new Optimization(options, groups, optimizer);
    }
  }

  private static Group group(ParameterGroup settings, Map<String, Tensor> masters) {
    List<Tensor> weights = new ArrayList<>();
    List<Tensor> starts = new ArrayList<>();
    for (String name : settings.tensors()) {
      Tensor weight = java.util.Objects.requireNonNull(masters.get(name));
      weights.add(weight);
      if (settings.startingPointDecay() > 0) {
        Tensor start = weight.detach().clone();
        start.retainReference();
        starts.add(start);
      }
    }
    return new Group(settings, weights, starts);
  }

  static LBFGSOptions lbfgsOptions(OptimizerSettings.Lbfgs settings) {
    LBFGSOptions options = new LBFGSOptions(settings.learningRate());
    options.max_iter().put(settings.iterations());
    options.history_size().put(10);
    options.line_search_fn().put(new StringOptional("strong_wolfe"));
    return options;
  }

  private static Optimizer create(OptimizerSettings settings, List<Group> groups) {
    if (settings instanceof OptimizerSettings.Lbfgs lbfgs) {
      // libtorch's L-BFGS takes one group only.
      TensorVector all = new TensorVector();
      groups.forEach(group -> group.weights.forEach(all::push_back));
      return new LBFGS(all, lbfgsOptions(lbfgs));
    }
    Optimizer optimizer = withoutGroups(settings);
    for (Group group : groups) {
      TensorVector weights = new TensorVector();
      group.weights.forEach(weights::push_back);
      optimizer.add_param_group(new OptimizerParamGroup(weights)); // takes a copy of the defaults
    }
    OptimizerParamGroupVector vector = optimizer.param_groups();
    for (int i = 0; i < groups.size(); i++) {
      setWeightDecay(settings, vector.get(i).options(), groups.get(i).settings.weightDecay());
    }
    return optimizer;
  }

  private static Optimizer withoutGroups(OptimizerSettings settings) {
    OptimizerParamGroupVector none = new OptimizerParamGroupVector();
    double rate = settings.learningRate();
    if (settings instanceof OptimizerSettings.Sgd sgd) {
      SGDOptions options = new SGDOptions(rate);
      options.momentum().put(sgd.momentum());
      options.nesterov().put(sgd.nesterov());
      return new SGD(none, options);
    }
    return settings instanceof OptimizerSettings.Adam
        ? new Adam(none, new AdamOptions(rate))
        : new AdamW(none, new AdamWOptions(rate));
  }

  /** A group's options are those of its optimizer, known to the binding by the base class only. */
  private static void setWeightDecay(
      OptimizerSettings settings, OptimizerOptions ofGroup, double weightDecay) {
    if (settings instanceof OptimizerSettings.Sgd) {
      new SGDOptions(ofGroup).weight_decay().put(weightDecay);
    } else if (settings instanceof OptimizerSettings.Adam) {
      new AdamOptions(ofGroup).weight_decay().put(weightDecay);
    } else {
      new AdamWOptions(ofGroup).weight_decay().put(weightDecay);
    }
  }

  void zeroGradients() {
    optimizer.zero_grad();
  }

  /**
   * Adds the pull toward the starting weights, then cuts the gradient of all weights to its norm.
   */
  void adjustGradients() {
    try (AutoGradMode inference = new AutoGradMode(false)) {
      TensorVector all = new TensorVector();
      boolean lbfgs = options.optimizer() instanceof OptimizerSettings.Lbfgs;
      for (Group group : groups) {
        for (int i = 0; i < group.weights.size(); i++) {
          Tensor weight = group.weights.get(i);
          Tensor gradient = weight.grad();
          if (!gradient.defined()) {
            continue;
          }
          if (!group.starts.isEmpty()) {
            gradient.add_(
                weight.sub(group.starts.get(i)), new Scalar(group.settings.startingPointDecay()));
          }
          if (lbfgs && group.settings.weightDecay() > 0) {
            gradient.add_(weight, new Scalar(group.settings.weightDecay()));
          }
          all.push_back(weight);
        }
      }
      if (options.gradientNorm() > 0 && !lbfgs && !all.empty()) {
        torch.clip_grad_norm_(all, options.gradientNorm());
      }
    }
  }

  /**
   * Adds to the loss what {@link #adjustGradients} added to the gradient, where the optimizer
   * compares losses: the line search of L-BFGS would mistrust a gradient that is not the loss's
   * own.
   */
  Tensor withPenalties(Tensor loss) {
    if (!(options.optimizer() instanceof OptimizerSettings.Lbfgs)) {
      return loss;
    }
    try (AutoGradMode inference = new AutoGradMode(false)) {
      Tensor sum = loss.detach().clone();
      for (Group group : groups) {
        for (int i = 0; i < group.weights.size(); i++) {
          Tensor weight = group.weights.get(i);
          addSquare(sum, weight, group.settings.weightDecay());
          if (!group.starts.isEmpty()) {
            addSquare(sum, weight.sub(group.starts.get(i)), group.settings.startingPointDecay());
          }
        }
      }
      return sum;
    }
  }

  private static void addSquare(Tensor sum, Tensor distance, double decay) {
    if (decay > 0) {
      sum.add_(distance.mul(distance).sum(), new Scalar(decay / 2));
    }
  }

  void step(LossClosure closure, double learningRateFactor) {
    hasStepped = true;
    double base = options.optimizer().learningRate() * learningRateFactor;
    if (options.optimizer() instanceof OptimizerSettings.Lbfgs) {
      // A fresh one each time: libtorch cannot save the curvature that it gathers over the
      // iterations of a step, and a resumed run must go on as the unbroken one would.
      Optimizer once = create(options.optimizer(), groups);
      once.param_groups().get(0).options().set_lr(base);
      once.step(closure);
      return;
    }
    OptimizerParamGroupVector vector = optimizer.param_groups();
    for (int i = 0; i < groups.size(); i++) {
      vector.get(i).options().set_lr(base * groups.get(i).settings.learningRateScale());
    }
    closure.call();
    optimizer.step();
  }

  List<String> groupsWithoutGradient() {
    List<String> names = new ArrayList<>();
    if (!hasStepped) {
      return names;
    }
    try (PointerScope scope = new PointerScope()) {
      for (Group group : groups) {
        boolean any =
            group.weights.stream()
                .map(Tensor::grad)
                .anyMatch(g -> g.defined() && g.abs().max().item().toDouble() > 0);
        if (!any) {
          names.add(group.settings.name());
        }
      }
    }
    return names;
  }

  /** Writes beside the file and renames, so that the file is there whole or not at all. */
  void save(Path file) {
    Path beside = file.resolveSibling(file.getFileName() + ".part");
    try (PointerScope scope = new PointerScope()) {
      try (FileChannel channel =
              FileChannel.open(
                  beside,
                  StandardOpenOption.CREATE,
                  StandardOpenOption.TRUNCATE_EXISTING,
                  StandardOpenOption.WRITE);
          ArchiveChannel written = new ArchiveChannel(channel)) {
        OutputArchive archive = new OutputArchive();
        optimizer.save(archive);
        archive.save_to(written);
        written.finish();
      } catch (IOException | RuntimeException failure) {
        Files.deleteIfExists(beside); // on a full disk others need its room
        throw failure;
      }
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | RuntimeException failure) {
      throw new EngineException(
          "Saving the optimizer's state to "
              + file
              + " failed: "
              + firstLine(failure)
              + ". Check that the folder exists, may be written to and has room.",
          failure);
    }
  }

  private static String firstLine(Exception failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("no reason given");
  }

  void load(Path file) {
    try (PointerScope scope = new PointerScope()) {
      InputArchive archive = new InputArchive();
      archive.load_from(file.toString());
      optimizer.load(archive);
    } catch (RuntimeException failure) {
      throw new EngineException(
          "Restoring the optimizer's state from "
              + file
              + " failed: the file is missing, damaged or was written by other settings ("
              + firstLine(failure)
              + "). Train again from the start, or with the settings of then.",
          failure);
    }
  }

  @Override
  public void close() {
    optimizer.close();
    groups.forEach(group -> group.starts.forEach(Tensor::close));
  }
}
