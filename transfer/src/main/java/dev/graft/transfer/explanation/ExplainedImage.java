package dev.graft.transfer.explanation;

import dev.graft.data.image.PixelImage;
import dev.graft.data.image.Region;
import java.util.List;

/**
 * An image that was explained. Immutable and thread-safe.
 *
 * @param shown the image
 * @param seen the part of it that the network sees
 */
public record ExplainedImage(PixelImage shown, Region seen) implements ExplainedInput {
  /** Whether nothing is cut off before the network looks. */
  public boolean isSeenWhole() {
    return shown.width() - seen.width() + shown.height() - seen.height() < 2;
  }

  @Override
  public List<String> caption() {
    return isSeenWhole()
        ? List.of("The model sees all of the image.")
        : List.of("Grey at the edges of the maps:", "cut off before the model looks.");
  }

  @Override
  public String covered() {
    return "covered";
  }
}
