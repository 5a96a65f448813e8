package dev.graft.data.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.Read_packet_Pointer_BytePointer_int;
import org.bytedeco.ffmpeg.avformat.Seek_Pointer_long_int;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Lets FFmpeg read a channel, so that it opens neither files nor connections itself.
 *
 * <p>One pair of native callbacks serves all inputs, since a process has only few slots for them;
 * the number in their first argument tells which input is meant. Used by one thread at a time.
 */
final class ByteInput implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 15;
  private static final int SEEK_SET = 0;
  private static final int SEEK_CUR = 1;
  private static final int SEEK_END = 2;

  private static final Map<Long, ByteInput> OPEN = new ConcurrentHashMap<>();
  private static final AtomicLong NUMBERS = new AtomicLong(1);
  private static final Reading READING = new Reading();
  private static final Seeking SEEKING = new Seeking();

  private final long number = NUMBERS.getAndIncrement();
  private final SeekableByteChannel channel;
  private final AVIOContext context;
  private @Nullable IOException failure;

  ByteInput(SeekableByteChannel channel) {
    this.channel = channel;
    OPEN.put(number, this);
    Pointer memory = avutil.av_malloc(BUFFER_BYTES);
    context =
        avformat.avio_alloc_context(
            new BytePointer(memory), BUFFER_BYTES, 0, new Number(number), READING, null, SEEKING);
  }

  AVIOContext context() {
    return context;
  }

  /** What the channel failed with, if it did; FFmpeg itself only learns that reading failed. */
  @Nullable IOException failure() {
    return failure;
  }

  @Override
  public void close() {
    OPEN.remove(number);
    // FFmpeg may have replaced the buffer that it was given.
    avutil.av_free(context.buffer());
    avformat.avio_context_free(context);
  }

  private int read(ByteBuffer target) {
    try {
      int count = channel.read(target);
      return count <= 0 ? avutil.AVERROR_EOF : count;
    } catch (IOException e) {
      failure = e;
      return avutil.AVERROR_EIO();
    }
  }

  private long seek(long offset, int whence) {
    try {
      if ((whence & avformat.AVSEEK_SIZE) != 0) {
        return channel.size();
      }
      long base =
          switch (whence & ~avformat.AVSEEK_FORCE) {
            case SEEK_SET -> 0;
            case SEEK_CUR -> channel.position();
            case SEEK_END -> channel.size();
            default -> Long.MIN_VALUE;
          };
      if (base < 0 || base + offset < 0) {
        return avutil.AVERROR_EINVAL();
      }
      channel.position(base + offset);
      return base + offset;
    } catch (IOException e) {
      failure = e;
      return avutil.AVERROR_EIO();
    }
  }

  /** A number that travels as an address and is never followed. */
  private static final class Number extends Pointer {
    Number(long number) {
      super((Pointer) null);
      address = number;
    }
  }

  private static final class Reading extends Read_packet_Pointer_BytePointer_int {
    @Override
    public int call(Pointer opaque, BytePointer target, int size) {
      ByteInput input = OPEN.get(opaque.address());
      return input == null
          ? avutil.AVERROR_EIO()
          : input.read(target.capacity(size).asByteBuffer());
    }
  }

  private static final class Seeking extends Seek_Pointer_long_int {
    @Override
    public long call(Pointer opaque, long offset, int whence) {
      ByteInput input = OPEN.get(opaque.address());
      return input == null ? avutil.AVERROR_EIO() : input.seek(offset, whence);
    }
  }
}
