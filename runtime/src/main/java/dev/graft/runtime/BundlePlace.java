package dev.graft.runtime;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The place of a bundle while it is written: a hidden folder beside it, which becomes the bundle by
 * a rename, so that the bundle appears whole or not at all.
 *
 * <p>Beside a bundle {@code photos} lie during a write, with 16 random hexadecimal digits for ID:
 *
 * <pre>
 * .photos.saving-ID     a file that the writing process keeps locked
 * .photos.partial-ID    the new bundle
 * .photos.replaced-ID   the bundle of before, from the first rename of a replacement to its end
 * </pre>
 *
 * <p>No system renames a full folder over another one, so that a replacement takes two renames with
 * an instant between them. The lock ends with the process, however it ends; what lies there
 * unlocked is what a killed process has left, and {@link #settle} tidies it: it brings a
 * replacement that was under way to its end and deletes the rest.
 *
 * <p>Several processes and threads may write to one place; the last one to move in wins. An
 * instance is for one thread.
 */
public final class BundlePlace implements AutoCloseable {
  private static final String SAVING = "saving";
  private static final String PARTIAL = "partial";
  private static final String REPLACED = "replaced";
  private static final int ATTEMPTS = 16;

  /**
   * What this process writes. POSIX gives a process's locks on a file up as soon as it closes that
   * file anywhere, so that its own must not be tried.
   */
  private static final Set<String> OWN = ConcurrentHashMap.newKeySet();

  private final Parts parts;
  private final FileChannel lock;

  private BundlePlace(Parts parts, FileChannel lock) {
    this.parts = parts;
    this.lock = lock;
  }

  /** What lies beside a bundle during one write. */
  private record Parts(Path target, String id) {
    Path saving() {
      return beside(SAVING);
    }

    Path partial() {
      return beside(PARTIAL);
    }

    Path replaced() {
      return beside(REPLACED);
    }

    Path folder() {
      return target.resolveSibling("");
    }

    private Path beside(String part) {
      return target.resolveSibling("." + target.getFileName() + "." + part + "-" + id);
    }
  }

  /**
   * Begins a write: settles what others have left, and makes the folder to fill.
   *
   * @param folder where the bundle shall lie; its parent must exist
   */
  public static BundlePlace take(Path folder) throws IOException {
    Path target = folder.toAbsolutePath().normalize();
    settle(target);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      String id = UUID.randomUUID().toString().replace("-", "").substring(0, 16);
      Parts parts = new Parts(target, id);
      Optional<FileChannel> lock = lockNew(parts);
      if (lock.isPresent()) {
        Files.createDirectory(parts.partial());
        return new BundlePlace(parts, lock.get());
      }
    }
    throw new IOException("other processes keep deleting what is made beside " + target);
  }

  /**
   * A new locked file; none if another process has taken it for a leftover before it was locked.
   */
  private static Optional<FileChannel> lockNew(Parts parts) throws IOException {
    OWN.add(parts.id);
    // Where the file system has no locks, nothing is ever taken for a leftover, either.
    FileChannel channel =
        FileChannel.open(parts.saving(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    if (hasLock(channel, true) && Files.exists(parts.saving())) {
      return Optional.of(channel);
    }
    channel.close();
    OWN.remove(parts.id);
    return Optional.empty();
  }

  /** Whether the lock is ours now; the other answer where the file system has no locks. */
  private static boolean hasLock(FileChannel channel, boolean withoutLocks) {
    try {
      return channel.tryLock() != null;
    } catch (IOException noLocksHere) {
      return withoutLocks;
    }
  }

  /** The folder to fill. */
  public Path staging() {
    return parts.partial();
  }

  /**
   * Makes the staging folder the bundle. A folder with something in it that lies there is replaced;
   * should that fail, it is put back.
   */
  public void moveIn() throws IOException {
    forceTree(parts.partial());
    if (isFree(parts.target)) {
      move(parts.partial(), parts.target);
    } else {
      move(parts.target, parts.replaced());
      try {
        move(parts.partial(), parts.target);
      } catch (IOException failure) {
        move(parts.replaced(), parts.target);
        throw failure;
      }
    }
    forceFolder(parts.folder());
  }

  /** Removes what lies beside the bundle. What cannot be removed is left to the next write. */
  @Override
  public void close() {
    try {
      tidy(parts);
      Files.deleteIfExists(parts.saving());
    } catch (IOException inUse) {
      // The bundle itself is in its place or was never moved; this is only disk space.
    } finally {
      closeQuietly(lock);
      OWN.remove(parts.id);
    }
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException closed) {
      // Nothing was written to it.
    }
  }

  /**
   * Settles what killed processes have left beside a bundle: a replacement that was under way is
   * brought to its end, and half-written folders are deleted. What a living process writes stays.
   *
   * @param folder where the bundle lies or shall lie
   */
  public static void settle(Path folder) throws IOException {
    Path target = folder.toAbsolutePath().normalize();
    for (String id : idsBeside(target)) {
      if (!OWN.contains(id)) {
        settle(new Parts(target, id));
      }
    }
  }

  private static void settle(Parts parts) throws IOException {
    // Whoever has the lock tidies; a part without a lock file was left while tidying.
    try (FileChannel channel =
        FileChannel.open(parts.saving(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      if (hasLock(channel, false)) {
        finishReplacement(parts);
        tidy(parts);
        Files.deleteIfExists(parts.saving());
      }
    }
  }

  /** Nothing was moved away before the new bundle was whole, proved and on the disk. */
  private static void finishReplacement(Parts parts) throws IOException {
    if (isThere(parts.replaced()) && isFree(parts.target)) {
      move(isBundle(parts.partial()) ? parts.partial() : parts.replaced(), parts.target);
      forceFolder(parts.folder());
    }
  }

  private static void tidy(Parts parts) throws IOException {
    deleteTree(parts.partial());
    if (isBundle(parts.target)) {
      deleteTree(parts.replaced());
    }
  }

  private static Set<String> idsBeside(Path target) throws IOException {
    Path parent = target.getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      return Set.of();
    }
    String ofTarget = Pattern.quote("." + target.getFileName() + ".");
    Pattern pattern =
        Pattern.compile(
            ofTarget + "(" + SAVING + "|" + PARTIAL + "|" + REPLACED + ")-([0-9a-f]{16})");
    Set<String> ids = new TreeSet<>();
    try (Stream<Path> siblings = Files.list(parent)) {
      for (Path sibling : siblings.toList()) {
        Matcher matcher = pattern.matcher(String.valueOf(sibling.getFileName()));
        if (matcher.matches()) {
          ids.add(matcher.group(2));
        }
      }
    }
    return ids;
  }

  /** The bundle of before that lies beside a place, if a replacement there was cut short. */
  static Optional<Path> replacedBeside(Path folder) {
    Path target = folder.toAbsolutePath().normalize();
    try {
      return idsBeside(target).stream()
          .map(id -> new Parts(target, id).replaced())
          .filter(BundlePlace::isThere)
          .findFirst();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  private static boolean isThere(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  /** Whether nothing lies there; an empty folder counts as nothing and is removed. */
  private static boolean isFree(Path target) throws IOException {
    if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
      try (Stream<Path> entries = Files.list(target)) {
        if (entries.findAny().isPresent()) {
          return false;
        }
      }
      Files.deleteIfExists(target);
    }
    return !Files.exists(target, LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean isBundle(Path folder) {
    return Files.isRegularFile(folder.resolve(BundleLayout.MODEL))
        && Files.isRegularFile(folder.resolve(BundleLayout.CONFIG));
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void forceTree(Path root) throws IOException {
    List<Path> paths;
    try (Stream<Path> tree = Files.walk(root)) {
      paths = tree.toList();
    }
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        forceFolder(path);
      } else {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
      }
    }
  }

  /** Makes renames durable; Windows cannot open a folder and needs no such step. */
  private static void forceFolder(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException unsupported) {
      // The files are forced; at worst a loss of power undoes the renames.
    }
  }

  private static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(root)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
