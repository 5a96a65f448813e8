package dev.graft.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * When a phrase counts as heard in running sound: of the last {@code within} windows, {@code
 * patience} must score at least the threshold; what follows is the same hit until the scores have
 * stayed below it for the refractory time.
 *
 * @param phrase the label that is listened for
 * @param threshold least probability of the phrase, above 0 and below 1
 * @param windowSamples samples of a window
 * @param hopSamples samples from one window to the next, at least 1
 * @param patience windows that must agree, at least 1
 * @param within the windows among which they are counted, {@code patience} to 1,000
 * @param refractorySeconds 0 to 3,600
 */
public record DetectionRule(
    String phrase,
    double threshold,
    int windowSamples,
    int hopSamples,
    int patience,
    int within,
    double refractorySeconds) {
  private static final int MOST_WITHIN = 1_000;
  private static final double LONGEST_REFRACTORY = 3_600;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a value is out of its range; the message names it
   */
  public DetectionRule {
    require(threshold > 0 && threshold < 1, "threshold", threshold, "above 0 and below 1");
    require(windowSamples >= 1, "windowSamples", windowSamples, "at least 1");
    require(hopSamples >= 1, "hopSamples", hopSamples, "at least 1");
    require(
        within >= 1 && within <= MOST_WITHIN, "within", within, "1 to " + MOST_WITHIN + " windows");
    require(
        patience >= 1 && patience <= within, "patience", patience, "1 to " + within + " windows");
    require(
        refractorySeconds >= 0 && refractorySeconds <= LONGEST_REFRACTORY,
        "refractorySeconds",
        refractorySeconds,
        "0 to 3600");
  }

  private static void require(boolean holds, String name, double value, String range) {
    if (!holds) {
      throw new IllegalArgumentException(
          "DetectionRule." + name + " is " + value + "; expected " + range);
    }
  }

  /** The same with another threshold. */
  public DetectionRule withThreshold(double other) {
    return new DetectionRule(
        phrase, other, windowSamples, hopSamples, patience, within, refractorySeconds);
  }

  /** Reads what {@link #write} wrote; empty where there is none. */
  static Optional<DetectionRule> read(JsonNode found) {
    if (found.isMissingNode() || found.isNull()) {
      return Optional.empty();
    }
    if (!found.isObject()) {
      throw new IllegalArgumentException("wake_word is " + found + "; expected an object");
    }
    return Optional.of(
        new DetectionRule(
            text(found, "phrase"),
            number(found, "threshold"),
            whole(found, "window_samples"),
            whole(found, "hop_samples"),
            whole(found, "patience"),
            whole(found, "within"),
            number(found, "refractory_seconds")));
  }

  void write(ObjectNode json) {
    json.put("phrase", phrase);
    json.put("threshold", threshold);
    json.put("window_samples", windowSamples);
    json.put("hop_samples", hopSamples);
    json.put("patience", patience);
    json.put("within", within);
    json.put("refractory_seconds", refractorySeconds);
  }

  private static String text(JsonNode json, String key) {
    if (!json.path(key).isTextual()) {
      throw wrong(json, key, "a text");
    }
    return json.path(key).asText();
  }

  private static double number(JsonNode json, String key) {
    if (!json.path(key).isNumber()) {
      throw wrong(json, key, "a number");
    }
    return json.path(key).asDouble();
  }

  private static int whole(JsonNode json, String key) {
    if (!json.path(key).isInt()) {
      throw wrong(json, key, "a whole number");
    }
    return json.path(key).intValue();
  }

  private static IllegalArgumentException wrong(JsonNode json, String key, String expected) {
    String found = json.has(key) ? json.path(key).toString() : "missing";
    return new IllegalArgumentException(
        "wake_word." + key + " is " + found + "; expected " + expected);
  }
}
