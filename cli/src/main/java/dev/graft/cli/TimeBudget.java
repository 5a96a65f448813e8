package dev.graft.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/** Reads durations as people write them: 90s, 10m, 1h30m. */
final class TimeBudget {
  private static final Pattern FORM =
      Pattern.compile("(?:([0-9]{1,6})h)?(?:([0-9]{1,6})m(?:in)?)?(?:([0-9]{1,6})s)?");

  private TimeBudget() {}

  static Duration parse(String text) {
    Matcher form = FORM.matcher(text.trim().toLowerCase(Locale.ROOT));
    Duration duration = Duration.ZERO;
    if (form.matches()) {
      duration = duration.plusHours(number(form.group(1)));
      duration = duration.plusMinutes(number(form.group(2)));
      duration = duration.plusSeconds(number(form.group(3)));
    }
    if (duration.isZero()) {
      throw new TypeConversionException(
          "expected a duration such as 90s, 10m or 1h30m, found \"" + text + "\"");
    }
    return duration;
  }

  private static long number(@org.jspecify.annotations.Nullable String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }
}
