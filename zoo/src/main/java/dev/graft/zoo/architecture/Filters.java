package dev.graft.zoo.architecture;

/**
 * The filters of a convolution that keeps the size of its maps but for the stride: [to, from /
 * groups, side, side].
 *
 * @param from number of channels that go in
 * @param to number of channels that come out
 * @param side of a filter, odd
 * @param stride places from one application to the next
 * @param groups of channels that are convolved apart from each other
 */
record Filters(int from, int to, int side, Stride stride, int groups) {
  /** Filters over all channels. */
  static Filters of(int from, int to, int side, int stride) {
    return of(from, to, side, Stride.of(stride));
  }

  /** Filters over all channels. */
  static Filters of(int from, int to, int side, Stride stride) {
    return new Filters(from, to, side, stride, 1);
  }

  /** Filters over one place. */
  static Filters pointwise(int from, int to) {
    return of(from, to, 1, 1);
  }

  /** One filter for each channel. */
  static Filters depthwise(int channels, int side, int stride) {
    return new Filters(channels, channels, side, Stride.of(stride), channels);
  }

  long[] shape() {
    return new long[] {to, from / groups, side, side};
  }
}
