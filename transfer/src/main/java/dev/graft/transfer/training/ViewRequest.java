package dev.graft.transfer.training;

import dev.graft.data.DataException;
import dev.graft.data.LeftOut;
import java.util.Optional;

/** One view of one example, asked for. */
record ViewRequest(ExampleTable table, int row, int view) {
  /** What it shares with others of its batch; of what cannot be decoded, nothing with any. */
  int batchKey(ExampleViews views) {
    try {
      return views.batchKey(table.examples().get(row), table.contentHashes().get(row));
    } catch (DataException unreadable) {
      // It is named when its turn comes.
      return -1;
    }
  }

  /**
   * Decodes and prepares it: [channels, height, width] from the offset on.
   *
   * @return why it could not be decoded, if it could not
   */
  Optional<LeftOut> write(ExampleViews views, float[] out, int offset) {
    try {
      views.write(
          table.examples().get(row),
          table.contentHashes().get(row),
          view,
          table.decoding(),
          out,
          offset);
      return Optional.empty();
    } catch (DataException unreadable) {
      String id = table.examples().get(row).id();
      return Optional.of(new LeftOut(id, String.valueOf(unreadable.getMessage())));
    }
  }
}
