package dev.graft.data;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the rows of a table once, holding one at a time. Blank rows are passed over. Not
 * thread-safe.
 */
abstract class TableScanner implements Closeable {
  /** The longest cell that is kept: 16 MiB. */
  static final int LONGEST_CELL = 16 << 20;

  /**
   * Where a cell can be read again.
   *
   * @param offset its first byte in the file
   * @param length in bytes
   */
  record Span(long offset, int length) {}

  /** The names of the columns, in lower case without surrounding blanks. */
  abstract List<String> header();

  /** Goes to the next row; false after the last. */
  abstract boolean next() throws IOException;

  /** The number of the row as a spreadsheet counts: from 1, the header included. */
  abstract long row();

  /** The line of the file that a cell begins in, from 1. */
  abstract long lineOf(int column);

  /** Why the row as a whole cannot be used, as the second half of a sentence. */
  abstract Optional<String> problem();

  /**
   * A cell as UTF-8; null where the row has none in that column.
   *
   * @throws UndecodableException where its bytes are none of the table's encoding
   */
  abstract byte @Nullable [] cell(int column) throws UndecodableException;

  /** Whether a cell was longer than {@link #LONGEST_CELL}, so that its content was not kept. */
  abstract boolean isTooLong(int column);

  /** The lines that end in a cell before a place of it. */
  abstract int lineEndsBefore(int column, int place);

  /** Where a cell can be read again by a {@link CellFormat}. */
  abstract Span span(int column);
}
