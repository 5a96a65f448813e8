package dev.graft.data.audio;

import java.util.OptionalDouble;
import java.util.Set;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.jspecify.annotations.Nullable;

/**
 * What FFmpeg has read from the header of an open file.
 *
 * @param description the header's content
 * @param statesLength whether the length comes from the header itself and is no estimate
 */
record TrackHeader(AudioDescription description, boolean statesLength) {
  private static final Set<String> SUFFICIENT = Set.of("wav", "w64", "aiff");

  /** Whether the header says all; elsewhere some packets must be looked at. */
  static boolean suffices(AVFormatContext file) {
    return SUFFICIENT.contains(container(file));
  }

  static TrackHeader of(AVFormatContext file, AVStream stream) {
    AVCodecParameters parameters = stream.codecpar();
    OptionalDouble length = OptionalDouble.empty();
    if (stream.duration() != avutil.AV_NOPTS_VALUE && stream.duration() > 0) {
      length = OptionalDouble.of(stream.duration() * seconds(stream.time_base()));
    }
    boolean stated =
        length.isPresent()
            && (suffices(file)
                || file.duration_estimation_method() == avformat.AVFMT_DURATION_FROM_STREAM);
    int bits = parameters.bits_per_raw_sample();
    AudioDescription description =
        new AudioDescription(
            container(file),
            text(avcodec.avcodec_get_name(parameters.codec_id())),
            parameters.sample_rate(),
            parameters.ch_layout().nb_channels(),
            bits > 0
                ? bits
                : Math.max(0, avcodec.av_get_exact_bits_per_sample(parameters.codec_id())),
            length);
    return new TrackHeader(description, stated);
  }

  /** The unit of time stamps. */
  static double seconds(AVRational base) {
    return (double) base.num() / base.den();
  }

  static String text(@Nullable BytePointer pointer) {
    return pointer == null ? "unknown" : pointer.getString();
  }

  private static String container(AVFormatContext file) {
    return SupportedSound.container(text(file.iformat().name()));
  }
}
