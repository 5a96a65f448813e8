package dev.graft.transfer.evidence;

import dev.graft.data.DatasetKind;
import java.util.List;

/**
 * Small pictures of examples, sound of recordings and the beginning of texts, with what is said
 * about them.
 */
final class ExamplePictures {

  private static final int LONGEST_NAME = 36;

  private final ShownExamples shown;
  private final ExampleWords words;

  ExamplePictures(Findings findings, ExampleWords words) {
    this.shown = findings.shown();
    this.words = words;
  }

  /** Whether there is something to see of the example. */
  boolean has(String id) {
    return shown.has(id);
  }

  /**
   * An example with lines about it and its name; without a picture where there is none.
   *
   * @param label its class, for those who do not see it
   */
  String card(String id, String label, List<String> lines) {
    boolean text = shown.quotations().containsKey(id);
    StringBuilder card = new StringBuilder(text ? "<figure class=\"text\">" : "<figure>");
    byte[] thumbnail = shown.pictures().get(id);
    if (thumbnail != null) {
      card.append(
          HtmlPicture.of(
              "image/jpeg",
              thumbnail,
              "class=\"thumb\"",
              words.pictured() + " " + id + ", labelled " + label));
    }
    byte[] excerpt = shown.sounds().get(id);
    if (excerpt != null) {
      card.append(HtmlSound.of("audio/wav", excerpt, "Listen to " + id + ", labelled " + label));
    }
    String quotation = shown.quotations().get(id);
    if (quotation != null) {
      // Of either direction of writing, whatever that of the page.
      card.append("<blockquote dir=\"auto\">")
          .append(HtmlText.lines(quotation))
          .append("</blockquote>");
    }
    card.append("<figcaption>");
    lines.forEach(line -> card.append(HtmlText.escape(line)).append("<br>"));
    return card.append(name(id)).append("</figcaption></figure>\n").toString();
  }

  /** The example's name in a line below it. */
  static String name(String id) {
    return "<span class=\"file\" title=\""
        + HtmlText.escape(id)
        + "\"><bdi>"
        + HtmlText.escape(PlainText.shorten(id, LONGEST_NAME))
        + "</bdi></span>";
  }

  /** What pictures of recordings show, as a paragraph; nothing where there are none. */
  String legend() {
    return shown.pictures().isEmpty() || words.kind() != DatasetKind.AUDIO
        ? ""
        : "<p class=\"small\">Spectrograms: time to the right, pitch upwards, the lighter the"
            + " louder; of longer recordings the middle two seconds.</p>\n";
  }

  /** A name in a line below a picture. */
  static String shortened(String name) {
    return PlainText.shorten(name, LONGEST_NAME);
  }
}
