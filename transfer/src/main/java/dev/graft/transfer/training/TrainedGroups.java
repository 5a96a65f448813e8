package dev.graft.transfer.training;

import dev.graft.engine.NormStatistics;
import dev.graft.engine.ParameterGroup;
import dev.graft.onnx.Block;
import dev.graft.onnx.WeightTensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What trains in a network, at which rates and toward what the weights decay.
 *
 * <p>Of pretrained weights the learning rate falls by {@value #RATE_PER_BLOCK} from block to block
 * toward the input (Howard and Ruder 2018, discriminative fine-tuning), and they decay toward where
 * they started (L2-SP, Li et al. 2018), since batch norms folded into convolutions make zero a
 * wrong place to decay to. Fresh weights have nothing to be held at: all train at the full rate,
 * and kernels decay toward zero, but norms and biases not at all (He et al. 2019, "Bag of Tricks",
 * section 3.1).
 */
final class TrainedGroups {
  private static final double RATE_PER_BLOCK = 0.75;
  private static final double LEAST_RATE_SCALE = 0.05;
  private static final double STARTING_POINT_DECAY = 1e-3;
  private static final double HEAD_DECAY = 1e-3;
  private static final double KERNEL_DECAY = 1e-3;

  private TrainedGroups() {}

  static List<ParameterGroup> of(FineTuning.Subject subject) {
    List<ParameterGroup> groups = new ArrayList<>();
    Set<String> seen = new HashSet<>(); // a weight that blocks share trains with the first
    int count = subject.blocks().size();
    for (int i = 0; i < count; i++) {
      Block block = subject.blocks().get(i);
      boolean fresh = count - i <= subject.freshBlocks();
      switch (fresh ? WeightOrigin.FRESH : subject.origin()) {
        case PRETRAINED -> {
          double scale = Math.max(LEAST_RATE_SCALE, Math.pow(RATE_PER_BLOCK, count - i));
          List<String> tensors = tensors(block, trained(subject.parameters()), seen);
          add(groups, block.name(), tensors, scale, 0, STARTING_POINT_DECAY);
        }
        case FRESH -> {
          Predicate<WeightTensor> which = trained(subject.parameters());
          List<String> kernels = tensors(block, which.and(WeightTensor::isKernel), seen);
          add(groups, block.name(), kernels, 1, KERNEL_DECAY, 0);
          List<String> others = tensors(block, which, seen);
          add(groups, block.name() + ", norms and biases", others, 1, 0, 0);
        }
      }
    }
    List<String> head = HeadModel.tensorNames(subject.headLayers());
    add(groups, "head", head, 1, HEAD_DECAY, 0);
    return groups;
  }

  /** Batch norms of a network that knows nothing have no statistics worth keeping. */
  static NormStatistics statistics(WeightOrigin origin) {
    return switch (origin) {
      case PRETRAINED -> NormStatistics.FROZEN;
      case FRESH -> NormStatistics.BATCH;
    };
  }

  private static Predicate<WeightTensor> trained(TrainedParameters parameters) {
    return switch (parameters) {
      case ALL -> weight -> true;
      case NORMS_AND_BIASES ->
          weight -> !weight.isKernel() && weight.role() != WeightTensor.Role.EMBEDDING;
    };
  }

  private static List<String> tensors(
      Block block, Predicate<WeightTensor> which, Set<String> seen) {
    return block.layers().stream()
        .flatMap(layer -> layer.tensors().stream())
        .filter(which)
        .map(WeightTensor::name)
        .filter(seen::add)
        .toList();
  }

  private static void add(
      List<ParameterGroup> groups,
      String name,
      List<String> tensors,
      double rateScale,
      double weightDecay,
      double startingPointDecay) {
    if (!tensors.isEmpty()) {
      groups.add(new ParameterGroup(name, tensors, rateScale, weightDecay, startingPointDecay));
    }
  }
}
