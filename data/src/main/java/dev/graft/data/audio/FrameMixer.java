package dev.graft.data.audio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;

/**
 * Turns decoded frames of any sample format and number of channels into the mean of the channels.
 *
 * <p>Integers are divided by 2^(bits-1), so that full scale is [-1, 1); floats stay as they are.
 */
final class FrameMixer {
  private double[] sums = new double[0];
  private float[] mono = new float[0];

  /** The samples of the last frame; as many as {@link #mix} returned are valid. */
  float[] mono() {
    return mono;
  }

  /**
   * Mixes a frame.
   *
   * @return its number of samples
   */
  int mix(AVFrame frame) {
    int count = frame.nb_samples();
    int channels = frame.ch_layout().nb_channels();
    if (sums.length < count) {
      sums = new double[count];
      mono = new float[count];
    }
    Arrays.fill(sums, 0, count, 0);
    int format = frame.format();
    boolean planar = avutil.av_sample_fmt_is_planar(format) != 0;
    int packed = avutil.av_get_packed_sample_fmt(format);
    if (planar) {
      for (int c = 0; c < channels; c++) {
        add(frame.extended_data(c), packed, count, 1);
      }
    } else {
      add(frame.data(0), packed, count, channels);
    }
    double factor = 1.0 / (channels * fullScale(packed));
    for (int i = 0; i < count; i++) {
      mono[i] = (float) (sums[i] * factor);
    }
    return count;
  }

  private static double fullScale(int format) {
    return switch (format) {
      case avutil.AV_SAMPLE_FMT_U8 -> 0x1p7;
      case avutil.AV_SAMPLE_FMT_S16 -> 0x1p15;
      case avutil.AV_SAMPLE_FMT_S32 -> 0x1p31;
      case avutil.AV_SAMPLE_FMT_S64 -> 0x1p63;
      default -> 1;
    };
  }

  private void add(BytePointer plane, int format, int count, int channels) {
    long bytes = (long) count * channels * avutil.av_get_bytes_per_sample(format);
    ByteBuffer raw = plane.capacity(bytes).asByteBuffer().order(ByteOrder.nativeOrder());
    int values = count * channels;
    switch (format) {
      case avutil.AV_SAMPLE_FMT_U8 -> {
        for (int k = 0; k < values; k++) {
          sums[k / channels] += (raw.get(k) & 0xff) - 128;
        }
      }
      case avutil.AV_SAMPLE_FMT_S16 -> {
        ShortBuffer samples = raw.asShortBuffer();
        for (int k = 0; k < values; k++) {
          sums[k / channels] += samples.get(k);
        }
      }
      case avutil.AV_SAMPLE_FMT_S32 -> {
        IntBuffer samples = raw.asIntBuffer();
        for (int k = 0; k < values; k++) {
          sums[k / channels] += samples.get(k);
        }
      }
      case avutil.AV_SAMPLE_FMT_S64 -> {
        LongBuffer samples = raw.asLongBuffer();
        for (int k = 0; k < values; k++) {
          sums[k / channels] += (double) samples.get(k);
        }
      }
      case avutil.AV_SAMPLE_FMT_FLT -> {
        FloatBuffer samples = raw.asFloatBuffer();
        for (int k = 0; k < values; k++) {
          sums[k / channels] += samples.get(k);
        }
      }
      case avutil.AV_SAMPLE_FMT_DBL -> {
        DoubleBuffer samples = raw.asDoubleBuffer();
        for (int k = 0; k < values; k++) {
          sums[k / channels] += samples.get(k);
        }
      }
      default -> throw new IllegalStateException("unknown sample format " + format);
    }
  }
}
