package dev.graft.data.audio;

import dev.graft.data.DataException;
import java.util.Locale;

/** Reads the list form of an {@link AudioAugmentation}. */
final class AudioAugmentationText {
  private static final double PROBABILITY = 0.5;

  private final String text;

  AudioAugmentationText(String text) {
    this.text = text;
  }

  AudioAugmentation parse() {
    NoiseLevel noise = NoiseLevel.OFF;
    NoiseLevel background = NoiseLevel.OFF;
    double room = 0;
    double[] reverb = {
      AudioAugmentation.none().shortestReverb(), AudioAugmentation.none().longestReverb()
    };
    double gain = 0;
    double shift = 0;
    double pitch = 0;
    double speed = 0;
    double mask = 0;
    try {
      for (String item : text.split(",", -1)) {
        String[] pair = item.strip().split("=", 2);
        String word = pair[0].strip().toLowerCase(Locale.ROOT);
        switch (word) {
          case "noise" -> noise = level(pair, "5..20");
          case "background" -> background = level(pair, "0..15");
          case "room" -> room = value(pair, 0.5);
          case "reverb" -> reverb = range(pair[0], pair.length > 1 ? pair[1] : "0.1..0.6");
          case "gain" -> gain = value(pair, 6);
          case "shift" -> shift = value(pair, 0.1);
          case "pitch" -> pitch = value(pair, 2);
          case "speed" -> speed = value(pair, 0.1);
          case "mask" -> mask = value(pair, 0.1);
          default -> throw unknown(word);
        }
      }
      return new AudioAugmentation(
          noise, background, room, reverb[0], reverb[1], gain, shift, pitch, speed, mask);
    } catch (IllegalArgumentException e) {
      throw new DataException("Cannot read \"" + text + "\": " + e.getMessage() + ".", e);
    }
  }

  private NoiseLevel level(String[] pair, String otherwise) {
    String[] parts = (pair.length > 1 ? pair[1] : otherwise).split("@", 2);
    double[] range = range(pair[0], parts[0]);
    double probability = parts.length > 1 ? number(pair[0], parts[1]) : PROBABILITY;
    return new NoiseLevel(probability, range[0], range[1]);
  }

  private double value(String[] pair, double otherwise) {
    return pair.length == 1 ? otherwise : number(pair[0], pair[1]);
  }

  private double[] range(String word, String range) {
    String[] ends = range.split("\\.\\.", 2);
    double low = number(word, ends[0]);
    return new double[] {low, ends.length > 1 ? number(word, ends[1]) : low};
  }

  private double number(String word, String number) {
    try {
      return Double.parseDouble(number.strip());
    } catch (NumberFormatException e) {
      throw new DataException(
          "Cannot read the augmentation \""
              + text
              + "\": expected a number after "
              + word.strip()
              + "=, found \""
              + number.strip()
              + "\".",
          e);
    }
  }

  private DataException unknown(String word) {
    return new DataException(
        "Cannot read the augmentation \""
            + text
            + "\": unknown word \""
            + word
            + "\". Expected none, standard, light, or a list of noise, background, room, reverb, gain, shift, pitch,"
            + " speed and mask, each with =VALUE where wanted.");
  }
}
