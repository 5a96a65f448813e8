package dev.graft.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/**
 * Where the bytes of an example are: a file of its own, or an entry of a zip archive that is never
 * unpacked.
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

  /** The SHA-256 of the content, as 64 lower-case hexadecimal digits. */
  default String contentHash() {
    return hash(read());
  }

  /**
   * The SHA-256 of bytes already read, as 64 lower-case hexadecimal digits; equal to {@link
   * #contentHash()} of their source.
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
}
