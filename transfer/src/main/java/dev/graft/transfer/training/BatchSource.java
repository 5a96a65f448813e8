package dev.graft.transfer.training;

import dev.graft.engine.FloatTensor;
import java.util.List;

/** Where a training loop gets its inputs from: stored activations, or images decoded as it runs. */
public interface BatchSource {
  /** The number of training examples. */
  int trainingExamples();

  /** Classes of the training examples. */
  int[] trainingLabels();

  /**
   * An epoch's order as it suits these inputs: what is best computed together stands together.
   *
   * @param order rows of the training examples
   * @return the same rows; equal for equal orders
   */
  default int[] arranged(int[] order, int batchSize) {
    return order;
  }

  /**
   * The batches of an epoch from a step on, in the given order; the caller closes it.
   *
   * @param order rows of the training examples
   */
  Batches epoch(int[] order, int epoch, int batchSize, int firstStep);

  /** The plain views of examples that do not train, in batches in their order. */
  Batches plain(EvaluationSet set, int batchSize);

  /** Inputs in batches; {@code null}-free, ends with an empty batch of no rows. */
  interface Batches extends AutoCloseable {
    /** The next batch, with as many rows as there are left up to the batch size. */
    FloatTensor next();

    @Override
    void close();
  }

  /**
   * Examples to be predicted.
   *
   * @param labels their classes
   * @param table where their images are; rows as numbered in {@code rows}
   * @param rows numbers of the rows in the table
   */
  record EvaluationSet(ExampleTable table, List<Integer> rows, int[] labels) {
    /** Nothing is held out. */
    static final EvaluationSet NONE =
        of(new ExampleTable(List.of(), new int[0], List.of(), ExampleTable.Decoding.FULL));

    /** All examples of a table. */
    public static EvaluationSet of(ExampleTable table) {
      List<Integer> rows = new java.util.ArrayList<>();
      for (int i = 0; i < table.size(); i++) {
        rows.add(i);
      }
      return new EvaluationSet(table, rows, table.labels());
    }
  }
}
