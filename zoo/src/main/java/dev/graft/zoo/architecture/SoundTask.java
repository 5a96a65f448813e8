package dev.graft.zoo.architecture;

import java.util.OptionalInt;

/**
 * What a network of sound takes and gives: "waveform" [N, samples] in [-1, 1], at the rate of its
 * front end, to "logits" [N, classes].
 *
 * @param samples of an example; empty where the network shall take any number
 * @param classes number of classes
 */
public record SoundTask(OptionalInt samples, int classes) {
  /** Checks the ranges. */
  public SoundTask {
    if (samples.orElse(1) < 1 || classes < 2) {
      throw new IllegalArgumentException(
          "a task needs at least 1 sample and 2 classes but has "
              + (samples.isPresent() ? samples.getAsInt() : "any")
              + " samples and "
              + classes
              + " classes");
    }
  }

  /** Examples of one length. */
  public static SoundTask of(int samples, int classes) {
    return new SoundTask(OptionalInt.of(samples), classes);
  }

  /** Examples of any length. */
  public static SoundTask ofAnyLength(int classes) {
    return new SoundTask(OptionalInt.empty(), classes);
  }
}
