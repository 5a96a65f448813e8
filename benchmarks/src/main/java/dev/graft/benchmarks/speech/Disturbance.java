package dev.graft.benchmarks.speech;

import java.util.SplittableRandom;

/** Short sounds of a household that are no speech: knocks, scrapes and beeps. Stateless. */
final class Disturbance {
  private static final Interval KNOCK_SECONDS = new Interval(0.02, 0.4);
  private static final Interval BEEP_SECONDS = new Interval(0.08, 0.8);
  private static final Interval BEEP_HERTZ = new Interval(150, 5_000);
  private static final double FADE_SECONDS = 0.005;

  private Disturbance() {}

  /**
   * A sound and what it is.
   *
   * @param label knock, scrape or beep
   */
  record Sound(String label, Waveform waveform) {}

  /** One at random, with a peak of at most 1. */
  static Sound random(SplittableRandom random) {
    return switch (random.nextInt(3)) {
      case 0 -> new Sound("knock", burst(KNOCK_SECONDS.draw(random), 6, random));
      case 1 -> new Sound("scrape", burst(KNOCK_SECONDS.draw(random) * 3, 1, random));
      default -> new Sound("beep", beep(random));
    };
  }

  /** Noise that dies away by {@code decays} factors of e over its length. */
  private static Waveform burst(double seconds, double decays, SplittableRandom random) {
    int samples = (int) (seconds * Waveform.RATE);
    double exponent = random.nextDouble(ColouredNoise.LOWEST_EXPONENT, 1.5);
    float[] noise = ColouredNoise.make(samples, exponent, random);
    for (int i = 0; i < samples; i++) {
      noise[i] *= (float) (fade(i, samples) * Math.exp(-decays * i / samples));
    }
    Waveform sound = new Waveform(noise, Waveform.RATE);
    return sound.times(1 / Math.max(1e-6f, sound.peak()));
  }

  /** A tone with two overtones. */
  private static Waveform beep(SplittableRandom random) {
    int samples = (int) (BEEP_SECONDS.draw(random) * Waveform.RATE);
    double radians = 2 * Math.PI * BEEP_HERTZ.draw(random) / Waveform.RATE;
    double second = radians * 2 < Math.PI ? 0.3 * random.nextDouble() : 0;
    double third = radians * 3 < Math.PI ? 0.3 * random.nextDouble() : 0;
    float[] tone = new float[samples];
    for (int i = 0; i < samples; i++) {
      double value =
          Math.sin(radians * i)
              + second * Math.sin(2 * radians * i)
              + third * Math.sin(3 * radians * i);
      tone[i] = (float) (fade(i, samples) * value / (1 + second + third));
    }
    return new Waveform(tone, Waveform.RATE);
  }

  private static double fade(int at, int samples) {
    double edge = Math.min(at, samples - 1 - at) / (FADE_SECONDS * Waveform.RATE);
    return Math.min(1, edge);
  }
}
