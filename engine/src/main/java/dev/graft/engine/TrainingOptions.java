package dev.graft.engine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How a network is trained.
 *
 * @param precision number format of the forward and backward pass; master weights are fp32 always
 * @param optimizer the optimizer and its constants
 * @param groups the weights that train; all others stay as they are
 * @param objective what training makes small
 * @param gradientNorm the norm to which longer gradients are cut; 0 for no cut; L-BFGS never cuts,
 *     its line search bounds the step
 * @param normStatistics which statistics batch norms use
 * @param passes how a batch passes through the network
 */
public record TrainingOptions(
    Precision precision,
    OptimizerSettings optimizer,
    List<ParameterGroup> groups,
    Objective objective,
    double gradientNorm,
    NormStatistics normStatistics,
    BatchPasses passes) {
  /** Batches pass as is fastest. */
  public TrainingOptions(
      Precision precision,
      OptimizerSettings optimizer,
      List<ParameterGroup> groups,
      Objective objective,
      double gradientNorm,
      NormStatistics normStatistics) {
    this(
        precision, optimizer, groups, objective, gradientNorm, normStatistics, BatchPasses.FASTEST);
  }

  /** Copies the groups and checks that each weight is in one only. */
  public TrainingOptions {
    groups = List.copyOf(groups);
    Set<String> seen = new HashSet<>();
    for (ParameterGroup group : groups) {
      for (String tensor : group.tensors()) {
        if (!seen.add(tensor)) {
          throw new IllegalArgumentException("weight " + tensor + " is in two parameter groups");
        }
      }
    }
    if (seen.isEmpty()) {
      throw new IllegalArgumentException("no weight to train: the parameter groups are empty");
    }
    if (gradientNorm < 0) {
      throw new IllegalArgumentException(
          "gradient norm must not be below 0 but is " + gradientNorm);
    }
  }

  /** The same with another way of a batch through the network. */
  public TrainingOptions withPasses(BatchPasses other) {
    return new TrainingOptions(
        precision, optimizer, groups, objective, gradientNorm, normStatistics, other);
  }

  /** Names of all weights that train, group by group. */
  public List<String> trainableTensors() {
    List<String> names = new ArrayList<>();
    groups.forEach(group -> names.addAll(group.tensors()));
    return names;
  }
}
