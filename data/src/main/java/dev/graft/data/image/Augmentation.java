package dev.graft.data.image;

import dev.graft.data.DataException;
import dev.graft.data.DatasetKind;
import dev.graft.data.ExampleAugmentation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How the random views of a training image differ from the image; immutable and thread-safe.
 *
 * <p>The string form lists what is switched on: {@code
 * flip=0.5,crop=0.6,aspect=1.333,rotate=10,translate=0.1,jitter=0.2,erase=0.25}, or {@code none}.
 * It is stable and enters the key of cached views.
 *
 * @param flipProbability probability that left and right are exchanged, 0 to 1
 * @param smallestCrop smallest part of the area that a random crop keeps, 0.05 to 1; 1 keeps the
 *     plain crop (Szegedy et al., "Going Deeper with Convolutions", 2015, section 6)
 * @param largestAspect largest factor by which a random crop changes the ratio of width to height,
 *     either way, 1 to 4
 * @param rotationDegrees largest rotation either way, 0 to 180 degrees
 * @param translation largest shift either way along each axis, as a part of the side, 0 to 0.5
 * @param jitter largest relative change of brightness, contrast and saturation either way, 0 to 0.9
 * @param eraseProbability probability that a rectangle of 2 to 20 % of the area is replaced by the
 *     mean, 0 to 1 (Zhong et al., "Random Erasing Data Augmentation", 2020)
 */
public record Augmentation(
    double flipProbability,
    double smallestCrop,
    double largestAspect,
    double rotationDegrees,
    double translation,
    double jitter,
    double eraseProbability)
    implements ExampleAugmentation {

  private static final Augmentation NONE = new Augmentation(0, 1, 1, 0, 0, 0, 0);

  public Augmentation {
    require("flip", flipProbability, 0, 1);
    require("crop", smallestCrop, 0.05, 1);
    require("aspect", largestAspect, 1, 4);
    require("rotate", rotationDegrees, 0, 180);
    require("translate", translation, 0, 0.5);
    require("jitter", jitter, 0, 0.9);
    require("erase", eraseProbability, 0, 1);
  }

  private static void require(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "augmentation, %s: expected %s to %s, found %s",
              name,
              least,
              most,
              value));
    }
  }

  /** Every view is the plain image. */
  public static Augmentation none() {
    return NONE;
  }

  /** For photographs: flip, crops of at least half the area, slight changes of colour. */
  public static Augmentation standard() {
    return new Augmentation(0.5, 0.5, 4.0 / 3, 0, 0, 0.2, 0);
  }

  /**
   * For small or grey images whose orientation carries meaning, as digits and X-rays do: rotations
   * up to 15 degrees, shifts up to a tenth, crops of at least 70 % of the area, no flip.
   */
  public static Augmentation light() {
    return new Augmentation(0, 0.7, 1.3, 15, 0.1, 0.2, 0);
  }

  @Override
  public DatasetKind kind() {
    return DatasetKind.IMAGE;
  }

  @Override
  public boolean isNone() {
    return equals(NONE);
  }

  /**
   * Reads the string form: "none", "standard", "light", or a list as in {@code
   * flip,crop=0.6,rotate=10,jitter=0.2}, where what is not named is off. {@code flip} alone means
   * 0.5, {@code erase} alone 0.25; {@code crop} without {@code aspect} also changes the aspect by
   * up to 4/3.
   *
   * @throws DataException for an unknown word or a value out of range, naming what is expected
   */
  public static Augmentation parse(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "none", "" -> none();
      case "standard" -> standard();
      case "light" -> light();
      default -> parseList(text);
    };
  }

  private static Augmentation parseList(String text) {
    double flip = 0;
    double crop = 1;
    double aspect = Double.NaN;
    double rotate = 0;
    double translate = 0;
    double jitter = 0;
    double erase = 0;
    for (String item : text.split(",", -1)) {
      String[] pair = item.strip().split("=", 2);
      String word = pair[0].strip().toLowerCase(Locale.ROOT);
      switch (word) {
        case "flip" -> flip = value(pair, 0.5, text);
        case "crop" -> crop = value(pair, 0.5, text);
        case "aspect" -> aspect = value(pair, 4.0 / 3, text);
        case "rotate" -> rotate = value(pair, 10, text);
        case "translate" -> translate = value(pair, 0.1, text);
        case "jitter" -> jitter = value(pair, 0.2, text);
        case "erase" -> erase = value(pair, 0.25, text);
        default -> throw unknown(word, text);
      }
    }
    if (Double.isNaN(aspect)) {
      aspect = crop < 1 ? 4.0 / 3 : 1;
    }
    try {
      return new Augmentation(flip, crop, aspect, rotate, translate, jitter, erase);
    } catch (IllegalArgumentException e) {
      throw new DataException("Cannot read \"" + text + "\": " + e.getMessage() + ".", e);
    }
  }

  private static double value(String[] pair, double otherwise, String text) {
    if (pair.length == 1) {
      return otherwise;
    }
    try {
      return Double.parseDouble(pair[1].strip());
    } catch (NumberFormatException e) {
      throw new DataException(
          "Cannot read the augmentation \""
              + text
              + "\": expected a number after "
              + pair[0].strip()
              + "=, found \""
              + pair[1].strip()
              + "\".",
          e);
    }
  }

  private static DataException unknown(String word, String text) {
    return new DataException(
        "Cannot read the augmentation \""
            + text
            + "\": unknown word \""
            + word
            + "\". Expected none, standard, light, or a list of flip, crop, aspect, rotate, translate, jitter and erase,"
            + " each with =VALUE where wanted.");
  }

  /** The string form; {@link #parse} gives an equal augmentation back. */
  @Override
  public String toString() {
    if (isNone()) {
      return "none";
    }
    List<String> items = new ArrayList<>();
    add(items, "flip", flipProbability, 0);
    add(items, "crop", smallestCrop, 1);
    if (smallestCrop < 1 || largestAspect != 1) {
      items.add("aspect=" + number(largestAspect));
    }
    add(items, "rotate", rotationDegrees, 0);
    add(items, "translate", translation, 0);
    add(items, "jitter", jitter, 0);
    add(items, "erase", eraseProbability, 0);
    return String.join(",", items);
  }

  private static void add(List<String> items, String word, double value, double off) {
    if (value != off) {
      items.add(word + "=" + number(value));
    }
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
