package dev.graft.transfer.evidence;

import java.util.Base64;

/** Pictures inside of a page. Stateless, thread-safe. */
public final class HtmlPicture {
  private HtmlPicture() {}

  /**
   * A picture with words for those who do not see it.
   *
   * @param mediaType such as "image/png"
   * @param file content of the image file
   * @param attributes further attributes of the element, as HTML
   * @param words what it shows
   */
  public static String of(String mediaType, byte[] file, String attributes, String words) {
    return "<img "
        + attributes
        + " alt=\""
        + HtmlText.escape(words)
        + "\" src=\"data:"
        + mediaType
        + ";base64,"
        + Base64.getEncoder().encodeToString(file)
        + "\">";
  }

  /** A picture with some lines below it. */
  public static String captioned(String picture, String... lines) {
    StringBuilder caption = new StringBuilder();
    for (String line : lines) {
      caption.append(caption.isEmpty() ? "" : "<br>").append(HtmlText.escape(line));
    }
    return "<figure>" + picture + "<figcaption>" + caption + "</figcaption></figure>\n";
  }

  /** Pictures beside each other, as many as there is room for. */
  public static String row(String style, String pictures) {
    return "<div class=\"pictures " + style + "\">\n" + pictures + "</div>\n";
  }
}
