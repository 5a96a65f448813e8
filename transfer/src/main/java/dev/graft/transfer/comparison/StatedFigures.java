package dev.graft.transfer.comparison;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * The test figures of a metrics.json. Immutable and thread-safe.
 *
 * @param examples how many
 * @param accuracy 0 to 1
 * @param low lower bound of its 95 % interval
 * @param high upper bound of its 95 % interval
 * @param balancedAccuracy 0 to 1
 * @param macroF1 0 to 1
 * @param logLoss at least 0
 */
public record StatedFigures(
    long examples,
    double accuracy,
    double low,
    double high,
    double balancedAccuracy,
    double macroF1,
    double logLoss) {
  /** Empty where a figure is missing. */
  static Optional<StatedFigures> read(JsonNode test) {
    JsonNode interval = test.path("accuracy_interval");
    boolean whole =
        test.path("examples").isNumber()
            && test.path("accuracy").isNumber()
            && interval.path(0).isNumber()
            && interval.path(1).isNumber()
            && test.path("balanced_accuracy").isNumber()
            && test.path("macro_f1").isNumber()
            && test.path("log_loss").isNumber();
    return whole
        ? Optional.of(
            new StatedFigures(
                test.path("examples").asLong(),
                test.path("accuracy").asDouble(),
                interval.path(0).asDouble(),
                interval.path(1).asDouble(),
                test.path("balanced_accuracy").asDouble(),
                test.path("macro_f1").asDouble(),
                test.path("log_loss").asDouble()))
        : Optional.empty();
  }
}
