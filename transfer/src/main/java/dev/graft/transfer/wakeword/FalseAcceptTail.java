package dev.graft.transfer.wakeword;

import dev.graft.transfer.evidence.OperatingCurve;
import dev.graft.transfer.evidence.OperatingPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How the rate of false accepts goes on to fall with the threshold where none occurs any more in
 * the streams at hand: ln(rate) = a - b * margin, b above 0, the exponential tail that large scores
 * have (Pickands 1975, "Statistical Inference Using Extreme Order Statistics", with shape 0),
 * fitted by least squares over the margins ln(p / (1 - p)) where it is still counted.
 */
final class FalseAcceptTail {
  private static final int MOST_COUNTED = 40;
  private static final int LEAST_POINTS = 4;

  private FalseAcceptTail() {}

  /**
   * The margin at which the tail has fallen to a rate.
   *
   * @param rate false accepts per hour, above 0
   * @return empty where too few were counted to tell, or they do not fall
   */
  static OptionalDouble marginFor(double rate, OperatingCurve curve) {
    List<OperatingPoint> tail = tail(curve);
    if (tail.size() < LEAST_POINTS) {
      return OptionalDouble.empty();
    }
    double count = tail.size();
    double x = tail.stream().mapToDouble(FalseAcceptTail::margin).sum() / count;
    double y = tail.stream().mapToDouble(FalseAcceptTail::logRate).sum() / count;
    double across = 0;
    double along = 0;
    for (OperatingPoint point : tail) {
      double dx = margin(point) - x;
      along += dx * dx;
      across += dx * (logRate(point) - y);
    }
    double slope = across / along;
    return slope < 0 ? OptionalDouble.of(x + (Math.log(rate) - y) / slope) : OptionalDouble.empty();
  }

  /** For each count of false accepts, from few to many, its highest threshold. */
  private static List<OperatingPoint> tail(OperatingCurve curve) {
    List<OperatingPoint> tail = new ArrayList<>();
    List<OperatingPoint> points = curve.points();
    int most = 0;
    for (int i = points.size() - 1; i >= 0 && most < MOST_COUNTED; i--) {
      OperatingPoint point = points.get(i);
      if (point.falseAccepts() > most) {
        most = point.falseAccepts();
        tail.add(point);
      }
    }
    return tail;
  }

  private static double margin(OperatingPoint point) {
    return HeldOutStreams.margin(point.threshold());
  }

  private static double logRate(OperatingPoint point) {
    return Math.log(point.falseAcceptsPerHour());
  }
}
