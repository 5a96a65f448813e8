package dev.graft.zoo.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one thread of one process at a time fetch a blob; all others wait until it lies there. The
 * system ends the lock with the process, however that ends. The lock file itself stays: taking it
 * away would let two processes lock two files of one name.
 */
final class BlobLock implements AutoCloseable {
  /** A file lock is held by the process as a whole, so its threads need one of their own. */
  private static final ConcurrentHashMap<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  /**
   * Asked again so often, not waited for: where threads of two processes hold one lock each and
   * wait for the other's, POSIX takes the processes for deadlocked and refuses to wait (EDEADLK).
   */
  private static final long POLL_MILLIS = 50;

  private final ReentrantLock ofThread;
  private final FileChannel channel;
  private final FileLock ofProcess;

  private BlobLock(ReentrantLock ofThread, FileChannel channel, FileLock ofProcess) {
    this.ofThread = ofThread;
    this.channel = channel;
    this.ofProcess = ofProcess;
  }

  /**
   * Waits until nobody else holds it.
   *
   * @param beforeWaiting called once where somebody does
   */
  static BlobLock on(Path file, Runnable beforeWaiting) throws IOException, InterruptedException {
    Path place = file.toAbsolutePath().normalize();
    Files.createDirectories(place.getParent());
    ReentrantLock thread = THREADS.computeIfAbsent(place, path -> new ReentrantLock());
    boolean waits = !thread.tryLock();
    if (waits) {
      beforeWaiting.run();
      thread.lockInterruptibly();
    }
    FileChannel channel = null;
    try {
      channel = FileChannel.open(place, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock ofProcess = channel.tryLock();
      if (ofProcess == null && !waits) {
        beforeWaiting.run();
      }
      while (ofProcess == null) {
        Thread.sleep(POLL_MILLIS);
        ofProcess = channel.tryLock();
      }
      return new BlobLock(thread, channel, ofProcess);
    } catch (IOException | RuntimeException | InterruptedException failure) {
      if (channel != null) {
        channel.close();
      }
      thread.unlock();
      throw failure;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      ofProcess.release();
      channel.close();
    } finally {
      ofThread.unlock();
    }
  }
}
