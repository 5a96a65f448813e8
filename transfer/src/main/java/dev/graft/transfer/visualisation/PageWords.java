package dev.graft.transfer.visualisation;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What the page says of figures, the same in every locale. */
final class PageWords {
  private static final int MOST_CLASSES = 3;
  private static final int LONGEST_NAME = 30;

  private PageWords() {}

  /** A number with three digits that count. */
  static String number(double value) {
    if (value == 0) {
      return "0";
    }
    boolean plain = Math.abs(value) >= 1e-3 && Math.abs(value) < 1e6;
    String text =
        Math.abs(value) >= 100 && plain
            ? String.format(Locale.ROOT, "%.0f", value)
            : String.format(Locale.ROOT, plain ? "%.3g" : "%.2e", value);
    return text.replace('-', '\u2212');
  }

  static String count(long number, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", number, noun, number == 1 ? "" : "s");
  }

  /** What a block's maps are, and what one place of them depends on. */
  static String maps(BlockTap.Shown tap, int imageHeight, int imageWidth) {
    MapLayout layout = tap.layout();
    return count(layout.channels(), "channel")
        + " of "
        + size(layout.height(), layout.width())
        + " places. "
        + field(tap.field(), imageHeight, imageWidth);
  }

  private static String field(ReceptiveField field, int imageHeight, int imageWidth) {
    if (!(field instanceof ReceptiveField.Local map)) {
      return "Each place may depend on the whole image.";
    }
    String sentence = "Each place depends on " + size(map.rows().size(), map.columns().size());
    boolean whole = map.rows().size() >= imageHeight && map.columns().size() >= imageWidth;
    if (whole) {
      return sentence + " pixels, which is as much as the image or more.";
    }
    return sentence
        + " pixels; from place to place it is "
        + (map.rows().jump() == map.columns().jump()
            ? count(map.rows().jump(), "pixel")
            : size(map.rows().jump(), map.columns().jump()) + " pixels")
        + ".";
  }

  static String size(long height, long width) {
    return height + " \u00d7 " + width;
  }

  /** The classes of some patches with their counts, the most frequent first. */
  static String classes(List<String> labels) {
    Map<String, Long> counts =
        labels.stream()
            .collect(
                Collectors.groupingBy(label -> label, LinkedHashMap::new, Collectors.counting()));
    List<Map.Entry<String, Long>> sorted =
        counts.entrySet().stream()
            .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
            .toList();
    String words =
        sorted.stream()
            .limit(MOST_CLASSES)
            .map(entry -> shortened(entry.getKey()) + " " + entry.getValue())
            .collect(Collectors.joining(", "));
    return sorted.size() > MOST_CLASSES ? words + ", others" : words;
  }

  private static String shortened(String name) {
    return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME - 1) + "…";
  }
}
