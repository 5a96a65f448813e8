package dev.graft.data.audio;

import dev.graft.data.DataException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * How the random views of a training clip differ from the clip; immutable and thread-safe.
 *
 * <p>The string form lists what is switched on: {@code
 * noise=5..20@0.5,background=0..15@0.5,room=0.5,reverb=0.1..0.6,gain=6,shift=0.1,pitch=2,speed=0.1,mask=0.1},
 * or {@code none}. It is stable and enters the key of cached views.
 *
 * @param noise white, pink or brown noise, each as often, over the whole window
 * @param background given recordings, where there are some
 * @param roomProbability probability that the clip sounds as in a room, 0 to 1
 * @param shortestReverb the shortest time in which a room's sound falls by 60 dB, 0.02 to 5 s
 * @param longestReverb the longest such time, at least the shortest, at most 5 s
 * @param gainDecibels largest change of the level either way, 0 to 40 dB
 * @param shift largest displacement either way, as a part of the window, 0 to 0.5
 * @param pitchSemitones largest change of the pitch either way at the same length, 0 to 12
 *     semitones
 * @param speed largest relative change of the speed either way, pitch included, 0 to 0.5
 * @param mask largest part of the time that is silenced, and of the mel scale that is filtered out,
 *     0 to 0.5 (Park et al., "SpecAugment", 2019, on the waveform)
 */
public record AudioAugmentation(
    NoiseLevel noise,
    NoiseLevel background,
    double roomProbability,
    double shortestReverb,
    double longestReverb,
    double gainDecibels,
    double shift,
    double pitchSemitones,
    double speed,
    double mask) {

  private static final double SHORTEST_REVERB = 0.1;
  private static final double LONGEST_REVERB = 0.6;
  private static final AudioAugmentation NONE =
      new AudioAugmentation(
          NoiseLevel.OFF, NoiseLevel.OFF, 0, SHORTEST_REVERB, LONGEST_REVERB, 0, 0, 0, 0, 0);

  public AudioAugmentation {
    Objects.requireNonNull(noise, "noise");
    Objects.requireNonNull(background, "background");
    require("room", roomProbability, 0, 1);
    require("reverb", shortestReverb, 0.02, 5);
    require("reverb, upper end", longestReverb, shortestReverb, 5);
    require("gain", gainDecibels, 0, 40);
    require("shift", shift, 0, 0.5);
    require("pitch", pitchSemitones, 0, 12);
    require("speed", speed, 0, 0.5);
    require("mask", mask, 0, 0.5);
  }

  static void require(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "augmentation, %s: expected %s to %s, found %s",
              name,
              number(least),
              number(most),
              number(value)));
    }
  }

  /** Every view is the plain clip. */
  public static AudioAugmentation none() {
    return NONE;
  }

  /** For speech and most sounds: noise, background, rooms, level, place, speed and small masks. */
  public static AudioAugmentation standard() {
    return new AudioAugmentation(
        new NoiseLevel(0.5, 5, 25),
        new NoiseLevel(0.5, 0, 20),
        0.5,
        SHORTEST_REVERB,
        LONGEST_REVERB,
        6,
        0.1,
        1,
        0.1,
        0.1);
  }

  /** For sounds whose colour, pitch or room carries meaning: soft noise, level, place. */
  public static AudioAugmentation light() {
    return new AudioAugmentation(
        new NoiseLevel(0.5, 15, 30),
        new NoiseLevel(0.5, 10, 25),
        0,
        SHORTEST_REVERB,
        LONGEST_REVERB,
        6,
        0.05,
        0,
        0.03,
        0);
  }

  /** Whether every view is the plain clip. */
  public boolean isNone() {
    return noise.isOff()
        && background.isOff()
        && roomProbability == 0
        && gainDecibels == 0
        && shift == 0
        && pitchSemitones == 0
        && speed == 0
        && mask == 0;
  }

  /**
   * Reads the string form: "none", "standard", "light", or a list as in {@code
   * noise=5..20,room=0.5,gain=6}, where what is not named is off. {@code noise} and {@code
   * background} take a signal-to-noise ratio or a range of it in dB, and a probability after "@"
   * (else 0.5). A word alone means noise=5..20, background=0..15, room=0.5, reverb=0.1..0.6,
   * gain=6, shift=0.1, pitch=2, speed=0.1, mask=0.1.
   *
   * @throws DataException for an unknown word or a value out of range, naming what is expected
   */
  public static AudioAugmentation parse(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "none", "" -> none();
      case "standard" -> standard();
      case "light" -> light();
      default -> new AudioAugmentationText(text).parse();
    };
  }

  /** The string form; {@link #parse} gives an equal augmentation back. */
  @Override
  public String toString() {
    if (isNone()) {
      return "none";
    }
    List<String> items = new ArrayList<>();
    if (!noise.isOff()) {
      items.add("noise=" + noise);
    }
    if (!background.isOff()) {
      items.add("background=" + background);
    }
    add(items, "room", roomProbability);
    if (shortestReverb != SHORTEST_REVERB || longestReverb != LONGEST_REVERB) {
      items.add("reverb=" + number(shortestReverb) + ".." + number(longestReverb));
    }
    add(items, "gain", gainDecibels);
    add(items, "shift", shift);
    add(items, "pitch", pitchSemitones);
    add(items, "speed", speed);
    add(items, "mask", mask);
    return String.join(",", items);
  }

  private static void add(List<String> items, String word, double value) {
    if (value != 0) {
      items.add(word + "=" + number(value));
    }
  }

  static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
