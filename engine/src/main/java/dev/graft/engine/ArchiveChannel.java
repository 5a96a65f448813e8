package dev.graft.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.ArchiveWriter;

/**
 * Where libtorch writes an archive to. Its own writer ends the process when the disk is full, since
 * it throws while it is taken down; this one keeps the failure until the archive is done.
 */
final class ArchiveChannel extends ArchiveWriter {
  private final FileChannel channel;
  private Optional<IOException> failure = Optional.empty();

  ArchiveChannel(FileChannel channel) {
    super(); // a function that libtorch can call
    this.channel = channel;
  }

  /** Takes the next bytes; what cannot be written is reported by {@link #finish}. */
  @Override
  public long call(Pointer data, long size) {
    if (failure.isEmpty()) {
      ByteBuffer bytes = new BytePointer(data).capacity(size).asByteBuffer();
      try {
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      } catch (IOException unwritable) {
        failure = Optional.of(unwritable);
      }
    }
    return size;
  }

  /** Forces what was written to the disk. */
  void finish() throws IOException {
    if (failure.isPresent()) {
      throw failure.get();
    }
    channel.force(true);
  }
}
