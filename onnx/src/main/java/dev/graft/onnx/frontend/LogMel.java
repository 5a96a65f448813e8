package dev.graft.onnx.frontend;

import java.util.Arrays;

/**
 * The parameters of a plain log-mel spectrogram, {@code ln(m + 1e-6)} of the energies m in bands of
 * the power spectrum: Hann frames (periodic) that lie within the samples; triangles of height 1
 * with straight sides on the scale {@code 1127 ln(1 + f / 700)} (HTK's).
 *
 * @param rate samples in a second, 1,000 to 192,000
 * @param frame samples of a frame, 16 to {@code fft}
 * @param hop samples from one frame to the next, 1 to {@code frame}
 * @param fft points of the Fourier transform, a multiple of 4 up to 4,096
 * @param bands number of bands, 1 to 256, each of which must hold a bin of the spectrum
 * @param lowest lower end of the lowest band in hertz, at least 0
 * @param highest upper end of the highest band in hertz, at most half the rate
 */
public record LogMel(
    int rate, int frame, int hop, int fft, int bands, double lowest, double highest) {
  /** Speech: 16 kHz, 25 ms every 10 ms, 40 bands from 60 to 7,600 Hz. */
  public static final LogMel SPEECH = new LogMel(16_000, 400, 160, 512, 40, 60, 7_600);

  /** Checks the ranges. */
  public LogMel {
    require(rate >= 1_000 && rate <= 192_000, "rate", rate, "1000 to 192000 samples a second");
    require(fft >= 16 && fft <= 4_096 && fft % 4 == 0, "fft", fft, "a multiple of 4 up to 4096");
    require(frame >= 16 && frame <= fft, "frame", frame, "16 to fft samples");
    require(hop >= 1 && hop <= frame, "hop", hop, "1 to frame samples");
    require(bands >= 1 && bands <= 256, "bands", bands, "1 to 256");
    require(lowest >= 0 && lowest < highest, "lowest", lowest, "0 to highest hertz");
    require(highest <= rate / 2.0, "highest", highest, "at most half the rate");
    long deaf = deafBands(new Parameters(rate, fft, bands, lowest, highest));
    require(deaf == 0, "bands", bands, "few enough that each holds a bin; " + deaf + " hold none");
  }

  private record Parameters(int rate, int fft, int bands, double lowest, double highest) {}

  private static long deafBands(Parameters p) {
    float[][] weights = bank(p.bands, p.lowest, p.highest).weights(p.rate, p.fft).weights();
    return Arrays.stream(weights).filter(LogMel::isZero).count();
  }

  private static boolean isZero(float[] weights) {
    for (float weight : weights) {
      if (weight > 0) {
        return false;
      }
    }
    return true;
  }

  /** The same with another number of bands. */
  public LogMel withBands(int number) {
    return new LogMel(rate, frame, hop, fft, number, lowest, highest);
  }

  /** The same between other frequencies in hertz. */
  public LogMel withRange(double from, double to) {
    return new LogMel(rate, frame, hop, fft, bands, from, to);
  }

  Frames frames() {
    return Frames.within(frame, hop, fft);
  }

  MelBank bank() {
    return bank(bands, lowest, highest);
  }

  private static MelBank bank(int bands, double lowest, double highest) {
    return new MelBank(
        bands, lowest, highest, MelScale.HTK, MelBank.Sides.STRAIGHT_IN_MEL, MelBank.Height.ONE);
  }

  private static void require(boolean holds, String setting, Object value, String range) {
    if (!holds) {
      throw new IllegalArgumentException(
          "the %s of a log-mel spectrogram must be %s but is %s".formatted(setting, range, value));
    }
  }
}
