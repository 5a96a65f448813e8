package dev.graft.transfer.visualisation;

import dev.graft.data.image.PixelImage;
import dev.graft.runtime.PngEncoder;
import dev.graft.transfer.evidence.HtmlText;
import java.util.Base64;

/** Pictures inside of a page. */
final class PagePicture {
  private PagePicture() {}

  /**
   * A picture with words for those who do not see it.
   *
   * @param style class of the element
   */
  static String of(PixelImage pixels, String style, String words) {
    return "<img class=\""
        + style
        + "\" width=\""
        + pixels.width()
        + "\" height=\""
        + pixels.height()
        + "\" alt=\""
        + HtmlText.escape(words)
        + "\" src=\"data:image/png;base64,"
        + Base64.getEncoder().encodeToString(PngEncoder.encode(pixels))
        + "\">";
  }

  /** A picture with a line or two below it. */
  static String captioned(String picture, String... lines) {
    StringBuilder caption = new StringBuilder();
    for (String line : lines) {
      caption.append(caption.isEmpty() ? "" : "<br>").append(HtmlText.escape(line));
    }
    return "<figure>" + picture + "<figcaption>" + caption + "</figcaption></figure>\n";
  }

  /** Pictures beside each other, as many as there is room for. */
  static String row(String style, String pictures) {
    return "<div class=\"pictures " + style + "\">\n" + pictures + "</div>\n";
  }
}
