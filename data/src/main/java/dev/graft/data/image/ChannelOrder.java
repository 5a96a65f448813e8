package dev.graft.data.image;

/**
 * The colour channels that a backbone takes. A grey image has the same value in each of three
 * channels.
 */
public enum ChannelOrder {
  /** Red, green, blue. */
  RGB(3),
  /** Blue, green, red. */
  BGR(3),
  /** One channel, the luma 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601). */
  GREY(1);

  private final int channels;

  ChannelOrder(int channels) {
    this.channels = channels;
  }

  /** The number of channels. */
  public int channels() {
    return channels;
  }
}
