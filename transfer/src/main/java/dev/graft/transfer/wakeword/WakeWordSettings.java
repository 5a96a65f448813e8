package dev.graft.transfer.wakeword;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a wake word is trained.
 *
 * @param phrase what the class is called, not "other"
 * @param seed of everything random
 * @param falseAcceptsPerHour the most that the threshold may allow on held-out streams, above 0
 * @param streamHours generated streams of other sound to train on, 0.01 to 100
 * @param viewsPerPhrase how often each recording of the phrase is heard, 1 to 1,000
 * @param hiddenWidths of the new layers before the last
 * @param rounds of training, each after the first with the hardest negatives of the one before, 1
 *     to 20
 * @param budget after which no further round begins; empty for no limit
 * @param command for the provenance
 */
public record WakeWordSettings(
    String phrase,
    long seed,
    double falseAcceptsPerHour,
    double streamHours,
    int viewsPerPhrase,
    List<Integer> hiddenWidths,
    int rounds,
    Optional<Duration> budget,
    String command) {
  /** The class of all that is not the phrase. */
  public static final String OTHER = "other";

  /** What suits most phrases. */
  public static WakeWordSettings of(String phrase) {
    return new WakeWordSettings(phrase, 42, 0.5, 3, 40, List.of(64, 32), 5, Optional.empty(), "");
  }

  /** Checks the ranges. */
  public WakeWordSettings {
    hiddenWidths = List.copyOf(hiddenWidths);
    require(!phrase.isBlank() && !phrase.equals(OTHER), "phrase", phrase, "a name but \"other\"");
    require(
        falseAcceptsPerHour > 0 && falseAcceptsPerHour <= 3_600,
        "false accepts per hour",
        falseAcceptsPerHour,
        "above 0 and at most 3600");
    require(streamHours >= 0.01 && streamHours <= 100, "hours", streamHours, "0.01 to 100");
    require(viewsPerPhrase >= 1 && viewsPerPhrase <= 1_000, "views", viewsPerPhrase, "1 to 1000");
    require(rounds >= 1 && rounds <= 20, "rounds", rounds, "1 to 20");
    require(
        hiddenWidths.stream().allMatch(width -> width >= 1 && width <= 4_096),
        "hidden widths",
        hiddenWidths,
        "each 1 to 4096");
  }

  private static void require(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(
          "wake word, " + name + ": expected " + expected + ", found " + value);
    }
  }

  /** With another seed. */
  public WakeWordSettings withSeed(long other) {
    return new WakeWordSettings(
        phrase,
        other,
        falseAcceptsPerHour,
        streamHours,
        viewsPerPhrase,
        hiddenWidths,
        rounds,
        budget,
        command);
  }

  /** With another limit on false accepts. */
  public WakeWordSettings withFalseAcceptsPerHour(double most) {
    return new WakeWordSettings(
        phrase, seed, most, streamHours, viewsPerPhrase, hiddenWidths, rounds, budget, command);
  }

  /** With more or less to train on. */
  public WakeWordSettings withEffort(double hours, int views) {
    return new WakeWordSettings(
        phrase, seed, falseAcceptsPerHour, hours, views, hiddenWidths, rounds, budget, command);
  }

  /** With a limit on the time. */
  public WakeWordSettings withBudget(Duration limit) {
    return new WakeWordSettings(
        phrase,
        seed,
        falseAcceptsPerHour,
        streamHours,
        viewsPerPhrase,
        hiddenWidths,
        rounds,
        Optional.of(limit),
        command);
  }

  /** With the command that asked for it. */
  public WakeWordSettings withCommand(String text) {
    return new WakeWordSettings(
        phrase,
        seed,
        falseAcceptsPerHour,
        streamHours,
        viewsPerPhrase,
        hiddenWidths,
        rounds,
        budget,
        text);
  }
}
