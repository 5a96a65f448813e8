package dev.graft.data;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lines that say which examples shall be relabelled or dropped, as people decide them in a
 * spreadsheet: CSV with the columns path, label, suggested, action, reason and score, of which
 * path, suggested and action are read.
 *
 * <p>Nothing is done without an action. Paths name examples of the data and are never opened.
 * Immutable and thread-safe.
 */
public final class DataFixes {
  private final String name;
  private final List<DataFix> fixes;

  private DataFixes(String name, List<DataFix> fixes) {
    this.name = name;
    this.fixes = List.copyOf(fixes);
  }

  /** Fixes that were made in memory. */
  public static DataFixes of(List<DataFix> fixes) {
    return new DataFixes("the fixes", fixes);
  }

  /**
   * Reads a table, with commas, semicolons or tabs between its columns.
   *
   * @throws DataException where it cannot be read, lacks a column, or names an unknown action
   */
  public static DataFixes read(Path file) {
    return new DataFixes(file.toString(), FixTable.read(file));
  }

  /** The lines in their order. */
  public List<DataFix> list() {
    return fixes;
  }

  /**
   * The table as text. Cells that a spreadsheet would take for a formula begin with an apostrophe,
   * which reading takes away.
   */
  public String csv() {
    return FixTable.text(fixes);
  }

  /**
   * Changes data accordingly.
   *
   * @throws DataException where a line names an example or a class that the data do not have, the
   *     label of a line is not that of the example, or two lines contradict each other
   */
  public FixedData applyTo(Dataset dataset) {
    Map<String, Example> known = new HashMap<>();
    dataset.parts().values().forEach(part -> part.forEach(one -> known.put(one.id(), one)));
    Map<String, Decision> decisions = new LinkedHashMap<>();
    int undecided = 0;
    for (DataFix fix : fixes) {
      Example example = example(fix, known);
      if (fix.action().isEmpty()) {
        undecided++;
        continue;
      }
      Decision decision = decision(fix, example, dataset);
      Decision before = decisions.putIfAbsent(example.id(), decision);
      if (before != null && !before.equals(decision)) {
        throw refused(
            "two lines decide differently about "
                + example.id()
                + " ("
                + before.words()
                + "; "
                + decision.words()
                + "). Keep one of them.");
      }
    }
    Map<String, String> labels = new HashMap<>();
    Map<String, String> dropped = new LinkedHashMap<>();
    decisions.forEach(
        (id, decision) -> {
          if (decision.action == DataFix.Action.DROP) {
            dropped.put(id, "dropped, as " + name + " says");
          } else if (decision.action == DataFix.Action.RELABEL) {
            labels.put(id, decision.label);
          }
        });
    return new FixedData(
        dataset.relabelled(labels).without(dropped), labels.size(), dropped.size(), undecided);
  }

  /** What is decided about an example; the label is empty unless it is relabelled. */
  private record Decision(DataFix.Action action, String label) {
    String words() {
      return label.isEmpty() ? action.word() : action.word() + " to \"" + label + "\"";
    }
  }

  private Example example(DataFix fix, Map<String, Example> known) {
    Example exact = known.get(fix.path());
    if (exact == null) {
      exact = known.get(SafePaths.normalised(fix.path()));
    }
    if (exact == null) {
      throw refused(
          "the data have no example \""
              + fix.path()
              + "\""
              + (SafePaths.isUnsafe(fix.path()) ? " (" + SafePaths.REASON + ")" : "")
              + ". Paths are those of the fixes.csv that was written for these data, with all parts"
              + " and folders; remove the line if the file is gone.");
    }
    return exact;
  }

  private Decision decision(DataFix fix, Example example, Dataset dataset) {
    if (fix.action().orElseThrow() != DataFix.Action.RELABEL) {
      return new Decision(fix.action().orElseThrow(), "");
    }
    if (!dataset.classes().contains(fix.suggested())) {
      List<String> classes = dataset.classes();
      throw refused(
          "\""
              + fix.path()
              + "\" shall be relabelled to "
              + (fix.suggested().isEmpty() ? "nothing" : "\"" + fix.suggested() + "\"")
              + ", which is no class of the data. Write one of them into the column suggested: "
              + String.join(", ", classes.subList(0, Math.min(20, classes.size())))
              + (classes.size() > 20 ? ", ..." : "")
              + ".");
    }
    boolean already = example.label().equals(fix.suggested());
    if (!fix.label().isEmpty() && !already && !fix.label().equals(example.label())) {
      throw refused(
          "\""
              + fix.path()
              + "\" is \""
              + fix.label()
              + "\" in the table but \""
              + example.label()
              + "\" in the data. The table may belong to other data: examine them again with graft"
              + " doctor.");
    }
    return new Decision(DataFix.Action.RELABEL, fix.suggested());
  }

  private DataException refused(String what) {
    return new DataException("Applying " + name + ": " + what);
  }

  /** SHA-256 over the table's text, for provenance. */
  public String sha256() {
    return ExampleSource.hash(csv().getBytes(StandardCharsets.UTF_8));
  }

  /** An action by its word; empty for an empty cell. */
  static Optional<DataFix.Action> action(String cell) {
    for (DataFix.Action action : DataFix.Action.values()) {
      if (action.word().equalsIgnoreCase(cell)) {
        return Optional.of(action);
      }
    }
    if (cell.isEmpty()) {
      return Optional.empty();
    }
    throw new IllegalArgumentException(cell);
  }
}
