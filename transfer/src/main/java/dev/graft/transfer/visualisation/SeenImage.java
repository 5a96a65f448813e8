package dev.graft.transfer.visualisation;

import dev.graft.data.image.ChannelOrder;
import dev.graft.data.image.ImagePreprocessing;
import dev.graft.data.image.PixelImage;

/** Turns a prepared image back into pixels: resized and cropped as the network sees it. */
final class SeenImage {
  private SeenImage() {}

  /**
   * pixel = (value * deviation + mean) / scale, rounded and held between 0 and 255.
   *
   * @param prepared [channels, height, width]
   */
  static PixelImage of(float[] prepared, ImagePreprocessing preprocessing) {
    int area = preprocessing.cropHeight() * preprocessing.cropWidth();
    byte[] rgb = new byte[3 * area];
    for (int colour = 0; colour < 3; colour++) {
      int channel = channel(preprocessing.channelOrder(), colour);
      float deviation = preprocessing.deviation().get(channel);
      float mean = preprocessing.mean().get(channel);
      for (int i = 0; i < area; i++) {
        float value = prepared[channel * area + i];
        float pixel = (value * deviation + mean) / preprocessing.scale();
        rgb[3 * i + colour] = (byte) Math.round(Math.max(0, Math.min(255, pixel)));
      }
    }
    return new PixelImage(preprocessing.cropWidth(), preprocessing.cropHeight(), rgb);
  }

  /** The channel of the network that holds red (0), green (1) or blue (2). */
  static int channel(ChannelOrder order, int colour) {
    return switch (order) {
      case RGB -> colour;
      case BGR -> 2 - colour;
      case GREY -> 0;
    };
  }
}
