package dev.graft.runtime.trust;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What lies in a folder, however deep, by its path with slashes. Links are not followed.
 *
 * @param root the folder
 * @param entries all but folders
 */
record FolderScan(Path root, SortedMap<String, Entry> entries) {
  /** No bundle has as many. */
  static final int MOST_ENTRIES = 20_000;

  private static final int MOST_LEVELS = 16;
  private static final int CHUNK_BYTES = 1 << 16;
  private static final Pattern BLOB = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

  /** Something in the folder. */
  record Entry(Path file, Kind kind, long size) {}

  enum Kind {
    FILE,
    LINK,
    OTHER
  }

  static FolderScan of(Path folder) throws IOException {
    // The folder itself may be reached by a link; nothing inside it may.
    Path root = folder.toRealPath();
    SortedMap<String, Entry> entries = new TreeMap<>();
    Files.walkFileTree(
        root,
        EnumSet.noneOf(java.nio.file.FileVisitOption.class),
        MOST_LEVELS,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (entries.size() == MOST_ENTRIES) {
              throw new IOException(folder + " holds more than " + MOST_ENTRIES + " files");
            }
            String path = root.relativize(file).toString();
            String separator = root.getFileSystem().getSeparator();
            entries.put(
                separator.equals("/") ? path : path.replace(separator, "/"),
                entry(root, file, attributes));
            return FileVisitResult.CONTINUE;
          }
        });
    return new FolderScan(root, entries);
  }

  private static Entry entry(Path root, Path file, BasicFileAttributes attributes)
      throws IOException {
    if (attributes.isSymbolicLink()) {
      return isCachedBlob(root, file)
          ? new Entry(file.toRealPath(), Kind.FILE, Files.size(file))
          : new Entry(file, Kind.LINK, 0);
    }
    return new Entry(file, attributes.isRegularFile() ? Kind.FILE : Kind.OTHER, attributes.size());
  }

  /**
   * Whether a link is one of those that the shared cache of model hubs consists of: {@code
   * models--org--name/snapshots/COMMIT/FILE} leads to {@code models--org--name/blobs/DIGEST}.
   */
  private static boolean isCachedBlob(Path root, Path link) throws IOException {
    Path snapshots = root.getParent();
    Path repository = snapshots == null ? null : snapshots.getParent();
    if (snapshots == null || repository == null || !snapshots.endsWith("snapshots")) {
      return false;
    }
    Path target;
    try {
      target = link.toRealPath();
    } catch (IOException leadsNowhere) {
      return false;
    }
    return repository.resolve("blobs").equals(target.getParent())
        && BLOB.matcher(String.valueOf(target.getFileName())).matches()
        && Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS);
  }

  /** The SHA-256 of a regular file, in hexadecimal digits; reads it in bounded memory. */
  static String sha256(Path file) throws IOException {
    MessageDigest digest = digest();
    try (InputStream content =
        Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      byte[] chunk = new byte[CHUNK_BYTES];
      for (int count = content.read(chunk); count >= 0; count = content.read(chunk)) {
        digest.update(chunk, 0, count);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
