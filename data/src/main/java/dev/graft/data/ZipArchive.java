package dev.graft.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A zip archive that is read in place.
 *
 * <p>The open file belongs to this object; when no source refers to it any more, the JDK's own
 * cleaner of {@link ZipFile} closes it. An explicit life cycle would make every data set a resource
 * to close, for one file handle.
 */
final class ZipArchive {
  /**
   * The deflate format cannot shrink anything further than this (RFC 1951: 258 bytes in 2 bits);
   * more is a forged size.
   */
  private static final long MAXIMUM_RATIO = 1040;

  /** Above this the list of names alone would fill the memory. */
  private static final int MAXIMUM_ENTRIES = 5_000_000;

  private final Path path;
  private final ZipFile zip;

  private ZipArchive(Path path, ZipFile zip) {
    this.path = path;
    this.zip = zip;
  }

  static ZipArchive open(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new DataException("Cannot open the archive " + path + ": there is no such file.");
    }
    try {
      return new ZipArchive(path, openWithNames(path));
    } catch (IOException e) {
      throw new DataException(
          "Cannot open the archive "
              + path
              + ": "
              + Limits.reason(e)
              + ". Expected a complete zip file without encryption; copy or pack it again.",
          e);
    }
  }

  /** Archives made by old Windows tools have names in code page 437 that are no UTF-8. */
  private static ZipFile openWithNames(Path path) throws IOException {
    try {
      return new ZipFile(path.toFile(), StandardCharsets.UTF_8);
    } catch (ZipException | IllegalArgumentException e) {
      Charset old =
          Charset.isSupported("IBM437") ? Charset.forName("IBM437") : StandardCharsets.ISO_8859_1;
      return new ZipFile(path.toFile(), old);
    }
  }

  Path path() {
    return path;
  }

  List<? extends ZipEntry> entries() {
    if (zip.size() > MAXIMUM_ENTRIES) {
      throw new DataException(
          "Cannot read the archive "
              + path
              + ": it lists "
              + zip.size()
              + " entries, the limit is "
              + MAXIMUM_ENTRIES
              + ". Split it.");
    }
    return new ArrayList<>(Collections.list(zip.entries()));
  }

  byte[] read(String name) {
    String shown = path + "/" + name;
    ZipEntry entry = zip.getEntry(name);
    if (entry == null || entry.isDirectory()) {
      throw new DataException("Cannot read " + shown + ": the archive has no such entry.");
    }
    long size = entry.getSize();
    requireHonest(shown, size, entry.getCompressedSize());
    try (InputStream in = zip.getInputStream(entry)) {
      return Limits.readAnnounced(in, size, shown);
    } catch (IOException e) {
      throw new DataException(
          "Cannot read "
              + shown
              + ": "
              + Limits.reason(e)
              + ". The archive is damaged; pack it again.",
          e);
    }
  }

  private static void requireHonest(String name, long size, long compressedSize) {
    if (size < 0 || compressedSize < 0) {
      throw new DataException("Cannot read " + name + ": the archive does not state its size.");
    }
    Limits.requireReadable(name, size);
    if (size > MAXIMUM_RATIO * Math.max(1, compressedSize)) {
      throw new DataException(
          "Cannot read "
              + name
              + ": "
              + compressedSize
              + " packed bytes cannot hold the "
              + size
              + " bytes announced. The archive is damaged or forged.");
    }
  }
}
