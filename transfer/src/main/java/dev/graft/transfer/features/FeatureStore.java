package dev.graft.transfer.features;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Rows of floats of one width on disk, found by the example and the view that they were computed
 * from.
 *
 * <p>It only saves work and never decides a result: a row that is missing, torn or changed on disk
 * is reported as missing, so that the caller computes it again, and when the disk is full or may
 * not be written the store keeps nothing more, says so in {@link #warning()} and lets the run go
 * on.
 *
 * <p><b>On disk.</b> The folder {@code FOLDER/KEY} holds a manifest (format version and width) and
 * segments. Each open store that writes appends to a segment of its own, so any number of processes
 * may read and write the same store; each sees the rows that were there when it was opened, and its
 * own. An index entry follows its row and both carry a CRC-32C, so a process killed at any byte
 * loses at most the rows that it had not yet written (about one MiB).
 *
 * <p><b>Memory.</b> Rows are read by positional reads and not by mapping the files: pages of a
 * mapped file count as the process's own memory as long as the system has no other use for them, so
 * that 100,000 rows of 1,280 features would make a run look 500 MB larger; a positional read leaves
 * them in the system's file cache and costs about two microseconds more. Kept in memory are some 45
 * bytes for each row.
 *
 * <p>Thread-safe. Reading takes no lock.
 */
public final class FeatureStore implements AutoCloseable {

  /** The total size of all stores in a folder above which old ones are deleted: 10 GiB. */
  public static final long DEFAULT_LIMIT_BYTES = 10L << 30;

  /** The widest row: 64 MiB. */
  static final int LARGEST_WIDTH = 1 << 24;

  private static final Duration SPARED_AFTER_USE = Duration.ofHours(1);
  private static final int MOST_OPEN_FILES = 128;
  private static final int FLUSH_BYTES = 1 << 20;
  private static final int FLUSH_ROWS = 4096;

  private final Path parent;
  private final int width;
  private final @Nullable StoreFolder folder;
  private final RowIndex index = new RowIndex();
  private final List<SegmentReader> segments = new CopyOnWriteArrayList<>();
  private final AtomicInteger openedFiles = new AtomicInteger();
  private final Map<RowDigest, PendingRow> pending = new ConcurrentHashMap<>();
  private final Set<RowDigest> damaged = ConcurrentHashMap.newKeySet();
  private final Object writing = new Object();

  // Guarded by "writing".
  private long pendingBytes;
  private @Nullable SegmentWriter writer;
  private int writerSegment;

  private volatile boolean keeping;
  private volatile boolean closed;
  private volatile @Nullable String warning;

  private FeatureStore(Path parent, String key, int width, long limitBytes) {
    this.parent = parent;
    this.width = width;
    this.folder = openFolder(key, limitBytes);
    this.keeping = folder != null;
    scan();
  }

  /**
   * Opens a store and creates it where there is none, after deleting the least recently used stores
   * of the folder until they take {@link #DEFAULT_LIMIT_BYTES} at most; stores used within the last
   * hour are spared. A store of another width or of another version's format is replaced.
   *
   * @param folder where stores lie; need not exist
   * @param key what the features depend on besides the example: the trunk, the preprocessing and
   *     the precision, combined; up to 200 of A-Z a-z 0-9 . _ -
   * @param width the number of features of a row
   * @throws IllegalArgumentException if the key cannot name a folder or the width is out of range
   */
  public static FeatureStore open(Path folder, String key, int width) {
    return open(folder, key, width, DEFAULT_LIMIT_BYTES);
  }

  /** The same with another limit on the size of all stores. */
  static FeatureStore open(Path folder, String key, int width, long limitBytes) {
    StoreFolder.requireKey(key);
    if (width < 1 || width > LARGEST_WIDTH) {
      throw new IllegalArgumentException(
          "a feature store's rows have 1 to " + LARGEST_WIDTH + " features, got " + width);
    }
    return new FeatureStore(folder, key, width, limitBytes);
  }

  /**
   * The bytes that all stores in a folder take; 0 where there is no such folder.
   *
   * @throws UncheckedIOException if the folder cannot be listed
   */
  public static long usage(Path folder) {
    try {
      return StoreFolder.usages(folder).stream().mapToLong(StoreFolder.Usage::bytes).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot list the feature cache " + folder + "; check that it may be read", e);
    }
  }

  private @Nullable StoreFolder openFolder(String key, long limitBytes) {
    try {
      StoreFolder opened = StoreFolder.open(parent, key, width);
      evict(limitBytes);
      return opened;
    } catch (IOException | UncheckedIOException e) {
      warn("cannot be opened", e);
      return null;
    }
  }

  private void evict(long limitBytes) {
    try {
      StoreFolder.evict(parent, limitBytes, Instant.now().minus(SPARED_AFTER_USE));
    } catch (IOException | UncheckedIOException e) {
      // Old stores that cannot be deleted, or that another process deletes now, stop nothing.
      return;
    }
  }

  private void scan() {
    if (folder == null) {
      return;
    }
    try {
      SegmentName.list(folder.path()).forEach(this::scan);
    } catch (IOException | UncheckedIOException e) {
      warn("cannot be listed", e);
      keeping = false;
    }
  }

  private void scan(SegmentName name) {
    int number = addSegment(name);
    try {
      segments
          .get(number)
          .scan(
              width * Float.BYTES,
              (digest, row, checksum) -> index.put(digest, new RowLocation(number, row, checksum)));
    } catch (IOException e) {
      // A segment that cannot be read is as good as absent: its rows are computed again.
      segments.get(number).release();
    }
  }

  private int addSegment(SegmentName name) {
    segments.add(new SegmentReader(name, this::countOpenedFile));
    return segments.size() - 1;
  }

  /** Keeps the number of open files bounded, however many runs have left a segment. */
  private void countOpenedFile() {
    if (openedFiles.incrementAndGet() % MOST_OPEN_FILES == 0) {
      segments.forEach(SegmentReader::release);
    }
  }

  /** The number of features of a row. */
  public int width() {
    return width;
  }

  /**
   * Reads a row.
   *
   * @param out receives the features, {@link #width()} of them; unchanged where there is no row
   * @return whether the row is there and undamaged
   * @throws IllegalArgumentException if {@code out} has another length
   * @throws IllegalStateException if the store is closed
   */
  public boolean read(RowKey key, float[] out) {
    requireUse(out.length);
    RowDigest digest = RowDigest.of(SegmentFormat.digest(key));
    // Waiting rows first: a row is entered into the index before it stops waiting.
    PendingRow waiting = pending.get(digest);
    if (waiting != null) {
      SegmentFormat.decode(waiting.row(), out);
      return true;
    }
    RowLocation location = index.find(digest);
    if (location == null) {
      return false;
    }
    byte[] row = new byte[width * Float.BYTES];
    if (!segments.get(location.segment()).read(location.row(), row)
        || SegmentFormat.checksum(row) != location.checksum()) {
      damaged.add(digest);
      return false;
    }
    SegmentFormat.decode(row, out);
    return true;
  }

  /**
   * Whether a row is there, as far as is known without reading it: {@link #read} may still find it
   * damaged, after which it counts as absent.
   *
   * @throws IllegalStateException if the store is closed
   */
  public boolean contains(RowKey key) {
    requireOpen();
    return isKept(RowDigest.of(SegmentFormat.digest(key)));
  }

  /**
   * Keeps a row. It can be read at once, and is on disk at the latest after {@link #flush()}. A row
   * that is there already stays as it is, because equal keys mean equal features; one that {@link
   * #read} found damaged is replaced.
   *
   * @param features {@link #width()} values, copied
   * @throws IllegalArgumentException if there are fewer or more features
   * @throws IllegalStateException if the store is closed
   */
  public void write(RowKey key, float[] features) {
    requireUse(features.length);
    if (!keeping) {
      return;
    }
    byte[] digestBytes = SegmentFormat.digest(key);
    RowDigest digest = RowDigest.of(digestBytes);
    if (isKept(digest)) {
      return;
    }
    byte[] row = SegmentFormat.encode(features);
    PendingRow waiting = new PendingRow(digestBytes, row, SegmentFormat.checksum(row));
    synchronized (writing) {
      if (!keeping || closed || isKept(digest)) {
        return;
      }
      pending.put(digest, waiting);
      pendingBytes += row.length;
      if (pendingBytes >= FLUSH_BYTES || pending.size() >= FLUSH_ROWS) {
        writePending();
      }
    }
  }

  private boolean isKept(RowDigest digest) {
    return pending.containsKey(digest) || (index.find(digest) != null && !damaged.contains(digest));
  }

  /** The number of different rows that can be read, damaged ones included. */
  public int size() {
    synchronized (writing) {
      long added = pending.keySet().stream().filter(digest -> index.find(digest) == null).count();
      return index.size() + (int) added;
    }
  }

  /**
   * Hands all rows to the operating system, so that they outlive this process, and other processes
   * that open the store find them.
   */
  public void flush() {
    synchronized (writing) {
      writePending();
    }
  }

  /**
   * Why rows are no longer kept, in a sentence for people; empty as long as they are. The rows
   * written before can still be read.
   */
  public Optional<String> warning() {
    return Optional.ofNullable(warning);
  }

  private void writePending() {
    if (pending.isEmpty() || folder == null || !keeping) {
      return;
    }
    List<RowDigest> digests = new ArrayList<>(pending.keySet());
    List<PendingRow> rows = digests.stream().map(pending::get).toList();
    try {
      SegmentWriter open = writer;
      if (open == null) {
        SegmentName name = SegmentName.next(folder.path());
        open = SegmentWriter.create(name);
        writer = open;
        writerSegment = addSegment(name);
      }
      int first = open.append(rows);
      for (int row = 0; row < rows.size(); row++) {
        RowDigest digest = digests.get(row);
        index.put(digest, new RowLocation(writerSegment, first + row, rows.get(row).checksum()));
        damaged.remove(digest);
      }
      pending.clear();
      pendingBytes = 0;
    } catch (IOException | UncheckedIOException e) {
      // What waits stays readable from memory: it is no more than one batch.
      keeping = false;
      warn("cannot be written", e);
    }
  }

  private void warn(String what, Exception cause) {
    if (warning != null) {
      return;
    }
    warning =
        "The feature cache "
            + parent
            + " "
            + what
            + " ("
            + reason(cause)
            + "); the run goes on, but the next one computes these features again; free some disk"
            + " space, check the folder's permissions or choose another folder";
  }

  private static String reason(Exception cause) {
    Throwable beneath =
        cause instanceof UncheckedIOException && cause.getCause() != null
            ? cause.getCause()
            : cause;
    return beneath.getClass().getSimpleName() + ": " + beneath.getMessage();
  }

  private void requireUse(int features) {
    requireOpen();
    if (features != width) {
      throw new IllegalArgumentException(
          "a row of this feature store has " + width + " features, got " + features);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the feature store in " + parent + " is closed");
    }
  }

  /** Flushes and closes all files; closing twice does nothing. */
  @Override
  public void close() {
    synchronized (writing) {
      if (closed) {
        return;
      }
      writePending();
      closed = true;
      SegmentWriter open = writer;
      if (open != null) {
        try {
          open.close();
        } catch (IOException e) {
          warn("cannot be written", e);
        }
      }
    }
    segments.forEach(SegmentReader::close);
  }
}
