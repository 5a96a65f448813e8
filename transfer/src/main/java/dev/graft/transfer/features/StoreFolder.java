package dev.graft.transfer.features;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder of one store: a manifest, which says the format's version and the rows' width and
 * whose time of modification is the time of last use, and segments.
 *
 * <p>A folder is only ever deleted if it holds nothing but these, and file by file: whatever else
 * somebody keeps in it stops the deletion.
 */
final class StoreFolder {

  static final String MANIFEST = "manifest";
  static final int FORMAT_VERSION = 1;
  private static final int MOST_MANIFEST_BYTES = 4096;

  /** Names of folders that are being filled or deleted; no store can have such a name. */
  private static final String FILLING = ".filling-";

  private static final String DISCARDED = ".discarded-";
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}");

  private final Path path;

  private StoreFolder(Path path) {
    this.path = path;
  }

  Path path() {
    return path;
  }

  static void requireKey(String key) {
    if (!KEY.matcher(key).matches()) {
      throw new IllegalArgumentException(
          "the key of a feature store names a folder: expected up to 200 of A-Z a-z 0-9 . _ - and"
              + " no dot at the start, got \""
              + key
              + "\"");
    }
  }

  /**
   * Opens the folder of a store or creates it; one of another format or width is replaced by an
   * empty one.
   */
  static StoreFolder open(Path parent, String key, int width) throws IOException {
    Path path = parent.resolve(key);
    byte[] manifest = manifest(width);
    Files.createDirectories(parent);
    for (int attempt = 0; attempt < 3; attempt++) {
      if (Files.isDirectory(path)) {
        if (Arrays.equals(manifest, readManifest(path))) {
          touch(path);
          return new StoreFolder(path);
        }
        discard(path);
      }
      create(path, manifest);
    }
    throw new IOException("other processes keep replacing " + path);
  }

  private static byte[] manifest(int width) {
    String text =
        "graft feature store\nformat " + FORMAT_VERSION + "\nwidth " + width + "\nfloat32\n";
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] readManifest(Path store) throws IOException {
    Path file = store.resolve(MANIFEST);
    boolean readable =
        Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
            && Files.size(file) <= MOST_MANIFEST_BYTES;
    return readable ? Files.readAllBytes(file) : new byte[0];
  }

  /** The folder appears together with its manifest, so none without one is ever in use. */
  private static void create(Path path, byte[] manifest) throws IOException {
    Path filling = path.resolveSibling(FILLING + UUID.randomUUID());
    Files.createDirectory(filling);
    Files.write(filling.resolve(MANIFEST), manifest);
    try {
      Files.move(filling, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw e;
    } catch (FileSystemException e) {
      // Another process was faster; the caller looks at what it made.
      deleteParts(filling);
      boolean lostRace =
          e instanceof FileAlreadyExistsException
              || e instanceof DirectoryNotEmptyException
              || Files.isDirectory(path);
      if (!lostRace) {
        throw e;
      }
    }
  }

  private static void touch(Path store) {
    try {
      Files.setLastModifiedTime(store.resolve(MANIFEST), FileTime.from(Instant.now()));
    } catch (IOException e) {
      // A store that may only be read serves all the same; it merely looks unused.
    }
  }

  /** Takes a store away as a whole, then deletes its files. */
  private static void discard(Path store) throws IOException {
    if (!holdsOnlyParts(store)) {
      throw new IOException(
          store + " holds files that are not of a feature store; choose another folder");
    }
    Path discarded = store.resolveSibling(DISCARDED + UUID.randomUUID());
    Files.move(store, discarded, StandardCopyOption.ATOMIC_MOVE);
    deleteParts(discarded);
  }

  private static boolean holdsOnlyParts(Path store) throws IOException {
    try (Stream<Path> files = Files.list(store)) {
      return files.allMatch(StoreFolder::isPart);
    }
  }

  private static boolean isPart(Path file) {
    boolean named =
        MANIFEST.equals(String.valueOf(file.getFileName())) || SegmentName.matches(file);
    return named && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }

  private static void deleteParts(Path store) throws IOException {
    try (Stream<Path> files = Files.list(store)) {
      for (Path file : files.filter(StoreFolder::isPart).toList()) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(store);
  }

  /** A store as eviction sees it. */
  record Usage(Path store, long bytes, Instant lastUsed) {}

  /** The stores within a folder. */
  static List<Usage> usages(Path parent) throws IOException {
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(parent)) {
      return children.filter(StoreFolder::isStore).map(StoreFolder::usage).toList();
    }
  }

  private static boolean isStore(Path store) {
    return KEY.matcher(String.valueOf(store.getFileName())).matches()
        && Files.isRegularFile(store.resolve(MANIFEST), LinkOption.NOFOLLOW_LINKS);
  }

  private static Usage usage(Path store) {
    long bytes = 0;
    Instant lastUsed = Instant.MAX;
    try (Stream<Path> files = Files.list(store)) {
      for (Path file : files.filter(StoreFolder::isPart).toList()) {
        bytes += Files.size(file);
      }
      lastUsed = Files.getLastModifiedTime(store.resolve(MANIFEST)).toInstant();
    } catch (IOException e) {
      // It is being deleted at this moment or may not be read: then it is not ours to delete.
      return new Usage(store, bytes, Instant.MAX);
    }
    return new Usage(store, bytes, lastUsed);
  }

  /** Deletes what processes that were killed while creating or deleting a store have left. */
  private static void deleteLeftovers(Path parent, Instant spareAfter) throws IOException {
    try (Stream<Path> children = Files.list(parent)) {
      for (Path child : children.filter(StoreFolder::isLeftover).toList()) {
        if (Files.getLastModifiedTime(child).toInstant().isBefore(spareAfter)) {
          deleteParts(child);
        }
      }
    }
  }

  private static boolean isLeftover(Path child) {
    String name = String.valueOf(child.getFileName());
    return (name.startsWith(FILLING) || name.startsWith(DISCARDED))
        && Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Deletes stores, the least recently used first, until the rest is within the limit. Stores used
   * after an instant are spared, because a run may be using them now.
   */
  static void evict(Path parent, long limitBytes, Instant spareAfter) throws IOException {
    deleteLeftovers(parent, spareAfter);
    List<Usage> usages = usages(parent);
    long total = usages.stream().mapToLong(Usage::bytes).sum();
    List<Usage> oldestFirst =
        usages.stream()
            .filter(usage -> usage.lastUsed().isBefore(spareAfter))
            .sorted((one, other) -> one.lastUsed().compareTo(other.lastUsed()))
            .toList();
    for (Usage usage : oldestFirst) {
      if (total <= limitBytes) {
        return;
      }
      discard(usage.store());
      total -= usage.bytes();
    }
  }
}
