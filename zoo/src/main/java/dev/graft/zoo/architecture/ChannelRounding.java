package dev.graft.zoo.architecture;

/** Numbers of channels that processors like. */
final class ChannelRounding {
  private static final int UNIT = 8;
  private static final double LEAST_SHARE = 0.9;
  private static final double LARGEST_FACTOR = 4;

  private ChannelRounding() {}

  /**
   * The multiple of 8 nearest to {@code channels}, at least 8, and the next one up where that would
   * take more than a tenth away (as the networks of Sandler et al. 2018, "MobileNetV2", are built).
   */
  static int toMultipleOfEight(double channels) {
    int nearest = Math.max(UNIT, (int) Math.floor(channels / UNIT + 0.5) * UNIT);
    return nearest < LEAST_SHARE * channels ? nearest + UNIT : nearest;
  }

  /** Checks a factor on numbers of channels. */
  static double checked(double factor) {
    if (factor > 0 && factor <= LARGEST_FACTOR) {
      return factor;
    }
    throw new IllegalArgumentException(
        "a factor on the channels must be above 0 and at most %s but is %s"
            .formatted(LARGEST_FACTOR, factor));
  }
}
