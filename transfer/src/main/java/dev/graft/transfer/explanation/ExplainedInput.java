package dev.graft.transfer.explanation;

import dev.graft.data.image.PixelImage;
import dev.graft.data.image.Region;
import java.util.List;

/** What was explained, as it is shown. */
public sealed interface ExplainedInput permits ExplainedImage, ExplainedSound {
  /** The picture under the maps. */
  PixelImage shown();

  /** The part of it that the network sees, in pixels; maps tell places in shares of this part. */
  Region seen();

  /** One or two short lines on what the picture shows. */
  List<String> caption();

  /** What becomes of a part that occlusion covers, in one word. */
  String covered();
}
