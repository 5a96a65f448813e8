package dev.graft.transfer.evidence;

import java.util.List;
import java.util.Map;

/** Small pictures of examples with what is said about them. */
final class ExamplePictures {

  private static final int LONGEST_NAME = 36;

  private final Map<String, byte[]> thumbnails;
  private final ExampleWords words;

  ExamplePictures(Map<String, byte[]> thumbnails, ExampleWords words) {
    this.thumbnails = thumbnails;
    this.words = words;
  }

  /** Whether there is a picture of the example. */
  boolean has(String id) {
    return thumbnails.containsKey(id);
  }

  /**
   * An example with lines about it and its name; without a picture where there is none.
   *
   * @param label its class, for those who do not see it
   */
  String card(String id, String label, List<String> lines) {
    StringBuilder card = new StringBuilder("<figure>");
    byte[] thumbnail = thumbnails.get(id);
    if (thumbnail != null) {
      card.append(
          HtmlPicture.of(
              "image/jpeg",
              thumbnail,
              "class=\"thumb\"",
              words.oneFirst() + " " + id + ", labelled " + label));
    }
    card.append("<figcaption>");
    lines.forEach(line -> card.append(HtmlText.escape(line)).append("<br>"));
    return card.append("<span class=\"file\" title=\"")
        .append(HtmlText.escape(id))
        .append("\"><bdi>")
        .append(HtmlText.escape(PlainText.shorten(id, LONGEST_NAME)))
        .append("</bdi></span></figcaption></figure>\n")
        .toString();
  }

  /** A name in a line below a picture. */
  static String shortened(String name) {
    return PlainText.shorten(name, LONGEST_NAME);
  }
}
