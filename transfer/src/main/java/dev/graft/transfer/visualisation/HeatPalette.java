package dev.graft.transfer.visualisation;

/**
 * Colours from dark violet over blue and green to light yellow, equally far apart to the eye.
 *
 * <p>A helix around the axis of greys in Oklab: lightness L = 0.25 + 0.7 t, hue from 320 to 120
 * degrees, chroma 0.108 everywhere, all of which sRGB can show. Equal steps of t are equal
 * distances in Oklab, and lightness alone tells the order, also in print and for people who see few
 * colours.
 *
 * <p>Source: Ottosson 2020, "A perceptual color space for image processing"; the transfer function
 * is that of IEC 61966-2-1. Stateless, thread-safe.
 */
public final class HeatPalette {
  private static final int STEPS = 256;
  private static final double DARKEST = 0.25;
  private static final double LIGHTEST = 0.95;
  private static final double FIRST_HUE = Math.toRadians(320);
  private static final double LAST_HUE = Math.toRadians(120);
  private static final double CHROMA = 0.108;
  private static final byte[] COLOURS = colours();

  private HeatPalette() {}

  /**
   * Writes red, green and blue.
   *
   * @param share 0 for the darkest colour to 1 for the lightest; anything else is taken to the
   *     nearer end, and what is no number to the darkest
   */
  public static void write(double share, byte[] rgb, int offset) {
    int step = (int) Math.round(Math.max(0, Math.min(1, share)) * (STEPS - 1));
    System.arraycopy(COLOURS, 3 * step, rgb, offset, 3);
  }

  private static byte[] colours() {
    byte[] colours = new byte[3 * STEPS];
    for (int step = 0; step < STEPS; step++) {
      double[] linear = linear((double) step / (STEPS - 1));
      for (int channel = 0; channel < 3; channel++) {
        colours[3 * step + channel] = (byte) Math.round(255 * encoded(linear[channel]));
      }
    }
    return colours;
  }

  /** Linear red, green and blue of a share. */
  static double[] linear(double share) {
    double lightness = DARKEST + (LIGHTEST - DARKEST) * share;
    double hue = FIRST_HUE + (LAST_HUE - FIRST_HUE) * share;
    double a = CHROMA * Math.cos(hue);
    double b = CHROMA * Math.sin(hue);
    double l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
    double m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
    double s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b);
    return new double[] {
      4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
      -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
      -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s
    };
  }

  private static double cube(double x) {
    return x * x * x;
  }

  private static double encoded(double linear) {
    double shown = Math.max(0, Math.min(1, linear));
    return shown <= 0.0031308 ? 12.92 * shown : 1.055 * Math.pow(shown, 1 / 2.4) - 0.055;
  }
}
