package dev.graft.benchmarks.samples;

import dev.graft.benchmarks.samples.DigitSkeleton.Point;
import java.util.ArrayList;
import java.util.List;

/**
 * The ink of one stroke: straight pieces so short that they look like a curve.
 *
 * @param points in pixels, at least one
 * @param startRadius half the width of the ink at the first point, in pixels
 * @param endRadius half its width at the last point
 */
record PenStroke(List<Point> points, double startRadius, double endRadius) {
  private static final int PIECES = 8;

  PenStroke {
    points = List.copyOf(points);
  }

  /**
   * A smooth stroke through points: Catmull-Rom splines, the tangent at a point being half the way
   * from the one before to the one after.
   */
  static PenStroke through(List<Point> knots, double startRadius, double endRadius) {
    List<Point> curve = new ArrayList<>();
    curve.add(knots.get(0));
    int last = knots.size() - 1;
    for (int i = 0; i < last; i++) {
      Point before = knots.get(Math.max(0, i - 1));
      Point from = knots.get(i);
      Point to = knots.get(i + 1);
      Point after = knots.get(Math.min(last, i + 2));
      for (int piece = 1; piece <= PIECES && !from.equals(to); piece++) {
        double t = (double) piece / PIECES;
        curve.add(
            new Point(
                spline(before.x(), from.x(), to.x(), after.x(), t),
                spline(before.y(), from.y(), to.y(), after.y(), t)));
      }
    }
    return new PenStroke(curve, startRadius, endRadius);
  }

  private static double spline(double before, double from, double to, double after, double t) {
    double slope = (to - before) / 2;
    double nextSlope = (after - from) / 2;
    double square = t * t;
    double cube = square * t;
    return (2 * cube - 3 * square + 1) * from
        + (cube - 2 * square + t) * slope
        + (3 * square - 2 * cube) * to
        + (cube - square) * nextSlope;
  }

  /** How far a place lies outside of the ink, in pixels; negative inside of it. */
  double distance(double x, double y) {
    double nearest = Double.MAX_VALUE;
    int pieces = points.size() - 1;
    for (int i = 0; i < pieces; i++) {
      Point from = points.get(i);
      Point to = points.get(i + 1);
      double alongX = to.x() - from.x();
      double alongY = to.y() - from.y();
      double squaredLength = alongX * alongX + alongY * alongY;
      double share = ((x - from.x()) * alongX + (y - from.y()) * alongY) / squaredLength;
      double t = squaredLength == 0 ? 0 : Math.max(0, Math.min(1, share));
      double offX = x - (from.x() + t * alongX);
      double offY = y - (from.y() + t * alongY);
      double radius = startRadius + (endRadius - startRadius) * (i + t) / pieces;
      nearest = Math.min(nearest, Math.sqrt(offX * offX + offY * offY) - radius);
    }
    return nearest;
  }
}
