package dev.graft.transfer.doctor;

import dev.graft.data.DataFix;
import dev.graft.data.DataFixes;
import dev.graft.transfer.evidence.DataFindings;
import dev.graft.transfer.evidence.DataFindings.DuplicateGroup;
import dev.graft.transfer.evidence.DataFindings.Member;
import dev.graft.transfer.evidence.DataFindings.Outlier;
import dev.graft.transfer.evidence.DataFindings.SuspectLabel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Findings as a table in which people decide; one line for each example, no action chosen. */
public final class SuggestedFixes {
  private final Map<String, DataFix> lines = new LinkedHashMap<>();

  private SuggestedFixes() {}

  /** All examples that something was found about: suspect labels, copies, outliers. */
  public static DataFixes of(DataFindings findings) {
    SuggestedFixes fixes = new SuggestedFixes();
    findings.suspectLabels().forEach(fixes::add);
    findings.duplicates().forEach(fixes::add);
    findings.outliers().forEach(fixes::add);
    return DataFixes.of(new ArrayList<>(fixes.lines.values()));
  }

  private void add(SuspectLabel suspect) {
    put(
        suspect.id(),
        suspect.label(),
        suspect.suggested(),
        String.format(
            Locale.ROOT,
            "label: looks like \"%s\" (%.0f %%, \"%s\" %.0f %%)",
            suspect.suggested(),
            100 * suspect.suggestedProbability(),
            suspect.label(),
            100 * suspect.probability()),
        suspect.suggestedProbability() - suspect.probability());
  }

  private void add(DuplicateGroup group) {
    for (Member member : group.members()) {
      List<Member> others = group.members().stream().filter(one -> !one.equals(member)).toList();
      Member first = others.get(0);
      put(
          member.id(),
          member.label(),
          "",
          "copy: nearly the same as "
              + first.id()
              + " ("
              + first.part()
              + ", \""
              + first.label()
              + "\")"
              + (others.size() > 1 ? " and " + (others.size() - 1) + " more" : ""),
          1);
    }
  }

  private void add(Outlier outlier) {
    put(
        outlier.id(),
        outlier.label(),
        "",
        String.format(
            Locale.ROOT,
            "outlier: distance %.2f, usually below %.2f",
            outlier.distance(),
            outlier.usual()),
        outlier.distance());
  }

  private void put(String id, String label, String suggested, String reason, double score) {
    DataFix fresh = new DataFix(id, label, suggested, Optional.empty(), reason, score);
    lines.merge(
        id,
        fresh,
        (known, further) ->
            new DataFix(
                id,
                label,
                known.suggested().isEmpty() ? further.suggested() : known.suggested(),
                Optional.empty(),
                known.reason() + "; " + further.reason(),
                known.score()));
  }
}
