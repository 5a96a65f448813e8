package dev.graft.transfer;

import dev.graft.onnx.frontend.FrontEnd;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What is said about a backbone of sound that its files do not tell.
 *
 * @param frontEnd name of the {@link FrontEnd} that an encoder of spectrograms was trained with
 * @param windowSeconds length of the recordings that it shall hear at once, above 0; empty for that
 *     which the file fixes
 * @param sampleRate samples per second, where nothing else tells
 * @param usualSeconds window that suits the data, for where neither that is said nor the file fixes
 *     one
 * @param asImage whether a backbone of images shall see spectrograms of the sound
 */
public record SoundOptions(
    Optional<String> frontEnd,
    OptionalDouble windowSeconds,
    OptionalInt sampleRate,
    OptionalDouble usualSeconds,
    boolean asImage) {
  static final double USUAL_SECONDS = 1;

  /** Nothing is said. */
  public static final SoundOptions DEFAULTS =
      new SoundOptions(
          Optional.empty(),
          OptionalDouble.empty(),
          OptionalInt.empty(),
          OptionalDouble.empty(),
          false);

  private static final double LONGEST_SECONDS = 60;

  /** Checks the values. */
  public SoundOptions {
    if (windowSeconds.isPresent()
        && !(windowSeconds.getAsDouble() > 0 && windowSeconds.getAsDouble() <= LONGEST_SECONDS)) {
      throw new IllegalArgumentException(
          "the window must be above 0 and at most 60 s but is " + windowSeconds.getAsDouble());
    }
    frontEnd.ifPresent(FrontEnd::named);
  }

  /** With a window, in seconds. */
  public SoundOptions withWindow(double seconds) {
    return new SoundOptions(
        frontEnd, OptionalDouble.of(seconds), sampleRate, usualSeconds, asImage);
  }

  /** With the name of a front end. */
  public SoundOptions withFrontEnd(String name) {
    return new SoundOptions(Optional.of(name), windowSeconds, sampleRate, usualSeconds, asImage);
  }

  /** With a window that a graph may overrule, unlike one that was asked for. */
  public SoundOptions preferringWindow(double seconds) {
    return new SoundOptions(
        frontEnd, windowSeconds, sampleRate, OptionalDouble.of(seconds), asImage);
  }

  /** The window in seconds where the graph leaves it open. */
  double window() {
    return windowSeconds.orElse(usualSeconds.orElse(USUAL_SECONDS));
  }

  /** With spectrograms of the sound for a backbone of images. */
  public SoundOptions withPictures() {
    return new SoundOptions(frontEnd, windowSeconds, sampleRate, usualSeconds, true);
  }
}
