package dev.graft.transfer.explanation;

import dev.graft.runtime.TrainingNeighbour;
import dev.graft.transfer.evidence.ColouredText;
import dev.graft.transfer.evidence.HtmlPage;
import dev.graft.transfer.evidence.HtmlText;
import java.util.Locale;

/** A text with its words marked, and what that means. */
final class TextExplanationPage {
  private static final String STYLE = ColouredText.STYLE + ".explained { font-size: 1.15rem; }\n";

  private final TextExplanation explained;

  TextExplanationPage(TextExplanation explained) {
    this.explained = explained;
  }

  String html() {
    StringBuilder body = new StringBuilder();
    body.append(
        HtmlText.paragraph(
            String.format(
                Locale.ROOT,
                "The model says \"%s\" (%.1f %%). Explained is \"%s\", with %.1f %%.",
                explained.prediction().label(),
                100 * explained.prediction().probability(),
                explained.label(),
                100 * explained.probability())));
    body.append("<p class=\"explained\" dir=\"auto\">")
        .append(explained.coloured().html())
        .append("</p>\n");
    body.append(HtmlText.paragraph(ColouredText.LEGEND));
    if (explained.coloured().cut()) {
      body.append(HtmlText.paragraph("What follows in the text is more than the model reads."));
    }
    body.append(HtmlText.paragraph(check()));
    explained.neighbours().forEach(one -> body.append(neighbour(one)));
    return new HtmlPage("Why \"" + explained.label() + "\"")
        .style(STYLE)
        .section("words", "Words", "On which words the answer rests", body.toString())
        .html();
  }

  private String check() {
    int words = explained.marked().size();
    return words == 0
        ? "No single word speaks for this class."
        : String.format(
            Locale.ROOT,
            "Without its %s (%s) the probability is %.1f %%, without %s %.1f %%: %s.",
            words == 1 ? "strongest word" : words + " strongest words",
            String.join(", ", explained.marked().stream().map(explained::word).toList()),
            100 * explained.withoutMarked(),
            words == 1 ? "another one" : "as many others",
            100 * explained.withoutOthers(),
            explained.isConfirmed()
                ? "what is marked matters"
                : "what is marked matters no more than the rest, so do not build on these colours");
  }

  private static String neighbour(TrainingNeighbour one) {
    return HtmlText.paragraph(
        String.format(
            Locale.ROOT,
            "Much like the training example %s (%s, cosine %.3f).",
            one.id(),
            one.label(),
            one.similarity()));
  }
}
