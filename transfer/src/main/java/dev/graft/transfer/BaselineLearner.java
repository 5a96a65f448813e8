package dev.graft.transfer;

import dev.graft.transfer.evidence.Baseline.Contender;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.Validated;
import java.util.List;
import java.util.Optional;

/** Something that learns the classes of a run in another way than its model. For one thread. */
interface BaselineLearner extends AutoCloseable {
  /** How it is called. */
  Contender contender();

  /** Prepares examples; whether all of them can still be read. */
  boolean prepare(List<ExampleTable> tables);

  /**
   * Learns from some examples and predicts others.
   *
   * @param groups which of the training examples stay on one side of every split
   * @param choosing examples by which its strength is chosen; empty for folds
   * @return [judged, classes] probabilities, row-major
   */
  float[] predict(
      ExampleTable train, int[] groups, Optional<ExampleTable> choosing, ExampleTable judged);

  /** Predicts each example by what learned from the others. */
  Validated outOfFold(ExampleTable train, int[] groups);

  @Override
  void close();
}
