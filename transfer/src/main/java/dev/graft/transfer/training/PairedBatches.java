package dev.graft.transfer.training;

import java.util.Arrays;

/**
 * Batches in which examples stand beside others of their class, so that each has pairs of both
 * kinds to learn from.
 */
final class PairedBatches implements BatchSource {
  private static final int NONE = -1;

  private final BatchSource source;

  /** The batches of a source in another order. */
  PairedBatches(BatchSource source) {
    this.source = source;
  }

  @Override
  public int trainingExamples() {
    return source.trainingExamples();
  }

  @Override
  public int[] trainingLabels() {
    return source.trainingLabels();
  }

  /**
   * Each row waits for the next one of its class, and both are placed together; rows that find none
   * come last.
   */
  @Override
  public int[] arranged(int[] order, int batchSize) {
    int[] labels = source.trainingLabels();
    int[] waiting = new int[Arrays.stream(labels).max().orElse(0) + 1];
    Arrays.fill(waiting, NONE);
    int[] arranged = new int[order.length];
    int at = 0;
    for (int row : order) {
      int label = labels[row];
      if (waiting[label] == NONE) {
        waiting[label] = row;
      } else {
        arranged[at++] = waiting[label];
        arranged[at++] = row;
        waiting[label] = NONE;
      }
    }
    for (int row : order) {
      if (waiting[labels[row]] == row) {
        arranged[at++] = row;
      }
    }
    return arranged;
  }

  @Override
  public Batches epoch(int[] order, int epoch, int batchSize, int firstStep) {
    return source.epoch(order, epoch, batchSize, firstStep);
  }

  @Override
  public Batches plain(EvaluationSet set, int batchSize) {
    return source.plain(set, batchSize);
  }
}
