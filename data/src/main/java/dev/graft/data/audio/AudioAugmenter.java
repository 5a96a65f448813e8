package dev.graft.data.audio;

import dev.graft.data.ViewSeed;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes the random views of training clips, the same ones again for the same seed, example and view
 * number.
 *
 * <p>View 0 is the plain clip in its windows. Every other view draws from a generator seeded by the
 * seed, the content hash of the example and the view number alone, so that views do not depend on
 * the order or thread in which they are made. Order of changes: speed, pitch, room, place in the
 * window, background, noise, masks, level; what then exceeds full scale is brought down to it as a
 * whole. Ratios of signal to noise compare the mean power of the clip, without what is filled up
 * with zeros, with that of the noise over all windows; a silent clip gets no noise. Immutable and
 * thread-safe.
 */
public final class AudioAugmenter {
  /** Changes of speed and pitch are multiples of a thousandth, so that filters stay small. */
  private static final int RATIO_STEPS = 1_000;

  private final AudioPreprocessing preprocessing;
  private final AudioWindows windows;
  private final AudioAugmentation augmentation;
  private final List<Waveform> backgrounds;
  private final long seed;

  /**
   * An augmenter for the input of one backbone.
   *
   * @param backgrounds recordings to mix in, at the backbone's rate; may be empty
   */
  public AudioAugmenter(
      AudioPreprocessing preprocessing,
      AudioAugmentation augmentation,
      List<Waveform> backgrounds,
      long seed) {
    this.preprocessing = preprocessing;
    this.windows = preprocessing.windows();
    this.augmentation = augmentation;
    this.backgrounds = List.copyOf(backgrounds);
    this.seed = seed;
    this.backgrounds.forEach(this::requireRate);
  }

  private void requireRate(Waveform sound) {
    if (sound.sampleRate() != preprocessing.sampleRate()) {
      throw new IllegalArgumentException(
          "clip: expected "
              + preprocessing.sampleRate()
              + " samples per second, found "
              + sound.sampleRate());
    }
  }

  /** The number of windows that each view of a clip has: that of the plain clip. */
  public int windowCount(Waveform clip) {
    return windows.count(clip.samples().length);
  }

  /**
   * Writes one view of a clip: [windowCount, windowSamples], row-major.
   *
   * @param contentHash the content hash of the example
   * @param view 0 for the plain clip, any positive number for a random view
   * @param out receives windowCount * windowSamples values from {@code offset} on
   */
  public void apply(Waveform clip, String contentHash, long view, float[] out, int offset) {
    if (view < 0) {
      throw new IllegalArgumentException("view: expected 0 or more, found " + view);
    }
    requireRate(clip);
    boolean plain = view == 0 || augmentation.isNone();
    // A longer canvas is that of the clip, so that views have as many windows as the clip.
    float[] canvas =
        plain
            ? clip.samples()
            : varied(
                clip.samples(),
                Math.max(clip.samples().length, windows.windowSamples()),
                new SplittableRandom(ViewSeed.of(seed, contentHash, view)));
    int count = windows.count(canvas.length);
    for (int i = 0; i < count; i++) {
      windows.write(canvas, i, out, offset + i * windows.windowSamples());
    }
  }

  private float[] varied(float[] samples, int length, SplittableRandom random) {
    int rate = preprocessing.sampleRate();
    float[] body = samples;
    if (augmentation.speed() > 0) {
      body = faster(body, steps(1 + symmetric(random, augmentation.speed())));
    }
    if (augmentation.pitchSemitones() > 0) {
      body = shifted(body, symmetric(random, augmentation.pitchSemitones()), rate);
    }
    int bodyLength = body.length;
    double power = meanPower(body, bodyLength);
    if (random.nextDouble() < augmentation.roomProbability()) {
      double reverb = between(random, augmentation.shortestReverb(), augmentation.longestReverb());
      body = RoomResponse.apply(body, RoomResponse.make(reverb, rate, random));
    }
    float[] canvas = new float[length];
    int displacement =
        (int) Math.round(symmetric(random, augmentation.shift()) * windows.windowSamples());
    place(body, Math.floorDiv(length - bodyLength, 2) + displacement, canvas);
    if (draws(augmentation.background(), random) && !backgrounds.isEmpty()) {
      double decibels = decibels(augmentation.background(), random);
      addNoise(canvas, power, excerpt(length, random), decibels);
    }
    if (draws(augmentation.noise(), random)) {
      double decibels = decibels(augmentation.noise(), random);
      NoiseColour colour = NoiseColour.values()[random.nextInt(NoiseColour.values().length)];
      addNoise(canvas, power, colour.make(length, rate, random), decibels);
    }
    if (augmentation.mask() > 0) {
      mask(canvas, random);
    }
    double gain = Math.pow(10, symmetric(random, augmentation.gainDecibels()) / 20);
    scale(canvas, gain);
    return canvas;
  }

  private static boolean draws(NoiseLevel level, SplittableRandom random) {
    return !level.isOff() && random.nextDouble() < level.probability();
  }

  private static double decibels(NoiseLevel level, SplittableRandom random) {
    return between(random, level.lowestDecibels(), level.highestDecibels());
  }

  private static int steps(double ratio) {
    return (int) Math.round(ratio * RATIO_STEPS);
  }

  /** The sound played faster by steps / 1000: ceil(length * 1000 / steps) samples. */
  static float[] faster(float[] samples, int steps) {
    return Resampler.resampleQuickly(samples, steps, RATIO_STEPS);
  }

  /** The sound at another pitch and of the same length: drawn out, and played faster. */
  static float[] shifted(float[] samples, double semitones, int sampleRate) {
    int steps = steps(Math.pow(2, semitones / 12));
    int length = (int) Math.max(1, Math.round((double) samples.length * steps / RATIO_STEPS));
    float[] result = faster(TimeStretch.to(samples, length, sampleRate), steps);
    return Arrays.copyOf(result, samples.length);
  }

  private static void place(float[] body, int at, float[] canvas) {
    int from = Math.max(0, -at);
    int to = Math.min(body.length, canvas.length - at);
    if (to > from) {
      System.arraycopy(body, from, canvas, at + from, to - from);
    }
  }

  /** A random stretch of a random recording, repeated where the recording is shorter. */
  private float[] excerpt(int length, SplittableRandom random) {
    float[] source = backgrounds.get(random.nextInt(backgrounds.size())).samples();
    float[] result = new float[length];
    if (source.length > 0) {
      int start =
          random.nextInt(source.length > length ? source.length - length + 1 : source.length);
      for (int i = 0; i < length; i++) {
        result[i] = source[(start + i) % source.length];
      }
    }
    return result;
  }

  /** Adds noise whose mean power is that of the signal less the given decibels. */
  static void addNoise(float[] canvas, double signalPower, float[] noise, double decibels) {
    double noisePower = meanPower(noise, noise.length);
    if (noisePower == 0 || signalPower == 0) {
      return;
    }
    float factor = (float) Math.sqrt(signalPower / noisePower * Math.pow(10, -decibels / 10));
    for (int i = 0; i < canvas.length; i++) {
      canvas[i] += factor * noise[i];
    }
  }

  private void mask(float[] canvas, SplittableRandom random) {
    int rate = preprocessing.sampleRate();
    int width = (int) (random.nextDouble() * augmentation.mask() * canvas.length);
    int from = random.nextInt(canvas.length - width + 1);
    SoundMask.time(canvas, from, from + width, rate);
    double top = SoundMask.mel(rate / 2.0);
    double band = random.nextDouble() * augmentation.mask() * top;
    double low = random.nextDouble() * (top - band);
    SoundMask.band(canvas, SoundMask.hertz(low), SoundMask.hertz(low + band), rate);
  }

  private static void scale(float[] canvas, double gain) {
    double peak = 0;
    for (float sample : canvas) {
      peak = Math.max(peak, Math.abs(sample));
    }
    float factor = (float) (peak * gain > 1 ? 1 / peak : gain);
    if (factor != 1) {
      for (int i = 0; i < canvas.length; i++) {
        canvas[i] *= factor;
      }
    }
  }

  private static double meanPower(float[] values, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += (double) values[i] * values[i];
    }
    return count == 0 ? 0 : sum / count;
  }

  private static double between(SplittableRandom random, double low, double high) {
    return low + random.nextDouble() * (high - low);
  }

  private static double symmetric(SplittableRandom random, double most) {
    return (random.nextDouble() * 2 - 1) * most;
  }
}
