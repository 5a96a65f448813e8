package dev.graft.zoo.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/**
 * What came of a file so far, hashed on the way: the bytes that an earlier process left are read
 * once when it is opened. Never longer than the file was announced. Used by one thread at a time,
 * which holds the {@link BlobLock}.
 */
final class PartialFile implements AutoCloseable {
  private final Path place;
  private final HubFile file;
  private final String doing;
  private final FileChannel channel;
  private MessageDigest digest;
  private long length;

  private PartialFile(Path place, HubFile file, String doing, FileChannel channel) {
    this.place = place;
    this.file = file;
    this.doing = doing;
    this.channel = channel;
    this.digest = file.digest().begin(file.sizeBytes());
  }

  static PartialFile open(Path place, HubFile file, String doing) throws IOException {
    if (!Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(place);
    }
    FileChannel channel =
        FileChannel.open(
            place, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    PartialFile partial = new PartialFile(place, file, doing, channel);
    try {
      partial.takeUp();
      return partial;
    } catch (IOException | RuntimeException failure) {
      channel.close();
      throw failure;
    }
  }

  private void takeUp() throws IOException {
    length = channel.size();
    if (length > file.sizeBytes()) {
      restart();
    } else if (length > 0) {
      BlobDigest.feed(digest, place);
      channel.position(length);
    }
  }

  long length() {
    return length;
  }

  long missing() {
    return file.sizeBytes() - length;
  }

  /** Forgets what came. */
  void restart() throws IOException {
    channel.truncate(0);
    channel.position(0);
    length = 0;
    digest = file.digest().begin(file.sizeBytes());
  }

  /**
   * Adds what came.
   *
   * @throws HubException if it is more than was announced, or cannot be written
   */
  void append(byte[] bytes, int count) {
    if (count > missing()) {
      throw new HubException(
          HubException.Cause.DAMAGED,
          doing
              + ": "
              + file.name()
              + " was announced with "
              + file.sizeBytes()
              + " bytes, but more are sent. Nothing beyond them was written; do not use this hub"
              + " unless you trust it.");
    }
    try {
      ByteBuffer remaining = ByteBuffer.wrap(bytes, 0, count);
      while (remaining.hasRemaining()) {
        channel.write(remaining);
      }
    } catch (IOException failure) {
      throw DiskProblem.of(failure, place, missing(), doing);
    }
    digest.update(bytes, 0, count);
    length += count;
  }

  /** Whether all of it came and is what it must be; a second question needs a {@link #restart}. */
  boolean isRight() {
    return missing() == 0 && file.digest().equalsFed(digest);
  }

  /** Forces it to the disk and gives it its name. */
  void moveTo(Path blob) throws IOException {
    try {
      channel.force(true);
      channel.close();
      Files.move(place, blob, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failure) {
      throw DiskProblem.of(failure, place, file.sizeBytes(), doing);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
