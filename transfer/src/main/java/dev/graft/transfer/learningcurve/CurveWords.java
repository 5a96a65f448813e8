package dev.graft.transfer.learningcurve;

import dev.graft.transfer.evidence.Interval;
import dev.graft.transfer.evidence.LearningCurve;
import dev.graft.transfer.evidence.LearningCurve.Forecast;
import dev.graft.transfer.evidence.LearningCurve.Point;
import java.util.List;
import java.util.Locale;

/** Says what a forecast means, and withholds it where the measurements do not carry one. */
final class CurveWords {
  /** A band wider than this at twice as many examples tells nothing. */
  private static final double WIDEST_BAND = 0.2;

  /** Points that lie further from the law do not follow one. */
  private static final double GREATEST_MISFIT = 1.5;

  /** Less than this is not worth collecting for. */
  private static final double LITTLE = 0.01;

  /** From here on tenths of a percent matter. */
  private static final double HIGH_ACCURACY = 0.9;

  private CurveWords() {}

  /**
   * The curve with its sentence.
   *
   * @param present number of training examples
   * @param measured how many of them were measured
   */
  static LearningCurve curve(
      List<Point> points, Forecasting forecasting, int present, int measured) {
    Forecast twice = forecasting.at(Math.multiplyExact(2, present));
    Forecast fourTimes = forecasting.at(Math.multiplyExact(4, present));
    String basis =
        measured < present ? " This was measured on a sample of " + count(measured) + "." : "";
    if (forecasting.misfit() > GREATEST_MISFIT) {
      return new LearningCurve(
          points,
          List.of(),
          "How much more examples would help cannot be told: the accuracies of smaller numbers of"
              + " them follow no curve that could be drawn out."
              + basis);
    }
    if (width(twice) > WIDEST_BAND) {
      return new LearningCurve(
          points,
          List.of(),
          String.format(
              Locale.ROOT,
              "How much more examples would help cannot be told from %s: with twice as many, anything"
                  + " from %s to %s may come.",
              count(present),
              percent(twice.band().low(), false),
              percent(twice.band().high(), false)));
    }
    double now = forecasting.law().accuracy(present);
    return new LearningCurve(
        points, List.of(twice, fourTimes), sentence(now, twice, fourTimes) + basis);
  }

  /** The curve of examples that are too few for three different sizes. */
  static LearningCurve withoutForecast(List<Point> points, int present) {
    return new LearningCurve(
        points,
        List.of(),
        "How much more examples would help cannot be told from "
            + count(present)
            + ": some class has too few to leave some of them out.");
  }

  private static String sentence(double now, Forecast twice, Forecast fourTimes) {
    boolean tenths = now >= HIGH_ACCURACY;
    if (fourTimes.accuracy() - now < LITTLE) {
      return String.format(
          Locale.ROOT,
          "More examples of the same kind would help little: with four times as many (%s), a head on"
              + " these features would likely have about %s right instead of %s (80 %% band %s).",
          count(fourTimes.examples()),
          percent(fourTimes.accuracy(), tenths),
          percent(now, tenths),
          band(fourTimes.band(), tenths));
    }
    if (fourTimes.band().low() <= now) {
      return String.format(
          Locale.ROOT,
          "More examples of the same kind may help a little: with twice as many (%s), a head on these"
              + " features would have about %s right instead of %s (80 %% band %s), with four times as"
              + " many about %s (%s). The bands leave open whether they help at all.",
          count(twice.examples()),
          percent(twice.accuracy(), tenths),
          percent(now, tenths),
          band(twice.band(), tenths),
          percent(fourTimes.accuracy(), tenths),
          band(fourTimes.band(), tenths));
    }
    return String.format(
        Locale.ROOT,
        "Twice as many examples (%s) would likely raise the accuracy of a head on these features from"
            + " %s to about %s (80 %% band %s), four times as many to about %s (%s).",
        count(twice.examples()),
        percent(now, tenths),
        percent(twice.accuracy(), tenths),
        band(twice.band(), tenths),
        percent(fourTimes.accuracy(), tenths),
        band(fourTimes.band(), tenths));
  }

  private static double width(Forecast forecast) {
    return forecast.band().high() - forecast.band().low();
  }

  private static String band(Interval band, boolean tenths) {
    return number(band.low(), tenths) + " to " + number(band.high(), tenths);
  }

  private static String percent(double share, boolean tenths) {
    return number(share, tenths) + " %";
  }

  private static String number(double share, boolean tenths) {
    return String.format(Locale.ROOT, tenths ? "%.1f" : "%.0f", 100 * share);
  }

  private static String count(int number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
