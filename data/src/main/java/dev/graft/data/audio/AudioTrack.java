package dev.graft.data.audio;

import dev.graft.data.DataException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.jspecify.annotations.Nullable;

/**
 * The sound track of one open file: frame after frame of mono samples at the file's own rate.
 *
 * <p>All native memory belongs to the object and is released by {@link #close()}. Used by one
 * thread.
 */
final class AudioTrack implements AutoCloseable {
  /** MPEG files often begin or end in stray bytes; more than one bad packet in 50 is damage. */
  private static final int PACKETS_FOR_A_BAD_ONE = 50;

  private static final Set<String> STRAY_BYTES_FORMATS = Set.of("mp3", "aac");

  /** What a filter of a lossy codec remembers, generously. */
  private static final double PREROLL_SECONDS = 0.5;

  private static final double LOUDEST = 1e6;

  private final String name;
  private final ByteInput input;
  private final FrameMixer mixer = new FrameMixer();
  private final AVPacket packet = avcodec.av_packet_alloc();
  private final AVFrame frame = avutil.av_frame_alloc();
  private @Nullable AVFormatContext file;
  private @Nullable AVCodecContext codec;
  private @Nullable FlacChecksum checksum;
  private int streamIndex;
  private AudioDescription description = NOTHING;
  private boolean statedExactly;
  private long packets;
  private long badPackets;
  private long delivered;
  private boolean drained;
  private boolean sought;

  private static final AudioDescription NOTHING =
      new AudioDescription("", "", 0, 0, 0, OptionalDouble.empty());

  private AudioTrack(SeekableByteChannel channel, String name) {
    this.name = name;
    this.input = new ByteInput(channel);
  }

  /**
   * Opens the best sound track of a file.
   *
   * @throws DataException where it is none of the supported formats, holds no sound, or announces a
   *     rate or channels out of bounds
   */
  static AudioTrack open(SeekableByteChannel channel, String name) {
    Ffmpeg.load();
    AudioTrack track = new AudioTrack(channel, name);
    try {
      Optional<String> missing = Truncation.find(channel);
      track.openFile();
      track.openCodec();
      if (missing.isPresent()) {
        throw track.damaged(missing.get());
      }
      return track;
    } catch (IOException e) {
      track.close();
      throw new DataException("Cannot read " + name + ": " + e.getMessage() + ".", e);
    } catch (RuntimeException e) {
      track.close();
      throw e;
    }
  }

  private void openFile() {
    AVFormatContext context = avformat.avformat_alloc_context();
    context.pb(input.context());
    AVDictionary options = new AVDictionary(null);
    avutil.av_dict_set(options, "format_whitelist", SupportedSound.CONTAINERS, 0);
    int code;
    try {
      code = avformat.avformat_open_input(context, (String) null, null, options);
    } finally {
      avutil.av_dict_free(options);
    }
    if (code < 0) {
      // FFmpeg has released the context.
      throw unreadable(code);
    }
    file = context;
    // The others need to see some packets; here it would only cost time to look for more.
    if (!TrackHeader.suffices(context)) {
      code = avformat.avformat_find_stream_info(context, (AVDictionary) null);
      if (code < 0) {
        throw unreadable(code);
      }
    }
  }

  private void openCodec() {
    AVFormatContext context = file();
    streamIndex =
        avformat.av_find_best_stream(context, avutil.AVMEDIA_TYPE_AUDIO, -1, -1, (AVCodec) null, 0);
    if (streamIndex < 0) {
      throw new DataException(
          "Cannot decode " + name + ": expected a recording, found a file without a sound track.");
    }
    for (int i = 0; i < context.nb_streams(); i++) {
      if (i != streamIndex) {
        context.streams(i).discard(avcodec.AVDISCARD_ALL);
      }
    }
    AVStream stream = context.streams(streamIndex);
    AVCodecParameters parameters = stream.codecpar();
    AVCodec decoder = avcodec.avcodec_find_decoder(parameters.codec_id());
    String codecName = TrackHeader.text(avcodec.avcodec_get_name(parameters.codec_id()));
    if (decoder == null || !SupportedSound.decodes(TrackHeader.text(decoder.name()))) {
      throw new DataException(
          "Cannot decode "
              + name
              + ": its sound is coded as "
              + codecName
              + ", which is not supported. Save it as WAV or FLAC.");
    }
    SupportedSound.requireBounds(parameters, name);
    TrackHeader header = TrackHeader.of(context, stream);
    description = header.description();
    statedExactly = header.statesLength();
    checksum = FlacChecksum.of(parameters).orElse(null);
    AVCodecContext opened = avcodec.avcodec_alloc_context3(decoder);
    codec = opened;
    int code = avcodec.avcodec_parameters_to_context(opened, parameters);
    if (code >= 0) {
      opened.pkt_timebase(stream.time_base());
      opened.thread_count(1);
      opened.err_recognition(avcodec.AV_EF_CRCCHECK);
      code = avcodec.avcodec_open2(opened, decoder, (AVDictionary) null);
    }
    if (code < 0) {
      throw damaged("the " + codecName + " track cannot be opened (" + Ffmpeg.reason(code) + ")");
    }
  }

  AudioDescription description() {
    return description;
  }

  /** The samples of the last frame, from 0 on as many as {@link #nextFrame()} returned. */
  float[] samples() {
    return mixer.mono();
  }

  /**
   * Decodes the next frame that is not empty.
   *
   * @return its number of samples, 0 at the end
   * @throws DataException where the file is damaged
   */
  int nextFrame() {
    while (true) {
      int code = avcodec.avcodec_receive_frame(codec(), frame);
      if (code >= 0) {
        int count = take();
        if (count > 0) {
          return count;
        }
      } else if (code == avutil.AVERROR_EAGAIN()) {
        sendPacket();
      } else if (code == avutil.AVERROR_EOF) {
        return 0;
      } else {
        noteBadPacket(code);
      }
    }
  }

  private void sendPacket() {
    while (!drained) {
      int code = avformat.av_read_frame(file(), packet);
      if (code < 0) {
        requireEnd(code);
        drained = true;
        avcodec.avcodec_send_packet(codec(), null);
        return;
      }
      boolean ours = packet.stream_index() == streamIndex;
      int sent = ours ? avcodec.avcodec_send_packet(codec(), packet) : 0;
      avcodec.av_packet_unref(packet);
      if (ours) {
        packets++;
        if (sent < 0) {
          noteBadPacket(sent);
        } else {
          return;
        }
      }
    }
  }

  private void requireEnd(int code) {
    IOException failure = input.failure();
    if (failure != null) {
      throw new DataException("Cannot read " + name + ": " + failure.getMessage() + ".", failure);
    }
    if (code != avutil.AVERROR_EOF) {
      throw damaged("after " + position() + " " + Ffmpeg.reason(code).toLowerCase(Locale.ROOT));
    }
  }

  /** Counts a packet that does not decode; those that a format may hold are passed over. */
  private void noteBadPacket(int code) {
    badPackets++;
    boolean mayStray = STRAY_BYTES_FORMATS.contains(description.format());
    if (!mayStray || badPackets > 1 + packets / PACKETS_FOR_A_BAD_ONE) {
      throw damaged(
          "after " + position() + " the data do not decode (" + Ffmpeg.reason(code) + ")");
    }
  }

  private int take() {
    if (frame.sample_rate() != description.sampleRate()) {
      if (delivered > 0) {
        throw damaged(
            "after " + position() + " the rate changes to " + frame.sample_rate() + " Hz");
      }
      description =
          new AudioDescription(
              description.format(),
              description.codec(),
              frame.sample_rate(),
              description.channels(),
              description.bits(),
              description.seconds());
    }
    FlacChecksum flac = checksum;
    if (flac != null && !sought) {
      flac.add(frame);
    }
    int count = mixer.mix(frame);
    requireUsable(mixer.mono(), count);
    delivered += count;
    return count;
  }

  private void requireUsable(float[] samples, int count) {
    for (int i = 0; i < count; i++) {
      if (!(Math.abs(samples[i]) <= LOUDEST)) {
        throw damaged(
            "after "
                + position()
                + " a sample is "
                + samples[i]
                + ", expected numbers of about -1 to 1");
      }
    }
  }

  /** Where the frame that was decoded last begins, in samples from the start, where it is known. */
  OptionalLong frameStart() {
    long stamp = frame.best_effort_timestamp();
    if (stamp == avutil.AV_NOPTS_VALUE) {
      return OptionalLong.empty();
    }
    AVStream stream = file().streams(streamIndex);
    long first = stream.start_time() == avutil.AV_NOPTS_VALUE ? 0 : stream.start_time();
    return OptionalLong.of(
        Math.round(
            (stamp - first) * TrackHeader.seconds(stream.time_base()) * description.sampleRate()));
  }

  /** Whether times after {@link #seek} are exact: those of MPEG streams are estimated by bytes. */
  boolean seeksExactly() {
    return !STRAY_BYTES_FORMATS.contains(description.format());
  }

  /**
   * Moves to a little before a time.
   *
   * @return whether the file could do that; where not, it must be opened anew
   */
  boolean seek(double time) {
    AVStream stream = file().streams(streamIndex);
    long first = stream.start_time() == avutil.AV_NOPTS_VALUE ? 0 : stream.start_time();
    long target =
        first
            + (long)
                (Math.max(0, time - PREROLL_SECONDS) / TrackHeader.seconds(stream.time_base()));
    sought = true;
    int code = avformat.avformat_seek_file(file(), streamIndex, Long.MIN_VALUE, target, target, 0);
    avcodec.avcodec_flush_buffers(codec());
    return code >= 0;
  }

  /**
   * Holds what came, once the end is reached, against what the header announced.
   *
   * @param position where the end is, in samples from the start
   * @throws DataException where a part is missing or the checksum of the samples is another
   */
  void requireComplete(long position) {
    double seconds = (double) position / description.sampleRate();
    double stated = description.seconds().orElse(0);
    if (statedExactly && seconds < stated - Math.max(0.1, 0.02 * stated)) {
      throw damaged(
          String.format(
              Locale.ROOT,
              "the header announces %.2f s, only %.2f s came; the file is truncated or still being written",
              stated,
              seconds));
    }
    if (position == 0) {
      throw new DataException(
          "Cannot decode "
              + name
              + ": expected sound, found a "
              + description.format()
              + " file without samples.");
    }
    FlacChecksum flac = checksum;
    if (flac != null && !sought && !flac.holds()) {
      throw damaged("its samples do not have the checksum that its encoder stored");
    }
  }

  private String position() {
    return String.format(
        Locale.ROOT, "%.2f s", (double) delivered / Math.max(1, description.sampleRate()));
  }

  private DataException unreadable(int code) {
    IOException failure = input.failure();
    if (failure != null) {
      return new DataException("Cannot read " + name + ": " + failure.getMessage() + ".", failure);
    }
    return new DataException(
        "Cannot decode "
            + name
            + ": expected WAV, FLAC, MP3, Ogg, M4A, AAC or AIFF, found none of them or a damaged one ("
            + Ffmpeg.reason(code)
            + "). Save it again as WAV or FLAC, or remove it.");
  }

  private DataException damaged(String what) {
    return new DataException(
        "Cannot decode "
            + name
            + ": the "
            + description.format()
            + " file is damaged: "
            + what
            + ". Copy it again or remove it.");
  }

  private AVFormatContext file() {
    AVFormatContext open = file;
    if (open == null) {
      throw new IllegalStateException(name + " is closed");
    }
    return open;
  }

  private AVCodecContext codec() {
    AVCodecContext open = codec;
    if (open == null) {
      throw new IllegalStateException(name + " is closed");
    }
    return open;
  }

  @Override
  public void close() {
    if (codec != null) {
      avcodec.avcodec_free_context(codec);
      codec = null;
    }
    if (file != null) {
      avformat.avformat_close_input(file);
      file = null;
    }
    avutil.av_frame_free(frame);
    avcodec.av_packet_free(packet);
    input.close();
  }
}
