package dev.graft.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.data.DataFixes;
import dev.graft.transfer.DataExamination;
import dev.graft.transfer.evidence.DataFindings;
import dev.graft.transfer.evidence.DataFindings.DuplicateGroup;
import dev.graft.transfer.evidence.DataFindings.Outlier;
import dev.graft.transfer.evidence.DataFindings.SuspectLabel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What {@code doctor} prints. */
final class DoctorReport {
  private static final int SHOWN = 10;
  private static final int MEMBERS_SHOWN = 4;
  private static final int LEFT_OUT_SHOWN = 20;

  private final DataExamination examined;
  private final Optional<Path> file;
  private final DataFixes fixes;
  private final List<String> lines = new ArrayList<>();

  /**
   * Collects what there is to tell.
   *
   * @param file where the fixes were written, if they were
   */
  DoctorReport(DataExamination examined, Optional<Path> file, DataFixes fixes) {
    this.examined = examined;
    this.file = file;
    this.fixes = fixes;
  }

  /** For people. */
  List<String> lines() {
    lines.clear();
    DataFindings findings = examined.findings();
    list(
        "Likely wrong labels: " + findings.suspectLabels().size(),
        findings.suspectLabels(),
        DoctorReport::words);
    list(
        "Groups of nearly equal "
            + examined.dataset().kind().many()
            + ": "
            + findings.duplicates().size(),
        findings.duplicates(),
        DoctorReport::words);
    list("Outliers: " + findings.outliers().size(), findings.outliers(), DoctorReport::words);
    list(
        "Properties that tell the class without the content: " + findings.cues().size(),
        findings.cues(),
        cue -> cue.name() + ": " + cue.sentence());
    examined.notes().forEach(note -> lines.add("Note: " + Wording.name(note)));
    findings.remarks().forEach(remark -> lines.add("Note: " + Wording.name(remark)));
    lines.addAll(LeftOutReport.of(examined.dataset().leftOut(), LEFT_OUT_SHOWN).lines());
    file.ifPresent(
        path ->
            lines.add(
                "Written: "
                    + Wording.name(path.toString())
                    + " ("
                    + Wording.count(fixes.list().size(), "example")
                    + "). Write relabel or drop into its column action, then: graft train DATA"
                    + " --fixes "
                    + Wording.name(CommandText.quoted(path.toString()))));
    return List.copyOf(lines);
  }

  private <T> void list(String heading, List<T> findings, Function<T, String> words) {
    lines.add(heading);
    findings.stream().limit(SHOWN).forEach(one -> lines.add("  " + Wording.name(words.apply(one))));
    if (findings.size() > SHOWN) {
      lines.add("  ... and " + Wording.count(findings.size() - SHOWN) + " more");
    }
  }

  private static String words(SuspectLabel suspect) {
    return String.format(
        Locale.ROOT,
        "%s: %s (%.0f %%), looks like %s (%.0f %%)",
        suspect.id(),
        suspect.label(),
        100 * suspect.probability(),
        suspect.suggested(),
        100 * suspect.suggestedProbability());
  }

  private static String words(DuplicateGroup group) {
    String members =
        group.members().stream()
            .limit(MEMBERS_SHOWN)
            .map(DataFindings.Member::id)
            .collect(Collectors.joining(", "));
    int more = group.members().size() - MEMBERS_SHOWN;
    return members
        + (more > 0 ? " and " + more + " more" : "")
        + (group.acrossClasses() ? "; different labels" : "")
        + (group.acrossParts() ? "; different parts of the data" : "");
  }

  private static String words(Outlier outlier) {
    return String.format(
        Locale.ROOT,
        "%s: %s, distance %.2f (95 %% of the examples: below %.2f)",
        outlier.id(),
        outlier.label(),
        outlier.distance(),
        outlier.usual());
  }

  /** For programs: the findings as in metrics.json, and where the fixes lie. */
  ObjectNode json() {
    ObjectNode json = examined.findings().toJson();
    file.ifPresent(path -> json.put("fixes", path.toString()));
    json.put("left_out", examined.dataset().leftOut().size());
    examined.notes().forEach(json.putArray("notes")::add);
    return json;
  }
}
