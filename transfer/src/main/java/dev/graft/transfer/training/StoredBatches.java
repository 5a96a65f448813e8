package dev.graft.transfer.training;

import dev.graft.engine.FloatTensor;

/** Batches of activations at the freeze boundary, read from the store. */
final class StoredBatches implements BatchSource {
  private final FrozenPrefix prefix;
  private final ExampleTable train;
  private final int views;
  private final long[] rowShape;

  /**
   * Creates the source.
   *
   * @param views stored views of each training example; an epoch sees one of them
   * @param rowShape shape of one row
   */
  StoredBatches(FrozenPrefix prefix, ExampleTable train, int views, long[] rowShape) {
    this.prefix = prefix;
    this.train = train;
    this.views = views;
    this.rowShape = rowShape.clone();
  }

  @Override
  public int trainingExamples() {
    return train.size();
  }

  @Override
  public int[] trainingLabels() {
    return train.labels();
  }

  @Override
  public Batches epoch(int[] order, int epoch, int batchSize, int firstStep) {
    Activations activations = prefix.of(train);
    return batches(
        firstStep * batchSize,
        order.length,
        batchSize,
        (position, out) -> {
          int row = order[position];
          // Each epoch takes the next view of an example, beginning at another one for each.
          activations.read(row, (epoch + row) % views, out);
        },
        activations.width());
  }

  @Override
  public Batches plain(EvaluationSet set, int batchSize) {
    Activations activations = prefix.of(set.table());
    return batches(
        0,
        set.rows().size(),
        batchSize,
        (position, out) -> activations.read(set.rows().get(position), 0, out),
        activations.width());
  }

  private interface RowReader {
    void read(int position, float[] out);
  }

  private Batches batches(int first, int end, int batchSize, RowReader reader, int width) {
    return new Batches() {
      private int position = first;

      @Override
      public FloatTensor next() {
        int rows = Math.max(0, Math.min(batchSize, end - position));
        float[] values = new float[rows * width];
        float[] row = new float[width];
        for (int i = 0; i < rows; i++) {
          reader.read(position + i, row);
          System.arraycopy(row, 0, values, i * width, width);
        }
        position += rows;
        return new FloatTensor(values, withRows(rows));
      }

      @Override
      public void close() {}
    };
  }

  private long[] withRows(int rows) {
    long[] shape = new long[rowShape.length + 1];
    shape[0] = rows;
    System.arraycopy(rowShape, 0, shape, 1, rowShape.length);
    return shape;
  }
}
