package dev.graft.benchmarks.samples;

import dev.graft.benchmarks.samples.DigitSkeleton.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * How one digit came out on its paper.
 *
 * @param height of the digit's box, as a share of the image's side
 * @param aspect width of that box, as a share of its height
 * @param slant how far the top leans to the right, as a share of the height
 * @param turn in radians, clockwise
 * @param centreX middle of the digit, as a share of the side
 * @param centreY the same downwards
 * @param penRadius half the width of the ink, as a share of the side
 * @param pressure change of that width along a stroke, as a share of it
 */
record Handwriting(
    double height,
    double aspect,
    double slant,
    double turn,
    double centreX,
    double centreY,
    double penRadius,
    double pressure) {
  /** How far each point of a skeleton may lie from its place, in shares of the digit's box. */
  private static final double UNSTEADINESS = 0.045;

  static Handwriting random(SplittableRandom random) {
    return new Handwriting(
        random.nextDouble(0.52, 0.76),
        random.nextDouble(0.58, 0.86),
        random.nextDouble(-0.12, 0.34),
        random.nextDouble(-0.16, 0.16),
        random.nextDouble(0.44, 0.56),
        random.nextDouble(0.45, 0.55),
        random.nextDouble(0.018, 0.042),
        random.nextDouble(-0.35, 0.35));
  }

  /** Writes a digit on a square of so many pixels. */
  List<PenStroke> write(DigitSkeleton digit, int sidePixels, SplittableRandom random) {
    List<PenStroke> strokes = new ArrayList<>();
    for (List<Point> stroke : digit.strokes()) {
      List<Point> written = new ArrayList<>();
      for (int i = 0; i < stroke.size(); i++) {
        boolean corner = i > 0 && stroke.get(i).equals(stroke.get(i - 1));
        written.add(
            corner ? written.get(i - 1) : placed(unsteady(stroke.get(i), random), sidePixels));
      }
      double radius = penRadius * sidePixels;
      strokes.add(
          PenStroke.through(written, radius * (1 - pressure / 2), radius * (1 + pressure / 2)));
    }
    return strokes;
  }

  private static Point unsteady(Point point, SplittableRandom random) {
    return new Point(
        point.x() + random.nextDouble(-UNSTEADINESS, UNSTEADINESS),
        point.y() + random.nextDouble(-UNSTEADINESS, UNSTEADINESS));
  }

  /** From the skeleton's box of side 1 to pixels. */
  private Point placed(Point point, int sidePixels) {
    double up = 0.5 - point.y();
    double x = height * (aspect * (point.x() - 0.5) + slant * up);
    double y = height * -up;
    // StrictMath gives the same bits on every machine.
    double sine = StrictMath.sin(turn);
    double cosine = StrictMath.cos(turn);
    return new Point(
        sidePixels * (centreX + cosine * x - sine * y),
        sidePixels * (centreY + sine * x + cosine * y));
  }
}
