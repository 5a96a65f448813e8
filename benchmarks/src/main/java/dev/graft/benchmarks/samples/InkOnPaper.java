package dev.graft.benchmarks.samples;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The colours of a pen and its paper, and how unevenly the paper is lit. An image has only {@value
 * #SHADES} colours, some of the paper and the rest from there to the ink, which keeps its file
 * small.
 *
 * @param paper red, green, blue, each 0 to 255
 * @param ink the same
 * @param shadeX how much darker the right edge is than the left, in shades; may be negative
 * @param shadeY how much darker the lower edge is than the upper
 */
record InkOnPaper(List<Integer> paper, List<Integer> ink, double shadeX, double shadeY) {
  private static final int SHADES = 24;

  /** The shades up to twice this one are those of paper, so that grain and light go both ways. */
  private static final int PAPER_SHADE = 2;

  private static final int PAPER_STEP = 3;
  private static final double GRAIN_SHADES = 0.75;
  private static final int BITS = 8;

  static InkOnPaper random(SplittableRandom random) {
    int light = random.nextInt(200, 240);
    List<Integer> paper =
        List.of(
            light + random.nextInt(8), light + random.nextInt(8), light - 14 + random.nextInt(22));
    int dark = random.nextInt(15, 55);
    int[] ink = {dark, dark, dark};
    // Black, blue, red or green; the last two are rarer, as among pens.
    int[] tinted = {-1, -1, 2, 2, 2, 0, 1};
    int channel = tinted[random.nextInt(tinted.length)];
    if (channel >= 0) {
      ink[channel] += random.nextInt(60, 130);
    }
    return new InkOnPaper(
        paper,
        List.of(ink[0], ink[1], ink[2]),
        random.nextDouble(-1.5, 1.5),
        random.nextDouble(-1.5, 1.5));
  }

  /** Draws strokes; a pixel's share of ink follows from the distance of its middle to them. */
  BufferedImage draw(List<PenStroke> strokes, int sidePixels, SplittableRandom random) {
    BufferedImage image =
        new BufferedImage(
            sidePixels,
            sidePixels,
            BufferedImage.TYPE_BYTE_INDEXED,
            new IndexColorModel(BITS, SHADES, channel(0), channel(1), channel(2)));
    for (int y = 0; y < sidePixels; y++) {
      for (int x = 0; x < sidePixels; x++) {
        double distance = Double.MAX_VALUE;
        for (PenStroke stroke : strokes) {
          distance = Math.min(distance, stroke.distance(x + 0.5, y + 0.5));
        }
        double coverage = Math.max(0, Math.min(1, 0.5 - distance));
        double light =
            PAPER_SHADE
                + shadeX * ((x + 0.5) / sidePixels - 0.5)
                + shadeY * ((y + 0.5) / sidePixels - 0.5);
        double shade =
            light
                + coverage * (SHADES - 1 - light)
                + random.nextDouble(-GRAIN_SHADES, GRAIN_SHADES);
        int index = (int) Math.max(0, Math.min(SHADES - 1, Math.floor(shade + 0.5)));
        image.getRaster().setSample(x, y, 0, index);
      }
    }
    return image;
  }

  /** One channel of the shades, from the lightest paper to the ink. */
  private byte[] channel(int index) {
    byte[] values = new byte[SHADES];
    int darkestPaper = 2 * PAPER_SHADE;
    int from = paper.get(index) - PAPER_STEP * PAPER_SHADE;
    int way = ink.get(index) - from;
    for (int shade = 0; shade < SHADES; shade++) {
      int inked = shade - darkestPaper;
      values[shade] =
          (byte)
              (from
                  + (inked < 0 ? -PAPER_STEP * inked : way * inked / (SHADES - 1 - darkestPaper)));
    }
    return values;
  }
}
