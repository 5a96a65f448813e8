package dev.graft.transfer.explanation;

/**
 * How images are explained. Immutable and thread-safe.
 *
 * @param cells places of the occluding patch along the shorter side of what the model sees, 4 to 32
 */
public record ExplanationOptions(int cells) {
  /** Checks the range. */
  public ExplanationOptions {
    if (cells < 4 || cells > 32) {
      throw new IllegalArgumentException(
          "ExplanationOptions.cells is " + cells + "; expected 4 to 32");
    }
  }

  /** 10 places a side. */
  public static ExplanationOptions defaults() {
    return new ExplanationOptions(10);
  }
}
