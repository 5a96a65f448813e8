package dev.graft.transfer.explanation;

import dev.graft.runtime.TrainingNeighbour;
import dev.graft.transfer.evidence.HtmlPage;
import dev.graft.transfer.evidence.HtmlText;
import dev.graft.transfer.explanation.TextExplanation.WordEffect;
import java.util.Locale;

/** A text whose words are the darker the more the answer rests on them. */
final class TextExplanationPage {
  private static final String STYLE =
      """
      .explained { font-size: 1.15rem; line-height: 1.9; overflow-wrap: anywhere; }
      .explained mark { color: inherit; border-radius: 3px; padding: 0.1em 0; }
      .explained .for { background: rgb(var(--blue) / calc(0.55 * var(--share))); }
      .explained .against { background: rgb(var(--orange) / calc(0.55 * var(--share))); }
      """;

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
    body.append("<p class=\"explained\" dir=\"auto\">").append(text()).append("</p>\n");
    body.append(
        HtmlText.paragraph(
            "Blue words speak for the class, orange ones against it: the probability was computed"
                + " without each of them in turn. The darker, the more it changes."));
    body.append(HtmlText.paragraph(check()));
    explained.neighbours().forEach(one -> body.append(neighbour(one)));
    return new HtmlPage("Why \"" + explained.label() + "\"")
        .style(STYLE)
        .section("words", "Words", "On which words the answer rests", body.toString())
        .html();
  }

  private String text() {
    double largest =
        explained.words().stream().mapToDouble(word -> Math.abs(word.drop())).max().orElse(0);
    StringBuilder marked = new StringBuilder();
    int from = 0;
    for (WordEffect word : explained.words()) {
      marked.append(HtmlText.lines(explained.text().substring(from, word.begin())));
      double share = largest == 0 ? 0 : Math.abs(word.drop()) / largest;
      marked.append(
          String.format(
              Locale.ROOT,
              "<mark class=\"%s\" style=\"--share:%.2f\" title=\"%+.2f log odds\">%s</mark>",
              word.drop() >= 0 ? "for" : "against",
              share,
              word.drop(),
              HtmlText.escape(explained.word(word))));
      from = word.end();
    }
    return marked
        .append(HtmlText.lines(explained.text().substring(from).stripTrailing()))
        .toString();
  }

  private String check() {
    return explained.marked().isEmpty()
        ? "No single word speaks for this class."
        : String.format(
            Locale.ROOT,
            "Without its %d strongest words (%s) the probability is %.1f %%, without as many others"
                + " %.1f %%: %s.",
            explained.marked().size(),
            String.join(", ", explained.marked().stream().map(explained::word).toList()),
            100 * explained.withoutMarked(),
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
