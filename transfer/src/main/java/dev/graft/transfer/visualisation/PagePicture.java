package dev.graft.transfer.visualisation;

import dev.graft.data.image.PixelImage;
import dev.graft.runtime.PngEncoder;
import dev.graft.transfer.evidence.HtmlPicture;

/** Pixels as a picture inside of a page, without loss. */
final class PagePicture {
  private PagePicture() {}

  /**
   * A picture with words for those who do not see it.
   *
   * @param style class of the element
   */
  static String of(PixelImage pixels, String style, String words) {
    String attributes =
        "class=\""
            + style
            + "\" width=\""
            + pixels.width()
            + "\" height=\""
            + pixels.height()
            + "\"";
    return HtmlPicture.of("image/png", PngEncoder.encode(pixels), attributes, words);
  }
}
