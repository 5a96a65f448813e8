package dev.graft.transfer.wakeword;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How a wake word is trained.
 *
 * @param phrase what the class is called, not "other"
 * @param seed of everything random
 * @param falseAcceptsPerHour the most that the threshold may allow on held-out streams, above 0
 * @param streamHours generated streams of other sound to train on, 0.01 to 100; empty for 3, or 1
 *     with a backbone that cannot be run along sound, which costs several times as much
 * @param viewsPerPhrase how often each recording of the phrase is heard, 1 to 1,000; empty for 40,
 *     or 15 with such a backbone
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
    OptionalDouble streamHours,
    OptionalInt viewsPerPhrase,
    List<Integer> hiddenWidths,
    int rounds,
    Optional<Duration> budget,
    String command) {
  /** The class of all that is not the phrase. */
  public static final String OTHER = "other";

  /** What suits most phrases. */
  public static WakeWordSettings of(String phrase) {
    return new WakeWordSettings(
        phrase,
        42,
        0.5,
        OptionalDouble.empty(),
        OptionalInt.empty(),
        List.of(64, 32),
        5,
        Optional.empty(),
        "");
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
    streamHours.ifPresent(
        hours -> require(hours >= 0.01 && hours <= 100, "hours", hours, "0.01 to 100"));
    viewsPerPhrase.ifPresent(
        views -> require(views >= 1 && views <= 1_000, "views", views, "1 to 1000"));
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

  /** With other streams of other sound. */
  public WakeWordSettings withStreamHours(double hours) {
    return new WakeWordSettings(
        phrase,
        seed,
        falseAcceptsPerHour,
        OptionalDouble.of(hours),
        viewsPerPhrase,
        hiddenWidths,
        rounds,
        budget,
        command);
  }

  /** With more or fewer views of each recording of the phrase. */
  public WakeWordSettings withViewsPerPhrase(int views) {
    return new WakeWordSettings(
        phrase,
        seed,
        falseAcceptsPerHour,
        streamHours,
        OptionalInt.of(views),
        hiddenWidths,
        rounds,
        budget,
        command);
  }

  /** With more or fewer rounds. */
  public WakeWordSettings withRounds(int number) {
    return new WakeWordSettings(
        phrase,
        seed,
        falseAcceptsPerHour,
        streamHours,
        viewsPerPhrase,
        hiddenWidths,
        number,
        budget,
        command);
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
