package dev.graft.data.audio;

import java.nio.charset.StandardCharsets;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swresample;
import org.bytedeco.javacpp.Loader;

/** The native library as a whole: loading, its log, the words for its error codes. */
final class Ffmpeg {
  private static final int LONGEST_REASON = 256;

  static {
    Loader.load(avutil.class);
    Loader.load(swresample.class);
    Loader.load(avcodec.class);
    Loader.load(avformat.class);
    // What goes wrong with a recording is told by the exception that names it.
    avutil.av_log_set_level(avutil.AV_LOG_QUIET);
  }

  private Ffmpeg() {}

  /** Loads the library unless that was done. */
  static void load() {
    // This class is initialised by now, and the library with it.
  }

  /** What an error code means, in the library's words. */
  static String reason(int code) {
    byte[] text = new byte[LONGEST_REASON];
    avutil.av_strerror(code, text, text.length);
    int end = 0;
    while (end < text.length && text[end] != 0) {
      end++;
    }
    return new String(text, 0, end, StandardCharsets.UTF_8);
  }
}
