package dev.graft.transfer.features;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Appends rows to a segment of its own. Not thread-safe.
 *
 * <p>Streams, not channels: a channel is closed under its users when one of their threads is
 * interrupted.
 */
final class SegmentWriter implements AutoCloseable {

  private final FileOutputStream rows;
  private final FileOutputStream index;
  private int written;

  private SegmentWriter(FileOutputStream rows, FileOutputStream index) {
    this.rows = rows;
    this.index = index;
  }

  /** Creates both files; neither may exist. */
  static SegmentWriter create(SegmentName name) throws IOException {
    FileOutputStream rows = createStream(name.rowsFile());
    try {
      return new SegmentWriter(rows, createStream(name.indexFile()));
    } catch (IOException e) {
      rows.close();
      throw e;
    }
  }

  private static FileOutputStream createStream(Path file) throws IOException {
    Files.createFile(file);
    return new FileOutputStream(file.toFile(), true);
  }

  /**
   * Writes the rows and then, so that an index entry always has its row, their entries. After an
   * exception the writer is of no further use: rows and entries may be out of step.
   *
   * @return the number of the first row written
   */
  int append(List<PendingRow> pending) throws IOException {
    ByteBuffer rowBytes =
        ByteBuffer.allocate(pending.stream().mapToInt(row -> row.row().length).sum());
    byte[] entries = new byte[pending.size() * SegmentFormat.ENTRY_BYTES];
    for (int row = 0; row < pending.size(); row++) {
      PendingRow each = pending.get(row);
      rowBytes.put(each.row());
      SegmentFormat.putEntry(
          entries, row * SegmentFormat.ENTRY_BYTES, each.digest(), each.checksum());
    }
    rows.write(rowBytes.array());
    index.write(entries);
    int first = written;
    written += pending.size();
    return first;
  }

  @Override
  public void close() throws IOException {
    try (rows;
        index) {
      rows.flush();
    }
  }
}
