package dev.graft.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the bytes of an example are: a file of its own, an entry of a zip archive that is never
 * unpacked, a segment of a recording in one of these, or a row of a table of texts.
 *
 * <p>Sources are immutable and may be read by many threads at once.
 */
public sealed interface ExampleSource {

  /** The largest example that {@link #read()} accepts: 256 MiB. */
  long MAXIMUM_BYTES = 256L << 20;

  /**
   * The whole content.
   *
   * @throws DataException where the content is missing, unreadable, larger than {@link
   *     #MAXIMUM_BYTES}, or not as large as announced
   */
  byte[] read();

  /** The name to use in messages: the path of the file, or of the archive and the entry in it. */
  String name();

  /** The part of the file that the example is, where it is not the whole. */
  default Optional<Segment> segment() {
    return Optional.empty();
  }

  /**
   * What tells the example's content from others: the SHA-256 of the file's bytes, as 64 lower-case
   * hexadecimal digits; of a segment, that of the file's digits, a blank and the segment.
   */
  default String contentHash() {
    return hash(read());
  }

  /**
   * The SHA-256 of bytes already read, as 64 lower-case hexadecimal digits; equal to {@link
   * #contentHash()} of the file they are from.
   */
  static String hash(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }

  /**
   * A file of its own.
   *
   * @param file the file, as found
   */
  record FileSource(Path file) implements ExampleSource {
    public FileSource {
      Objects.requireNonNull(file, "file");
    }

    @Override
    public byte[] read() {
      try {
        if (!Files.isRegularFile(file)) {
          throw new DataException(
              Files.exists(file)
                  ? "Cannot read " + file + ": it is not a regular file."
                  : "Cannot read "
                      + file
                      + ": there is no such file. It may have been moved since the data set was read.");
        }
        long size = Files.size(file);
        Limits.requireReadable(name(), size);
        try (InputStream in = Files.newInputStream(file)) {
          return Limits.readAnnounced(in, size, name());
        }
      } catch (IOException e) {
        throw new DataException("Cannot read " + file + ": " + Limits.reason(e) + ".", e);
      }
    }

    @Override
    public String name() {
      return file.toString();
    }
  }

  /**
   * An entry of a zip archive. The archive stays open, shared by all sources found in it, until
   * none of them is in use.
   */
  final class ZipSource implements ExampleSource {
    private final ZipArchive archive;
    private final String entry;

    ZipSource(ZipArchive archive, String entry) {
      this.archive = archive;
      this.entry = entry;
    }

    /**
     * The source of one entry.
     *
     * @throws DataException where the archive cannot be opened
     */
    public static ZipSource of(Path archive, String entry) {
      return new ZipSource(ZipArchive.open(archive), entry);
    }

    /** The zip file. */
    public Path archive() {
      return archive.path();
    }

    /** The path of the entry inside the archive. */
    public String entry() {
      return entry;
    }

    @Override
    public byte[] read() {
      return archive.read(entry);
    }

    @Override
    public String name() {
      return archive.path() + "/" + entry;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof ZipSource that
          && entry.equals(that.entry)
          && archive.path().equals(that.archive.path());
    }

    @Override
    public int hashCode() {
      return Objects.hash(archive.path(), entry);
    }

    @Override
    public String toString() {
      return "ZipSource[" + name() + "]";
    }
  }

  /**
   * A segment of a recording. Segments of one file that are made from each other hash the file
   * once.
   */
  final class SegmentSource implements ExampleSource {
    private final HashedFile file;
    private final Segment segment;

    private SegmentSource(HashedFile file, Segment segment) {
      this.file = file;
      this.segment = segment;
    }

    /** A segment of a file. */
    public static SegmentSource of(ExampleSource file, Segment segment) {
      if (file instanceof SegmentSource) {
        throw new IllegalArgumentException("file: expected a whole file, found " + file);
      }
      return new SegmentSource(new HashedFile(file), segment);
    }

    /** Another segment of the same file. */
    public SegmentSource other(Segment wanted) {
      return new SegmentSource(file, wanted);
    }

    /** The whole file. */
    public ExampleSource file() {
      return file.source;
    }

    @Override
    public Optional<Segment> segment() {
      return Optional.of(segment);
    }

    /** The content of the whole file. */
    @Override
    public byte[] read() {
      return file.source.read();
    }

    @Override
    public String name() {
      return file.source.name() + "#" + segment;
    }

    @Override
    public String contentHash() {
      return hash((file.hash() + " " + segment).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof SegmentSource that
          && segment.equals(that.segment)
          && file.source.equals(that.file.source);
    }

    @Override
    public int hashCode() {
      return Objects.hash(file.source, segment);
    }

    @Override
    public String toString() {
      return "SegmentSource[" + name() + "]";
    }

    private static final class HashedFile {
      private final ExampleSource source;
      private @Nullable String hash;

      private HashedFile(ExampleSource source) {
        this.source = source;
      }

      private synchronized String hash() {
        String known = hash;
        if (known == null) {
          known = source.contentHash();
          hash = known;
        }
        return known;
      }
    }
  }

  /** A text in a row of a table. */
  final class RowSource implements ExampleSource {
    private final RowTexts texts;
    private final int index;
    private final long row;

    RowSource(RowTexts texts, int index, long row) {
      this.texts = texts;
      this.index = index;
      this.row = row;
    }

    /** The path of the table, of one in an archive that of the archive and the entry in it. */
    public String table() {
      return texts.table();
    }

    /** The number of the row as a spreadsheet counts: from 1, the header included. */
    public long row() {
      return row;
    }

    /** The text as UTF-8, whatever the table's encoding. */
    @Override
    public byte[] read() {
      return texts.read(index, row);
    }

    /** The table and the row, as in {@code tickets.csv, row 17}. */
    @Override
    public String name() {
      return table() + ", row " + row;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof RowSource that && row == that.row && table().equals(that.table());
    }

    @Override
    public int hashCode() {
      return Objects.hash(table(), row);
    }

    @Override
    public String toString() {
      return "RowSource[" + name() + "]";
    }
  }

  /**
   * A text of another encoding than UTF-8, which reads as UTF-8.
   *
   * @param file the file
   * @param charset its encoding
   */
  record TranscodedSource(ExampleSource file, Charset charset) implements ExampleSource {
    public TranscodedSource {
      Objects.requireNonNull(file, "file");
      Objects.requireNonNull(charset, "charset");
    }

    /**
     * @throws DataException also where the file is not of that encoding
     */
    @Override
    public byte[] read() {
      return TextDecoder.encode(TextDecoder.decode(file.read(), charset, name()));
    }

    @Override
    public String name() {
      return file.name();
    }
  }
}
