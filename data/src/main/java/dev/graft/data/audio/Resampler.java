package dev.graft.data.audio;

import org.bytedeco.ffmpeg.avutil.AVChannelLayout;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swresample;
import org.bytedeco.ffmpeg.swresample.SwrContext;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/**
 * Changes the rate of mono sound by a polyphase filter of libswresample: a Kaiser window (beta 9)
 * of 128 taps at the lower of both rates. Up to 0.90 of the lower Nyquist frequency the gain stays
 * within 0.1 dB, from the Nyquist frequency on it is below -80 dB.
 *
 * <p>n samples become ceil(n * to / from), aligned in time. Native memory is released by {@link
 * #close()}. Used by one thread.
 */
final class Resampler implements AutoCloseable {
  private static final int TAPS = 128;
  private static final int FEW_TAPS = 32;

  /** Half the width of the transition band of this window, in bands of 1 / taps: it ends at 1. */
  private static final double TRANSITION = 6;

  private static final int BETA = 9;
  private static final int BLOCK = 1 << 13;

  private final int from;
  private final int to;
  private final SwrContext context;
  private final FloatPointer in = new FloatPointer((long) BLOCK);
  private final FloatPointer out;
  private final int outCapacity;
  private final PointerPointer<FloatPointer> inPlanes = new PointerPointer<>(1L);
  private final PointerPointer<FloatPointer> outPlanes = new PointerPointer<>(1L);
  private final float[] block;
  private long taken;
  private long given;

  Resampler(int from, int to) {
    this(from, to, TAPS);
  }

  private Resampler(int from, int to, int taps) {
    Ffmpeg.load();
    this.from = from;
    this.to = to;
    this.outCapacity = (int) ((long) BLOCK * to / from) + 2 * TAPS + 64;
    this.block = new float[outCapacity];
    this.out = new FloatPointer((long) outCapacity);
    inPlanes.put(0, in);
    outPlanes.put(0, out);
    SwrContext made = new SwrContext(null);
    try (AVChannelLayout mono = new AVChannelLayout()) {
      avutil.av_channel_layout_default(mono, 1);
      require(
          swresample.swr_alloc_set_opts2(
              made,
              mono,
              avutil.AV_SAMPLE_FMT_FLT,
              to,
              mono,
              avutil.AV_SAMPLE_FMT_FLT,
              from,
              0,
              null));
    }
    this.context = made;
    avutil.av_opt_set_int(made, "filter_size", taps, 0);
    avutil.av_opt_set_double(made, "cutoff", 1 - TRANSITION / taps, 0);
    avutil.av_opt_set_int(made, "filter_type", swresample.SWR_FILTER_TYPE_KAISER, 0);
    avutil.av_opt_set_double(made, "kaiser_beta", BETA, 0);
    int code = swresample.swr_init(made);
    if (code < 0) {
      close();
      require(code);
    }
  }

  private static void require(int code) {
    if (code < 0) {
      throw new IllegalStateException("libswresample: " + Ffmpeg.reason(code));
    }
  }

  /** Resamples a whole clip. */
  static float[] resample(float[] samples, int from, int to) {
    return resample(samples, from, to, TAPS);
  }

  /** Resamples a whole clip by a filter of 32 taps, whose pass band ends at 0.7 instead of 0.9. */
  static float[] resampleQuickly(float[] samples, int from, int to) {
    return resample(samples, from, to, FEW_TAPS);
  }

  private static float[] resample(float[] samples, int from, int to, int taps) {
    if (from == to) {
      return samples.clone();
    }
    FloatQueue queue = new FloatQueue();
    try (Resampler resampler = new Resampler(from, to, taps)) {
      resampler.add(samples, 0, samples.length, queue);
      resampler.finish(queue);
    }
    return queue.toArray();
  }

  /** Takes samples in and appends those that are ready. */
  void add(float[] samples, int offset, int count, FloatQueue ready) {
    for (int done = 0; done < count; ) {
      int part = Math.min(BLOCK, count - done);
      in.position(0).put(samples, offset + done, part);
      convert(inPlanes, part, ready);
      done += part;
    }
    taken += count;
  }

  /** Appends what is still inside the filter, so that the length is ceil(taken * to / from). */
  void finish(FloatQueue ready) {
    while (convert(null, 0, ready) > 0) {
      // Goes on until the filter is empty.
    }
    long wanted = (taken * to + from - 1) / from;
    if (given > wanted) {
      ready.dropLast((int) (given - wanted));
    } else {
      ready.addZeros((int) (wanted - given));
    }
  }

  private int convert(@Nullable PointerPointer<FloatPointer> source, int count, FloatQueue ready) {
    int made = swresample.swr_convert(context, outPlanes, outCapacity, source, count);
    require(made);
    out.position(0).get(block, 0, made);
    ready.add(block, 0, made);
    given += made;
    return made;
  }

  @Override
  public void close() {
    swresample.swr_free(context);
    inPlanes.close();
    outPlanes.close();
    in.close();
    out.close();
  }
}
