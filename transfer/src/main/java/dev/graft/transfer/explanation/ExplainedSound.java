package dev.graft.transfer.explanation;

import dev.graft.data.image.PixelImage;
import dev.graft.data.image.Region;
import java.util.List;
import java.util.Locale;

/**
 * A recording that was explained: the window of it that the network hears, drawn with time to the
 * right and pitch upwards on the mel scale. Immutable and thread-safe.
 *
 * @param shown the window's spectrogram in greys, the lighter the louder
 * @param recordingSeconds length of the recording
 * @param startSeconds where the window begins in it; negative where silence is laid before it
 * @param windowSeconds length of the window
 * @param pitch what lies between the picture's lower and upper edge
 */
public record ExplainedSound(
    PixelImage shown,
    double recordingSeconds,
    double startSeconds,
    double windowSeconds,
    PitchRange pitch)
    implements ExplainedInput {
  @Override
  public Region seen() {
    return Region.whole(shown);
  }

  /** The time in the recording of a share of the picture's width, in seconds. */
  public double seconds(double x) {
    return startSeconds + x * windowSeconds;
  }

  @Override
  public List<String> caption() {
    return List.of(
        String.format(Locale.ROOT, "Time to the right: %.2f to %.2f s", seconds(0), seconds(1)),
        String.format(
            Locale.ROOT,
            "Pitch upwards: %.0f to %.0f Hz",
            pitch.lowestHertz(),
            pitch.highestHertz()));
  }

  @Override
  public String covered() {
    return "silenced";
  }
}
