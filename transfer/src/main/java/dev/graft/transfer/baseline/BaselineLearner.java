package dev.graft.transfer.baseline;

import dev.graft.data.LeftOut;
import dev.graft.transfer.evidence.Baseline.Contender;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.Validated;
import java.util.List;
import java.util.Optional;

/** Something that learns the classes of a task in another way than its model. For one thread. */
public interface BaselineLearner extends AutoCloseable {
  /** How it is called. */
  Contender contender();

  /**
   * Prepares examples, which comes before everything else.
   *
   * @return those that cannot be read, with the reason; none of them can be learned or predicted
   */
  List<LeftOut> prepare(List<ExampleTable> tables);

  /**
   * Learns from some examples and predicts others.
   *
   * @param groups which of the training examples stay on one side of every split
   * @param choosing examples by which its strength is chosen; empty for folds
   * @return [judged, classes] probabilities, row-major
   */
  float[] predict(
      ExampleTable train, int[] groups, Optional<ExampleTable> choosing, ExampleTable judged);

  /**
   * Predicts examples by what learned from the others, on the splits that heads are judged by
   * ({@link dev.graft.transfer.training.HeadSplits}).
   *
   * @param groups which of them stay on one side of every split
   */
  Validated heldOut(ExampleTable train, int[] groups);

  @Override
  void close();
}
