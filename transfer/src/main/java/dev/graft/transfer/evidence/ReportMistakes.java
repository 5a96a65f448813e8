package dev.graft.transfer.evidence;

import dev.graft.transfer.evidence.Findings.Mistake;
import java.util.List;

/** The wrong predictions of which the model was surest. */
final class ReportMistakes {

  private ReportMistakes() {}

  static String of(
      List<Mistake> mistakes,
      ExamplePictures pictures,
      ReportExplained explained,
      ExampleWords words) {
    StringBuilder cards = new StringBuilder();
    HtmlTable table =
        new HtmlTable("The surest mistakes")
            .columns(List.of(words.oneFirst(), "True class", "Taken for", "Probability", "Part"));
    for (Mistake mistake : mistakes) {
      if (pictures.has(mistake.id())) {
        cards.append(card(mistake, pictures, explained));
      }
      table.row(
          mistake.id(),
          HtmlTable.words(mistake.label()),
          HtmlTable.words(mistake.predicted()),
          HtmlTable.number(EvidenceWords.percent(mistake.probability())),
          HtmlTable.words(mistake.part()));
    }
    String lead =
        HtmlText.paragraph(
            words.manyFirst()
                + " of the "
                + mistakes.get(0).part()
                + " part that were taken for another class, the surest first. A mistake of high"
                + " probability is often a wrong label, "
                + words.anyOne()
                + " of something else, or one that is hard for people, too.");
    return cards.isEmpty()
        ? lead + table.html()
        : lead
            + pictures.legend()
            + explained.legendOfMistakes()
            + HtmlPicture.row("cards", cards.toString())
            + HtmlText.folded("The same as a table, with full names", table.html());
  }

  private static String card(Mistake mistake, ExamplePictures pictures, ReportExplained explained) {
    List<String> lines =
        List.of(
            "“"
                + ExamplePictures.shortened(mistake.label())
                + "” taken for “"
                + ExamplePictures.shortened(mistake.predicted())
                + "”",
            EvidenceWords.percent(mistake.probability()) + " sure");
    return explained
        .mistake(mistake.id(), lines)
        .orElseGet(() -> pictures.card(mistake.id(), mistake.label(), lines));
  }
}
