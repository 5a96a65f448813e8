package dev.graft.zoo.hub;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a hub asks to be left alone: {@code Retry-After} (seconds or a date, RFC 9110 section
 * 10.2.3), else the seconds {@code t} of an exhausted window in {@code RateLimit:
 * "resolvers";r=0;t=55} (draft-ietf-httpapi-ratelimit-headers).
 */
final class RequestedWait {
  private static final Pattern EXHAUSTED = Pattern.compile("(?:^|;)\\s*r=0(?:;|$)");
  private static final Pattern SECONDS = Pattern.compile("(?:^|;)\\s*t=(\\d{1,9})(?:;|$)");

  private RequestedWait() {}

  static Optional<Duration> in(HttpHeaders headers, Instant now) {
    return headers
        .firstValue("Retry-After")
        .flatMap(text -> retryAfter(text.strip(), now))
        .or(() -> headers.firstValue("RateLimit").flatMap(RequestedWait::rateLimit));
  }

  private static Optional<Duration> retryAfter(String text, Instant now) {
    if (text.matches("\\d{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
    }
    try {
      Instant when = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration left = Duration.between(now, when);
      return Optional.of(left.isNegative() ? Duration.ZERO : left);
    } catch (DateTimeParseException neither) {
      return Optional.empty();
    }
  }

  /** The longest of the windows that are used up. */
  private static Optional<Duration> rateLimit(String text) {
    Optional<Duration> longest = Optional.empty();
    for (String window : text.split(",")) {
      Matcher seconds = SECONDS.matcher(window);
      if (EXHAUSTED.matcher(window).find() && seconds.find()) {
        Duration asked = Duration.ofSeconds(Long.parseLong(seconds.group(1)));
        longest = longest.filter(known -> known.compareTo(asked) >= 0).or(() -> Optional.of(asked));
      }
    }
    return longest;
  }
}
