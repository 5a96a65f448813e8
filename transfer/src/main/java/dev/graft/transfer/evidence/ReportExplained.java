package dev.graft.transfer.evidence;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Texts with the words marked on which the saved model's answers rest. */
final class ReportExplained {
  private static final int MOST_AGAINST = 3;
  private static final int LONGEST_WORD = 30;

  private final Map<String, ExplainedText> wrong;
  private final List<ExplainedText> right;

  ReportExplained(List<ExplainedText> explained) {
    this.wrong =
        explained.stream()
            .filter(text -> !text.isRight())
            .collect(Collectors.toMap(ExplainedText::id, Function.identity(), (a, b) -> a));
    this.right = explained.stream().filter(ExplainedText::isRight).toList();
  }

  boolean hasRight() {
    return !right.isEmpty();
  }

  /** What the marks mean, as paragraphs; nothing where no mistake is explained. */
  String legendOfMistakes() {
    return wrong.values().stream().findAny().map(ReportExplained::legend).orElse("");
  }

  /** A mistake with its words marked; empty where it was not explained. */
  Optional<String> mistake(String id, List<String> lines) {
    return Optional.ofNullable(wrong.get(id)).map(text -> card(text, lines));
  }

  /** The section of the right answers. */
  String rightOnes() {
    StringBuilder cards = new StringBuilder();
    for (ExplainedText text : right) {
      cards.append(
          card(text, List.of("“" + ExamplePictures.shortened(text.label()) + "”, rightly")));
    }
    return HtmlText.paragraph(
            "Some texts of the "
                + right.get(0).part()
                + " part that were told right, of each class the one of which the model was"
                + " surest. Where a class rests on words that have nothing to do with it, the model"
                + " has learned something else than was meant.")
        + legend(right.get(0))
        + HtmlPicture.row("cards", cards.toString());
  }

  private static String legend(ExplainedText text) {
    return "<p class=\"small\">"
        + HtmlText.escape(
            "How to read the marks: "
                + ColouredText.LEGEND
                + " Below, the strongest words stand with the change in log odds, of which +1 makes 50 %"
                + " into 73 %. The marks are of the model as it was saved"
                + (text.part().equals("test")
                    ? "."
                    : ", which has learned from these texts since or was chosen by them; the"
                        + " mistakes are those of models that had not."))
        + "</p>\n";
  }

  private static String card(ExplainedText text, List<String> lines) {
    StringBuilder card = new StringBuilder("<figure class=\"text marked\">");
    card.append("<blockquote class=\"explained\" dir=\"auto\">")
        .append(text.words().html())
        .append("</blockquote><figcaption>");
    lines.forEach(line -> card.append(HtmlText.escape(line)).append("<br>"));
    card.append(reasons(text));
    return card.append(ExamplePictures.name(text.id()))
        .append("</figcaption></figure>\n")
        .toString();
  }

  /** The same as the marks in words, for those who do not see them. */
  private static String reasons(ExplainedText text) {
    List<WordEffect> marked = text.words().marked();
    List<WordEffect> against = text.words().against(MOST_AGAINST);
    String named = HtmlText.escape("“" + ExamplePictures.shortened(text.explained()) + "”");
    StringBuilder reasons = new StringBuilder();
    if (marked.isEmpty()) {
      reasons.append("No single word speaks for ").append(named).append(".<br>");
    } else {
      reasons.append("For ").append(named).append(": ").append(words(text, marked));
      reasons.append("<br>");
    }
    if (!against.isEmpty()) {
      reasons.append("Against it: ").append(words(text, against)).append("<br>");
    }
    reasons.append("<span class=\"file\">").append(HtmlText.escape(check(text, marked.size())));
    return reasons.append("</span><br>").toString();
  }

  private static String words(ExplainedText text, List<WordEffect> effects) {
    return effects.stream()
        .map(
            effect ->
                "<bdi>"
                    + HtmlText.escape(
                        PlainText.shorten(
                            text.words().word(effect).replaceAll("\\s+", " "), LONGEST_WORD))
                    + "</bdi>"
                    + String.format(Locale.ROOT, " (%+.1f)", effect.drop()).replace('-', '−'))
        .collect(Collectors.joining(", "));
  }

  private static String check(ExplainedText text, int marked) {
    String answer =
        text.answer().equals(text.explained())
            ? ""
            : " It answers “" + ExamplePictures.shortened(text.answer()) + "” instead.";
    String given = "The saved model gives it " + EvidenceWords.percent(text.probability());
    if (marked == 0) {
      return given + "." + answer;
    }
    return given
        + ", without "
        + (marked == 1 ? "that word " : "these " + marked + " words ")
        + EvidenceWords.percent(text.withoutMarked())
        + ", without "
        + (marked == 1 ? "another " : "as many others ")
        + EvidenceWords.percent(text.withoutOthers())
        + (text.isConfirmed() ? "." : ": these words matter no more than the rest.")
        + answer;
  }
}
