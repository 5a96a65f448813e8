package dev.graft.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/**
 * The texts of a table, each known by its number among them. Filled by one thread, then read by
 * many at once.
 */
abstract sealed class RowTexts {
  private final String table;

  private RowTexts(String table) {
    this.table = table;
  }

  /** The table, for messages. */
  final String table() {
    return table;
  }

  /**
   * Takes a text and gives its number.
   *
   * @param utf8 its bytes
   * @param span where it stands in the table
   */
  abstract int add(byte[] utf8, TableScanner.Span span);

  /** The UTF-8 of a text; the row is for messages. */
  abstract byte[] read(int index, long row);

  /** Texts that are kept in memory. */
  static final class InMemory extends RowTexts {
    private final List<byte[]> texts = new ArrayList<>();

    InMemory(String table) {
      super(table);
    }

    @Override
    int add(byte[] utf8, TableScanner.Span span) {
      texts.add(utf8);
      return texts.size() - 1;
    }

    @Override
    byte[] read(int index, long row) {
      return texts.get(index).clone();
    }
  }

  /** Texts that are read again from the file each time, of which only the places are kept. */
  static final class OnDisk extends RowTexts {
    private final Path file;
    private final CellFormat format;
    private long[] offsets = new long[1 << 10];
    private int[] lengths = new int[1 << 10];

    /** A file that has changed meanwhile must not pass for what was read. */
    private int[] checksums = new int[1 << 10];

    private int size;

    OnDisk(Path file, CellFormat format) {
      super(file.toString());
      this.file = file;
      this.format = format;
    }

    @Override
    int add(byte[] utf8, TableScanner.Span span) {
      if (size == offsets.length) {
        offsets = Arrays.copyOf(offsets, 2 * size);
        lengths = Arrays.copyOf(lengths, 2 * size);
        checksums = Arrays.copyOf(checksums, 2 * size);
      }
      offsets[size] = span.offset();
      lengths[size] = span.length();
      checksums[size] = checksum(utf8);
      return size++;
    }

    @Override
    byte[] read(int index, long row) {
      try {
        byte[] content = format.content(span(index));
        if (checksum(content) == checksums[index]) {
          return content;
        }
      } catch (UndecodableException changed) {
        throw changed(row);
      } catch (IOException e) {
        if (Files.isReadable(file)) {
          throw changed(row);
        }
        throw new DataException(
            "Cannot read " + table() + ", row " + row + ": " + Limits.reason(e) + ".", e);
      }
      throw changed(row);
    }

    private byte[] span(int index) throws IOException {
      ByteBuffer span = ByteBuffer.allocate(lengths[index]);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        while (span.hasRemaining()) {
          if (channel.read(span, offsets[index] + span.position()) < 0) {
            throw new IOException("the file ends before");
          }
        }
      }
      return span.array();
    }

    private DataException changed(long row) {
      return new DataException(
          "Cannot read "
              + table()
              + ", row "
              + row
              + ": another text stands there than when the data set was read. The file was changed; read the data set"
              + " again.");
    }

    private static int checksum(byte[] content) {
      CRC32 checksum = new CRC32();
      checksum.update(content);
      return (int) checksum.getValue();
    }
  }
}
