package dev.graft.benchmarks.samples;

import java.util.ArrayList;
import java.util.List;

/**
 * The way that a pen takes to write a digit.
 *
 * @param strokes each the points that the pen passes from its setting down to its lifting, on
 *     smooth curves; a point that comes twice in a row is a corner
 */
record DigitSkeleton(List<List<Point>> strokes) {
  /** How many digits there are. */
  static final int DIGITS = 10;

  /**
   * The ways in which people write each digit. Points are x,y in hundredths of the digit's box,
   * from its upper left corner; a bar lifts the pen.
   */
  private static final String[][] WAYS = {
    {
      "54,1 26,14 13,50 25,86 50,99 76,85 88,50 77,15 52,1",
      "70,9 45,0 18,22 12,60 32,96 62,96 86,66 84,28 62,3",
    },
    {
      "52,0 49,100", "25,25 54,0 54,0 52,100", "28,24 53,2 53,2 51,98 51,98 | 24,98 78,98",
    },
    {
      "16,25 30,5 56,0 79,14 77,38 54,66 15,97 15,97 87,97",
      "18,22 36,2 66,2 80,24 64,58 32,90 18,95 15,85 30,82 58,96 88,91",
    },
    {
      "17,13 46,0 76,13 71,37 42,47 42,47 78,58 84,82 54,100 15,88",
      "17,4 80,4 80,4 46,41 46,41 80,54 84,79 57,99 16,90",
    },
    {
      "32,2 15,61 15,61 87,61 | 67,30 62,100", "63,100 65,0 65,0 13,67 13,67 89,67",
    },
    {
      "78,3 29,3 29,3 23,44 23,44 52,37 80,55 77,86 48,100 15,88",
      "30,4 24,46 24,46 56,40 82,62 70,92 40,100 15,90 | 30,4 82,2",
    },
    {
      "70,2 36,25 17,62 25,91 50,100 78,86 78,63 54,53 30,63 20,78",
      "58,0 30,35 18,72 34,98 64,96 76,74 58,56 32,66 22,80",
    },
    {
      "14,5 85,4 85,4 55,50 40,100", "14,5 85,4 85,4 55,50 40,100 | 34,51 76,49",
    },
    {
      "74,17 50,1 25,14 31,38 54,50 79,72 70,94 46,100 20,90 22,67 48,48 71,34 74,16",
      "50,0 27,11 27,36 50,47 74,36 74,11 50,0 | 50,47 20,62 20,88 50,100 80,88 80,62 50,47",
    },
    {
      "76,24 55,2 27,13 22,38 44,52 70,40 78,17 78,17 77,60 60,100",
      "78,12 52,0 26,14 24,40 50,50 76,34 79,10 79,10 75,55 70,100",
    },
  };

  /**
   * A place in a plane.
   *
   * @param x to the right
   * @param y downwards
   */
  record Point(double x, double y) {}

  DigitSkeleton {
    strokes = strokes.stream().map(List::copyOf).toList();
  }

  /** All ways of one digit, in a box of side 1. */
  static List<DigitSkeleton> of(int digit) {
    List<DigitSkeleton> ways = new ArrayList<>();
    for (String way : WAYS[digit]) {
      List<List<Point>> strokes = new ArrayList<>();
      for (String stroke : way.split(" \\| ")) {
        strokes.add(points(stroke));
      }
      ways.add(new DigitSkeleton(strokes));
    }
    return ways;
  }

  private static List<Point> points(String stroke) {
    List<Point> points = new ArrayList<>();
    for (String place : stroke.split(" ")) {
      String[] numbers = place.split(",");
      points.add(
          new Point(Integer.parseInt(numbers[0]) / 100.0, Integer.parseInt(numbers[1]) / 100.0));
    }
    return points;
  }
}
