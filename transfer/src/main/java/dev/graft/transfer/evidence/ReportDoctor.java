package dev.graft.transfer.evidence;

import dev.graft.transfer.evidence.DataFindings.Cue;
import dev.graft.transfer.evidence.DataFindings.DuplicateGroup;
import dev.graft.transfer.evidence.DataFindings.Member;
import dev.graft.transfer.evidence.DataFindings.Outlier;
import dev.graft.transfer.evidence.DataFindings.SuspectLabel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is odd about the data, with pictures where there are some, and folded lists of the rest. */
final class ReportDoctor {

  private static final int MOST_ROWS = 500;
  private static final int MOST_GROUPS_SHOWN = 8;
  private static final int MOST_MEMBERS_SHOWN = 6;

  private final DataFindings data;
  private final ExamplePictures pictures;
  private final ExampleWords words;

  private ReportDoctor(DataFindings data, ExamplePictures pictures, ExampleWords words) {
    this.data = data;
    this.pictures = pictures;
    this.words = words;
  }

  static String of(DataFindings data, ExamplePictures pictures, ExampleWords words) {
    ReportDoctor report = new ReportDoctor(data, pictures, words);
    return HtmlText.paragraph(
            "Nothing of this was changed or left out; judge it by "
                + words.sense()
                + "."
                + report.howToFix())
        + report.remarks()
        + pictures.legend()
        + report.suspects()
        + report.duplicates()
        + report.outliers()
        + report.cues();
  }

  private String howToFix() {
    boolean found =
        !data.suspectLabels().isEmpty()
            || !data.duplicates().isEmpty()
            || !data.outliers().isEmpty();
    return found
        ? " What is wrong indeed can be told to the next training: fixes.csv beside this page has a"
            + " line for each "
            + words.one()
            + " named here; write relabel or drop into its column action and train with --fixes"
            + " fixes.csv."
        : "";
  }

  private String remarks() {
    StringBuilder text = new StringBuilder();
    data.remarks().forEach(remark -> text.append(HtmlText.paragraph(remark)));
    return text.toString();
  }

  private String suspects() {
    List<SuspectLabel> found = data.suspectLabels();
    if (found.isEmpty()) {
      return section("Labels", HtmlText.paragraph("No label that was judged looks wrong."));
    }
    StringBuilder cards = new StringBuilder();
    HtmlTable table =
        new HtmlTable("Labels that are likely wrong")
            .columns(
                List.of(words.oneFirst(), "Label", "Its probability", "Looks like", "Probability"));
    for (SuspectLabel suspect : found.subList(0, Math.min(MOST_ROWS, found.size()))) {
      if (pictures.has(suspect.id())) {
        cards.append(
            pictures.card(
                suspect.id(),
                suspect.label(),
                List.of(
                    "labelled “" + ExamplePictures.shortened(suspect.label()) + "”",
                    "looks like “"
                        + ExamplePictures.shortened(suspect.suggested())
                        + "” ("
                        + EvidenceWords.percent(suspect.suggestedProbability())
                        + ")")));
      }
      table.row(
          suspect.id(),
          HtmlTable.words(suspect.label()),
          HtmlTable.number(EvidenceWords.percent(suspect.probability())),
          HtmlTable.words(suspect.suggested()),
          HtmlTable.number(EvidenceWords.percent(suspect.suggestedProbability())));
    }
    return section(
        counted(found.size(), "label is", "labels are") + " likely wrong",
        HtmlText.paragraph(
                "Predicted by models that were not trained on them, these look like another class"
                    + " (confident learning). Some will be right after all.")
            + shown(cards)
            + folded(found.size(), table));
  }

  private String duplicates() {
    List<DuplicateGroup> found = data.duplicates();
    if (found.isEmpty()) {
      return section(
          "Near-duplicates", HtmlText.paragraph("No " + words.many() + " are nearly the same."));
    }
    StringBuilder groups = new StringBuilder();
    HtmlTable table =
        new HtmlTable(words.manyFirst() + " that are nearly the same")
            .columns(List.of("Group", words.oneFirst(), "Label", "Part"));
    int number = 0;
    int shown = 0;
    int rows = 0;
    for (DuplicateGroup group : found) {
      number++;
      boolean pictured = group.members().stream().anyMatch(member -> pictures.has(member.id()));
      if (pictured && shown < MOST_GROUPS_SHOWN) {
        groups.append(group(number, group));
        shown++;
      }
      for (Member member : group.members()) {
        if (rows++ < MOST_ROWS) {
          table.row(
              Integer.toString(number),
              HtmlTable.words(member.id()),
              HtmlTable.words(member.label()),
              HtmlTable.words(member.part()));
        }
      }
    }
    return section(
        counted(found.size(), "group", "groups") + " of nearly the same " + words.many(),
        HtmlText.paragraph(sides(found)) + groups + folded(rows, table));
  }

  private String sides(List<DuplicateGroup> found) {
    int parted = (int) found.stream().filter(DuplicateGroup::acrossSplits).count();
    if (parted == 0) {
      return "Each group was kept on one side of every split that training made itself.";
    }
    return counted(parted, "group", "groups")
        + " of these "
        + (parted == 1 ? "was" : "were")
        + " not kept together when training split its examples, and may lie on both sides: figures of"
        + " held-out training "
        + words.many()
        + " may be somewhat too good. Drop the copies to be sure.";
  }

  private String group(int number, DuplicateGroup group) {
    List<String> remarks = new ArrayList<>();
    if (group.acrossClasses()) {
      remarks.add("different labels");
    }
    if (group.acrossParts()) {
      remarks.add("in different parts of the data");
    }
    StringBuilder cards = new StringBuilder();
    int shown = 0;
    for (Member member : group.members()) {
      if (pictures.has(member.id()) && shown++ < MOST_MEMBERS_SHOWN) {
        cards.append(
            pictures.card(
                member.id(),
                member.label(),
                List.of("“" + ExamplePictures.shortened(member.label()) + "”, " + member.part())));
      }
    }
    String heading =
        "Group "
            + number
            + ": "
            + EvidenceWords.count(group.members().size())
            + " "
            + words.many()
            + (remarks.isEmpty() ? "" : ", " + String.join(", ", remarks));
    return "<h4>" + HtmlText.escape(heading) + "</h4>\n" + shown(cards);
  }

  private String outliers() {
    List<Outlier> found = data.outliers();
    if (found.isEmpty()) {
      return section(
          "Outliers", HtmlText.paragraph("No " + words.one() + " is unlike all others."));
    }
    StringBuilder cards = new StringBuilder();
    HtmlTable table =
        new HtmlTable(words.manyFirst() + " unlike all others")
            .columns(List.of(words.oneFirst(), "Label", "Distance"));
    for (Outlier outlier : found.subList(0, Math.min(MOST_ROWS, found.size()))) {
      if (pictures.has(outlier.id())) {
        cards.append(
            pictures.card(
                outlier.id(),
                outlier.label(),
                List.of(
                    "“" + ExamplePictures.shortened(outlier.label()) + "”",
                    "distance " + distance(outlier.distance()))));
      }
      table.row(
          outlier.id(),
          HtmlTable.words(outlier.label()),
          HtmlTable.number(distance(outlier.distance())));
    }
    return section(
        counted(found.size(), words.one() + " is", words.many() + " are") + " unlike all others",
        HtmlText.paragraph(
                "Mean cosine distance to the nearest other "
                    + words.many()
                    + "; it stays below "
                    + distance(found.get(0).usual())
                    + " for 95 % of all. Such "
                    + words.anyOne()
                    + " may not belong here, or be rare and welcome.")
            + shown(cards)
            + folded(found.size(), table));
  }

  private String cues() {
    List<Cue> found = data.cues();
    if (found.isEmpty()) {
      return section(
          "Give-aways", HtmlText.paragraph(words.giveAways() + " do not tell the classes apart."));
    }
    StringBuilder text = new StringBuilder();
    HtmlTable table =
        new HtmlTable("What tells the class without the content")
            .classed("figures")
            .columns(List.of("Property", "Balanced accuracy", "Guessing", "p"));
    for (Cue cue : found) {
      text.append(HtmlText.paragraph(cue.sentence()));
      table.row(
          cue.name(),
          HtmlTable.number(EvidenceWords.percent(cue.accuracy())),
          HtmlTable.number(EvidenceWords.percent(cue.chance())),
          HtmlTable.number(String.format(Locale.ROOT, "%.3f", cue.pValue())));
    }
    return section("Give-aways", text + table.html());
  }

  private static String section(String heading, String inner) {
    return "<h3>" + HtmlText.escape(heading) + "</h3>\n" + inner;
  }

  private static String shown(StringBuilder cards) {
    return cards.isEmpty() ? "" : HtmlPicture.row("cards", cards.toString());
  }

  private static String folded(int count, HtmlTable table) {
    String more =
        count > MOST_ROWS
            ? HtmlText.paragraph("and " + EvidenceWords.count(count - MOST_ROWS) + " more.")
            : "";
    return HtmlText.folded(
        count == 1 ? "As a table, with the full name" : "All as a table, with full names",
        table.html() + more);
  }

  private static String counted(int count, String one, String several) {
    return EvidenceWords.count(count) + " " + (count == 1 ? one : several);
  }

  private static String distance(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
