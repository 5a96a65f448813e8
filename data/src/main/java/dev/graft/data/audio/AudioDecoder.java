package dev.graft.data.audio;

import dev.graft.data.DataException;
import dev.graft.data.ExampleSource;
import dev.graft.data.Segment;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Turns recordings into samples: WAV, FLAC, MP3, Ogg (Vorbis, Opus, FLAC), M4A and MP4 (AAC, ALAC),
 * bare AAC, and AIFF, of any rate from 1 to 768 kHz, any depth and up to 64 channels, of which the
 * mean is taken.
 *
 * <p>Another rate than the file's is reached by a polyphase filter: n samples become ceil(n *
 * wanted / own), aligned in time; the gain is 1 within 0.1 dB up to 0.9 of the lower Nyquist
 * frequency, and nothing above -80 dB folds back. FFmpeg gets the bytes and opens nothing itself. A
 * FLAC file is held against the checksum of its samples, other files against the length they
 * announce.
 *
 * <p>No native memory outlives a call or an open stream. Thread-safe; each call computes on the
 * calling thread alone.
 */
public final class AudioDecoder {
  /** The lowest rate of a file or of the result, samples per second. */
  public static final int LOWEST_RATE = 1_000;

  /** The highest rate of a file or of the result, samples per second. */
  public static final int HIGHEST_RATE = 768_000;

  /** The most channels of a file. */
  public static final int MOST_CHANNELS = 64;

  /**
   * The limit on the samples of a decoded clip unless another is given: 64 million, over an hour at
   * 16 kHz.
   */
  public static final long DEFAULT_SAMPLE_LIMIT = 64_000_000;

  /** Of most speech; what has it is opened once where its rate is not known beforehand. */
  private static final int LIKELY_RATE = 16_000;

  private final long sampleLimit;

  /** A decoder with the {@link #DEFAULT_SAMPLE_LIMIT}. */
  public AudioDecoder() {
    this(DEFAULT_SAMPLE_LIMIT);
  }

  /**
   * A decoder with another limit.
   *
   * @param sampleLimit the most samples that a decoded clip may have, 1 to 1,000 million
   */
  public AudioDecoder(long sampleLimit) {
    if (sampleLimit < 1 || sampleLimit > 1_000_000_000) {
      throw new IllegalArgumentException(
          "sampleLimit: expected 1 to 1000000000, found " + sampleLimit);
    }
    this.sampleLimit = sampleLimit;
  }

  /** Loads the native library now, which otherwise the first call does. */
  public static void load() {
    Ffmpeg.load();
  }

  /**
   * Decodes a whole recording.
   *
   * @param name what to call it in messages
   * @param sampleRate the rate of the result, 1,000 to 768,000 samples per second
   * @throws DataException where it is empty, truncated, no recording, damaged, without samples, or
   *     longer than the limit
   */
  public Waveform decode(byte[] bytes, String name, int sampleRate) {
    return decode(channel(bytes, name), name, sampleRate, null);
  }

  /**
   * Decodes a part of a recording, which is cut out at the file's own rate before the rate is
   * changed; the rest is not held in memory.
   *
   * @param name what to call it in messages
   * @param sampleRate the rate of the result, 1,000 to 768,000 samples per second
   * @throws DataException as the decoding of the whole, and where the segment begins at the end of
   *     the recording or later, or ends more than 0.1 s after it
   */
  public Waveform decode(byte[] bytes, String name, int sampleRate, Segment segment) {
    return decode(channel(bytes, name), name, sampleRate, segment);
  }

  /**
   * Decodes an example, or the segment of a file that it is. A file of its own is read as far as
   * needed.
   *
   * @param sampleRate the rate of the result, 1,000 to 768,000 samples per second
   * @throws DataException as for bytes, or where the source cannot be read
   */
  public Waveform decode(ExampleSource source, int sampleRate) {
    return decode(channel(source), source.name(), sampleRate, source.segment().orElse(null));
  }

  /**
   * A recording as it is.
   *
   * @param description of its file
   * @param sound at the rate of the file
   */
  public record Recorded(AudioDescription description, Waveform sound) {}

  /**
   * Decodes an example at its own rate, whatever that is.
   *
   * @throws DataException as for bytes, or where the source cannot be read
   */
  public Recorded decodeAsRecorded(ExampleSource source) {
    AudioDescription description;
    try (AudioStream stream = open(source, LIKELY_RATE)) {
      description = stream.description();
      if (description.sampleRate() == LIKELY_RATE) {
        return new Recorded(
            description, whole(stream, source.name(), source.segment().orElse(null)));
      }
    }
    return new Recorded(description, decode(source, description.sampleRate()));
  }

  /**
   * Opens an example to be read piece by piece, without a limit on its length.
   *
   * @param sampleRate the rate of the result, 1,000 to 768,000 samples per second
   * @throws DataException where it cannot be read or is no recording
   */
  public AudioStream open(ExampleSource source, int sampleRate) {
    return open(channel(source), source.name(), sampleRate, source.segment().orElse(null));
  }

  /**
   * Reads the header without decoding the whole.
   *
   * @param name what to call it in messages
   * @throws DataException where it is empty, no recording, or damaged at its start
   */
  public static AudioDescription describe(byte[] bytes, String name) {
    try (AudioTrack track = AudioTrack.open(channel(bytes, name), name)) {
      return track.description();
    }
  }

  private Waveform decode(
      SeekableByteChannel channel, String name, int sampleRate, @Nullable Segment segment) {
    try (AudioStream stream = open(channel, name, sampleRate, segment)) {
      return whole(stream, name, segment);
    }
  }

  private Waveform whole(AudioStream stream, String name, @Nullable Segment segment) {
    double whole = stream.description().seconds().orElse(0);
    double seconds =
        segment == null ? whole : Math.min(whole - segment.startSeconds(), segment.seconds());
    if (seconds * stream.sampleRate() > sampleLimit + 1) {
      throw tooLong(name, stream.sampleRate(), sampleLimit);
    }
    return new Waveform(stream.readAll(sampleLimit), stream.sampleRate());
  }

  private static AudioStream open(
      SeekableByteChannel channel, String name, int sampleRate, @Nullable Segment segment) {
    try {
      requireRate(sampleRate);
      return new AudioStream(channel, name, sampleRate, segment);
    } catch (RuntimeException e) {
      try {
        channel.close();
      } catch (IOException unclosed) {
        e.addSuppressed(unclosed);
      }
      throw e;
    }
  }

  private static void requireRate(int sampleRate) {
    if (sampleRate < LOWEST_RATE || sampleRate > HIGHEST_RATE) {
      throw new IllegalArgumentException(
          "sampleRate: expected 1000 to 768000 Hz, found " + sampleRate);
    }
  }

  static DataException tooLong(String name, int rate, long limit) {
    return new DataException(
        String.format(
            Locale.ROOT,
            "Cannot decode %s: it is longer than the limit of %d samples (%.0f s at %d Hz). Cut it into pieces, or name"
                + " the wanted parts by start and end in a table.",
            name,
            limit,
            (double) limit / rate,
            rate));
  }

  private static SeekableByteChannel channel(byte[] bytes, String name) {
    if (bytes.length == 0) {
      throw new DataException(
          "Cannot decode " + name + ": expected a recording, found an empty file (0 bytes).");
    }
    return new MemoryChannel(bytes);
  }

  private static SeekableByteChannel channel(ExampleSource source) {
    ExampleSource whole = source instanceof ExampleSource.SegmentSource part ? part.file() : source;
    if (!(whole instanceof ExampleSource.FileSource file)) {
      return channel(whole.read(), source.name());
    }
    return channel(file.file(), source.name());
  }

  private static SeekableByteChannel channel(Path file, String name) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new DataException(
            "Cannot read "
                + name
                + ": there is no such file, or it is not a regular one. It may have been moved since the data set was read.");
      }
      if (Files.size(file) == 0) {
        throw new DataException(
            "Cannot decode " + name + ": expected a recording, found an empty file (0 bytes).");
      }
      return Files.newByteChannel(file);
    } catch (IOException e) {
      throw new DataException("Cannot read " + name + ": " + e.getMessage() + ".", e);
    }
  }
}
