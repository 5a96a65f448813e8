package dev.graft.data.audio;

import dev.graft.data.DataException;
import java.util.Set;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;

/** Which files are decoded at all. */
final class SupportedSound {
  /** FFmpeg's names of the containers. Anything else, playlists above all, is never even tried. */
  static final String CONTAINERS = "wav,w64,aiff,flac,mp3,ogg,mov,aac";

  private static final Set<String> DECODERS =
      Set.of(
          "flac",
          "alac",
          "mp1float",
          "mp2float",
          "mp3float",
          "aac",
          "vorbis",
          "opus",
          "adpcm_ms",
          "adpcm_ima_wav",
          "adpcm_ima_qt");

  private SupportedSound() {}

  /** Whether FFmpeg's decoder of this name is used. */
  static boolean decodes(String decoder) {
    return decoder.startsWith("pcm_") || DECODERS.contains(decoder);
  }

  /** The name of a container as people know it, from FFmpeg's list of names. */
  static String container(String names) {
    String first = names.split(",", 2)[0];
    return first.equals("mov") ? "mp4" : first;
  }

  /**
   * Checks what a header announces.
   *
   * @throws DataException where the rate or the number of channels is out of bounds
   */
  static void requireBounds(AVCodecParameters parameters, String name) {
    int rate = parameters.sample_rate();
    if (rate < AudioDecoder.LOWEST_RATE || rate > AudioDecoder.HIGHEST_RATE) {
      throw outOfBounds(name, "a rate of 1000 to 768000 Hz", Integer.toString(rate));
    }
    int channels = parameters.ch_layout().nb_channels();
    if (channels < 1 || channels > AudioDecoder.MOST_CHANNELS) {
      throw outOfBounds(
          name, "1 to " + AudioDecoder.MOST_CHANNELS + " channels", Integer.toString(channels));
    }
  }

  private static DataException outOfBounds(String name, String expected, String found) {
    return new DataException(
        "Cannot decode "
            + name
            + ": expected "
            + expected
            + ", found "
            + found
            + ". The header is damaged, or it is no sound.");
  }
}
