package dev.graft.transfer;

import dev.graft.data.audio.Sonogram;
import dev.graft.data.audio.Waveform;
import dev.graft.data.image.Miniature;
import dev.graft.data.image.PixelImage;
import dev.graft.transfer.visualisation.HeatPalette;

/**
 * Recordings as small pictures: time to the right, pitch upwards on the mel scale up to 7.6 kHz,
 * the lighter the louder. Stateless, thread-safe.
 */
final class SoundThumbnails {
  private static final double LOWEST_HERTZ = 60;
  private static final double HIGHEST_HERTZ = 7_600;
  private static final int BANDS = 64;

  /** Finer than a hop of this, frames of 25 ms show nothing new. */
  private static final double LEAST_HOP_SECONDS = 0.004;

  private SoundThumbnails() {}

  /** A JPEG of {@code side} x {@code side} pixels. */
  static byte[] jpeg(Waveform clip, int side) {
    double hop = Math.max(LEAST_HOP_SECONDS, clip.seconds() / side);
    Sonogram sound = Sonogram.of(clip, new Sonogram.Grid(hop, BANDS, LOWEST_HERTZ, HIGHEST_HERTZ));
    byte[] rgb = new byte[3 * side * side];
    for (int y = 0; y < side; y++) {
      int band = (side - 1 - y) * BANDS / side;
      for (int x = 0; x < side; x++) {
        int frame = x * sound.frames() / side;
        HeatPalette.write(sound.lightness(frame, band), rgb, 3 * (y * side + x));
      }
    }
    return Miniature.jpeg(new PixelImage(side, side, rgb), side);
  }
}
