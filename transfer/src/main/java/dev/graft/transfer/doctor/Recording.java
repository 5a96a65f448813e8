package dev.graft.transfer.doctor;

import dev.graft.data.ExampleSource;
import dev.graft.data.audio.AudioDecoder;
import dev.graft.data.audio.AudioDescription;
import dev.graft.data.audio.AudioFindings;
import dev.graft.data.audio.Waveform;
import java.util.Arrays;

/**
 * What is measured of one recording without a network.
 *
 * @param description of its file
 * @param findings what is odd about it, at its own rate
 * @param noiseFloor level that nine tenths of its moments of 20 ms lie above, in decibels
 * @param leadingSilence seconds until a moment is less than 30 dB below the loudest
 * @param sound to compare it by
 */
record Recording(
    AudioDescription description,
    AudioFindings findings,
    double noiseFloor,
    double leadingSilence,
    SoundPrint sound) {
  private static final double MOMENT_SECONDS = 0.02;
  private static final double QUIET_SHARE = 0.1;
  private static final double HEARD_DECIBELS = 30;
  private static final double SILENCE = 1e-12;

  /** Decodes and measures. */
  static Recording of(ExampleSource source, AudioDecoder decoder) {
    AudioDecoder.Recorded recorded = decoder.decodeAsRecorded(source);
    Waveform own = recorded.sound();
    double[] levels = levels(own);
    double[] sorted = levels.clone();
    Arrays.sort(sorted);
    double loudest = sorted[sorted.length - 1];
    int first = 0;
    while (levels[first] < loudest - HEARD_DECIBELS) {
      first++;
    }
    return new Recording(
        recorded.description(),
        AudioFindings.of(own),
        sorted[(int) (QUIET_SHARE * (sorted.length - 1))],
        first * MOMENT_SECONDS,
        SoundPrint.of(own.atRate(SoundPrint.RATE)));
  }

  /** The level of each moment in decibels. */
  private static double[] levels(Waveform clip) {
    float[] samples = clip.samples();
    int moment = Math.max(1, (int) (MOMENT_SECONDS * clip.sampleRate()));
    double[] levels = new double[Math.max(1, samples.length / moment)];
    for (int i = 0; i < levels.length; i++) {
      int end = Math.min(samples.length, (i + 1) * moment);
      double square = 0;
      for (int n = i * moment; n < end; n++) {
        square += (double) samples[n] * samples[n];
      }
      levels[i] = 10 * Math.log10(SILENCE + square / moment);
    }
    return levels;
  }

  /** Level of the whole in decibels. */
  double loudness() {
    return 20 * Math.log10(1e-6 + findings.rms());
  }

  double seconds() {
    return findings.seconds();
  }

  double bandwidth() {
    return findings.bandwidthHertz();
  }

  double clipping() {
    return findings.clippedShare();
  }

  double sampleRate() {
    return description.sampleRate();
  }

  /** A number for each format, coding, depth and number of channels, equal for equal ones. */
  double formatNumber() {
    String form =
        String.join(
            "|",
            description.format(),
            description.codec(),
            Integer.toString(description.bits()),
            Integer.toString(description.channels()));
    return form.hashCode();
  }
}
