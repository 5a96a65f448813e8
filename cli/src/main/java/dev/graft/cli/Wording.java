package dev.graft.cli;

import dev.graft.data.DatasetKind;
import dev.graft.runtime.Predictor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Numbers, names and durations as the command writes them, the same in every locale. */
final class Wording {
  private Wording() {}

  /** A share of 1 as a percentage with one decimal. */
  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  /** A share of 1 as a percentage, cut to whole ones unless it has decimals worth showing. */
  static String share(double share) {
    double percent = Math.floor(1000 * share + 1e-6) / 10;
    return percent == Math.rint(percent)
        ? String.format(Locale.ROOT, "%.0f %%", percent)
        : String.format(Locale.ROOT, "%.1f %%", percent);
  }

  /** A whole number with thousands apart. */
  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** A number and its noun, which takes an s from two on. */
  static String count(long number, String noun) {
    return count(number) + " " + noun + (number == 1 ? "" : "s");
  }

  /** A size in bytes, in the unit that leaves one to three digits. */
  static String bytes(long bytes) {
    if (bytes < 1_000) {
      return bytes + " bytes";
    }
    double value = bytes;
    String[] units = {"kB", "MB", "GB", "TB"};
    int unit = -1;
    while (value >= 1_000 && unit < units.length - 1) {
      value /= 1_000;
      unit++;
    }
    return String.format(Locale.ROOT, value < 10 ? "%.1f %s" : "%.0f %s", value, units[unit]);
  }

  /** A duration in seconds with one decimal, from a minute on in minutes, from an hour in hours. */
  static String seconds(double seconds) {
    return seconds < 60
        ? String.format(Locale.ROOT, "%.1f s", seconds)
        : duration(Duration.ofSeconds(Math.round(seconds)));
  }

  /** A duration in its two largest units. */
  static String duration(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 60) {
      return seconds + " s";
    }
    return seconds < 3_600
        ? String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60)
        : String.format(Locale.ROOT, "%d h %02d min", seconds / 3_600, seconds / 60 % 60);
  }

  /**
   * Text that cannot steer a terminal: names of files and classes come from anywhere, and control
   * characters in them would move the cursor or recolour what follows.
   */
  static String printable(String text) {
    StringBuilder safe = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean steers = (Character.isISOControl(c) && c != '\n') || isDirectionMark(c);
      if (steers && safe == null) {
        safe = new StringBuilder(text.length() + 8).append(text, 0, i);
      }
      if (safe != null) {
        safe.append(steers ? String.format(Locale.ROOT, "\\u%04x", (int) c) : String.valueOf(c));
      }
    }
    return safe == null ? text : safe.toString();
  }

  /** As {@link #printable}, on one line. */
  static String name(String text) {
    return printable(text).replace("\n", "\\n");
  }

  private static boolean isDirectionMark(char c) {
    return (c >= '\u202a' && c <= '\u202e') || (c >= '\u2066' && c <= '\u2069');
  }

  /** Text cut to a width, with its middle left out: both ends of a path tell it apart. */
  static String shortened(String text, int width) {
    if (text.length() <= width) {
      return text;
    }
    int tail = Math.max(1, (width - 1) * 2 / 3);
    int head = Math.max(0, width - 1 - tail);
    return text.substring(0, head) + "…" + text.substring(text.length() - tail);
  }

  /** Breaks text at blanks into lines of at most a width, where its words allow. */
  static List<String> wrapped(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ")) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  /** The kind of files that a model is for. */
  static DatasetKind kind(Predictor predictor) {
    return predictor.bundle().config().modality().kind();
  }

  /** What stands for a file of a kind in a command that people complete. */
  static String placeholder(DatasetKind kind) {
    return switch (kind) {
      case IMAGE -> "PHOTO";
      case AUDIO -> "RECORDING";
      case TEXT -> "TEXT";
    };
  }

  /** Which files of a kind can be read. */
  static String formats(DatasetKind kind) {
    return switch (kind) {
      case IMAGE -> "images (JPEG, PNG, GIF, BMP, WebP, TIFF)";
      case AUDIO -> "recordings (WAV, FLAC, MP3, Ogg, Opus, M4A, AIFF)";
      case TEXT -> "text files";
    };
  }
}
