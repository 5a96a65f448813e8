package dev.graft.transfer.evidence;

import java.util.List;

/**
 * How accuracy grows with the number of training examples.
 *
 * @param points measured on subsamples, the smallest first
 * @param forecasts what the fitted curve expects for more examples
 * @param sentence for people
 */
public record LearningCurve(List<Point> points, List<Forecast> forecasts, String sentence) {
  /** Copies the lists. */
  public LearningCurve {
    points = List.copyOf(points);
    forecasts = List.copyOf(forecasts);
  }

  /**
   * A measured point.
   *
   * @param examples training examples
   * @param accuracy mean held-out accuracy over the subsamples
   * @param range lowest and highest of them
   */
  public record Point(int examples, double accuracy, Interval range) {}

  /**
   * An expected point.
   *
   * @param examples training examples
   * @param accuracy that is expected
   * @param band 80 % band of it
   */
  public record Forecast(int examples, double accuracy, Interval band) {}
}
