package dev.graft.data.audio;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What is odd about a clip, for reports; nothing is left out because of it.
 *
 * @param seconds its length
 * @param peak the largest magnitude of a sample, 1 at full scale
 * @param rms the root of the mean square of the samples
 * @param clippedShare the part of the samples at or beyond full scale, 0 to 1
 * @param bandwidthHertz the frequency above which there is nothing: less than a millionth of the
 *     power, or no more than the rounding to 16 bits leaves
 * @param oddities what was found, each kind once
 */
public record AudioFindings(
    double seconds,
    double peak,
    double rms,
    double clippedShare,
    double bandwidthHertz,
    List<Oddity> oddities) {

  /** A clip whose peak stays below this is silent: -60 dB. */
  public static final double SILENT_PEAK = 1e-3;

  /** A clip whose root mean square stays below this is silent: -80 dB. */
  public static final double SILENT_RMS = 1e-4;

  /** From this part of the samples at full scale on, a clip is called clipped. */
  public static final double CLIPPED_SHARE = 1e-3;

  /** Below this part of the Nyquist frequency, the band is called narrow. */
  public static final double NARROW_BAND = 0.6;

  /** Shorter clips, in seconds, are called too short. */
  public static final double SHORTEST_SECONDS = 0.1;

  private static final double FULL_SCALE = 0.999;
  private static final double UNSCALED_PEAK = 4;

  /** A kind of oddity, with the sentence for it. */
  public enum Oddity {
    SILENT("it is silent"),
    CLIPPED("it is clipped"),
    UNSCALED("its samples go far beyond full scale; they were probably stored without scaling"),
    NARROW_BAND("its band is much narrower than its rate allows"),
    TOO_SHORT("it is too short to tell anything");

    private final String words;

    Oddity(String words) {
      this.words = words;
    }

    /** The second half of a sentence that begins with the clip's name. */
    public String words() {
      return words;
    }
  }

  public AudioFindings {
    oddities = List.copyOf(oddities);
  }

  /** Looks at a clip as it was decoded. */
  public static AudioFindings of(Waveform clip) {
    float[] samples = clip.samples();
    double peak = 0;
    double power = 0;
    int atFullScale = 0;
    for (float sample : samples) {
      double magnitude = Math.abs(sample);
      peak = Math.max(peak, magnitude);
      power += magnitude * magnitude;
      if (magnitude >= FULL_SCALE) {
        atFullScale++;
      }
    }
    double rms = samples.length == 0 ? 0 : Math.sqrt(power / samples.length);
    double clipped = samples.length == 0 ? 0 : (double) atFullScale / samples.length;
    double bandwidth = Bandwidth.hertz(clip);
    List<Oddity> oddities = new ArrayList<>();
    boolean silent = peak < SILENT_PEAK || rms < SILENT_RMS;
    if (clip.seconds() < SHORTEST_SECONDS) {
      oddities.add(Oddity.TOO_SHORT);
    }
    if (silent) {
      oddities.add(Oddity.SILENT);
    } else if (peak > UNSCALED_PEAK) {
      oddities.add(Oddity.UNSCALED);
    } else if (clipped >= CLIPPED_SHARE) {
      oddities.add(Oddity.CLIPPED);
    }
    if (!silent
        && clip.seconds() >= SHORTEST_SECONDS
        && bandwidth < NARROW_BAND * clip.sampleRate() / 2) {
      oddities.add(Oddity.NARROW_BAND);
    }
    return new AudioFindings(clip.seconds(), peak, rms, clipped, bandwidth, oddities);
  }

  /** One sentence with figures for each oddity. */
  public List<String> sentences() {
    return oddities.stream().map(this::sentence).toList();
  }

  private String sentence(Oddity oddity) {
    return switch (oddity) {
      case SILENT -> text("It is silent: its peak is %.0f dB.", decibels(peak));
      case CLIPPED ->
          text(
              "It is clipped: %.1f %% of its samples are at full scale. Record it at a lower level.",
              100 * clippedShare);
      case UNSCALED ->
          text(
              "Its samples reach %.0f, far beyond full scale (1): they were probably stored without scaling.",
              peak);
      case NARROW_BAND ->
          text(
              "It holds nothing above %.0f Hz: it was probably recorded at %.0f samples per second or less, or"
                  + " compressed much.",
              bandwidthHertz, 2 * bandwidthHertz);
      case TOO_SHORT -> text("It has only %.3f s.", seconds);
    };
  }

  private static double decibels(double level) {
    return 20 * Math.log10(Math.max(level, 1e-6));
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
