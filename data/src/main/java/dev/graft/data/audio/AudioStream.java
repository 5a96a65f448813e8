package dev.graft.data.audio;

import dev.graft.data.DataException;
import dev.graft.data.Segment;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A recording that is decoded as it is read, mono and at one rate, so that its length does not
 * matter to memory.
 *
 * <p>Opened by {@link AudioDecoder}. Holds native memory until it is closed. Used by one thread at
 * a time.
 */
public final class AudioStream implements AutoCloseable {
  /** Below this start, decoding and skipping is quicker than finding the place. */
  private static final double SEEK_FROM_SECONDS = 2;

  /** Tables round the ends of recordings. */
  private static final double END_TOLERANCE_SECONDS = 0.1;

  private static final int FILTER_EXCESS = 4_096;

  private final SeekableByteChannel channel;
  private final String name;
  private final int rate;
  private final @Nullable Segment segment;
  private final FloatQueue ready = new FloatQueue();
  private AudioTrack track;
  private @Nullable Resampler resampler;
  private long position;
  private long from;
  private long until = Long.MAX_VALUE;
  private boolean started;
  private boolean ended;

  AudioStream(SeekableByteChannel channel, String name, int rate, @Nullable Segment segment) {
    this.channel = channel;
    this.name = name;
    this.rate = rate;
    this.segment = segment;
    this.track = AudioTrack.open(channel, name);
  }

  /** What the header says. */
  public AudioDescription description() {
    return track.description();
  }

  /** The rate of the samples that {@link #read} gives, per second. */
  public int sampleRate() {
    return rate;
  }

  /**
   * Reads the next samples; fewer than asked for only at the end.
   *
   * @return how many were written, 0 at the end
   * @throws DataException where the file is damaged, or the segment lies beyond its end
   */
  public int read(float[] target, int offset, int count) {
    while (ready.size() < count && !ended) {
      advance();
    }
    return ready.poll(target, offset, count);
  }

  private void advance() {
    if (!started) {
      start();
      started = true;
    }
    int frame = position < until ? track.nextFrame() : 0;
    if (frame == 0) {
      end();
      return;
    }
    if (resampler == null && track.description().sampleRate() != rate) {
      resampler = new Resampler(track.description().sampleRate(), rate);
    }
    int first = (int) Math.max(0, Math.min(frame, from - position));
    int last = (int) Math.min(frame, until - position);
    position += frame;
    if (last > first) {
      deliver(track.samples(), first, last - first);
    }
  }

  private void deliver(float[] samples, int offset, int count) {
    if (resampler == null) {
      ready.add(samples, offset, count);
    } else {
      resampler.add(samples, offset, count, ready);
    }
  }

  /** Goes to the segment: near to it where the format can, and by skipping from there. */
  private void start() {
    if (segment == null) {
      return;
    }
    boundsFor(segment);
    if (segment.startSeconds() < SEEK_FROM_SECONDS || !track.seeksExactly()) {
      return;
    }
    boolean there = track.seek(segment.startSeconds());
    int frame = there ? track.nextFrame() : 0;
    OptionalLong at = frame == 0 ? OptionalLong.empty() : track.frameStart();
    if (at.isPresent() && at.getAsLong() <= from) {
      position = at.getAsLong() + frame;
      if (position > from) {
        int first = (int) (from - at.getAsLong());
        startResampler();
        deliver(track.samples(), first, (int) Math.min(frame, until - at.getAsLong()) - first);
      }
      return;
    }
    restart();
  }

  private void startResampler() {
    if (resampler == null && track.description().sampleRate() != rate) {
      resampler = new Resampler(track.description().sampleRate(), rate);
    }
  }

  /** Where seeking led astray: from the start, and skip. */
  private void restart() {
    track.close();
    try {
      channel.position(0);
    } catch (IOException e) {
      throw new DataException("Cannot read " + name + ": " + e.getMessage() + ".", e);
    }
    track = AudioTrack.open(channel, name);
    position = 0;
  }

  private void boundsFor(Segment wanted) {
    int own = track.description().sampleRate();
    from = Math.round(wanted.startSeconds() * own);
    until =
        Double.isInfinite(wanted.endSeconds())
            ? Long.MAX_VALUE
            : Math.max(from + 1, Math.round(wanted.endSeconds() * own));
  }

  private void end() {
    ended = true;
    if (position < until || segment == null) {
      track.requireComplete(position);
      requireInside();
    }
    if (resampler != null) {
      resampler.finish(ready);
    }
  }

  private void requireInside() {
    if (segment == null) {
      return;
    }
    int own = track.description().sampleRate();
    boolean startsBeyond = position <= from;
    boolean endsBeyond = until != Long.MAX_VALUE && position + END_TOLERANCE_SECONDS * own < until;
    if (startsBeyond || endsBeyond) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot use the segment %s s of %s: it reaches beyond the end of the recording, which has %.2f s. Correct"
                  + " start and end in the table.",
              segment,
              name,
              (double) position / own));
    }
  }

  /** Everything that is left, up to a limit. */
  float[] readAll(long limit) {
    while (!ended) {
      advance();
      // What filters give too much is taken back at the end.
      if (ready.size() > limit + (ended ? 0 : FILTER_EXCESS)) {
        throw AudioDecoder.tooLong(name, rate, limit);
      }
    }
    return ready.toArray();
  }

  @Override
  public void close() {
    track.close();
    if (resampler != null) {
      resampler.close();
      resampler = null;
    }
    try {
      channel.close();
    } catch (IOException e) {
      throw new DataException("Cannot close " + name + ": " + e.getMessage() + ".", e);
    }
  }
}
