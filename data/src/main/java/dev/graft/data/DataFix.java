package dev.graft.data;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * What shall become of one example: a line of a table of fixes.
 *
 * @param path id of the example
 * @param label its class when the line was written
 * @param suggested the class that a relabelling gives it; empty where none is suggested
 * @param action what shall be done; empty as long as nobody has decided
 * @param reason why it is listed, for people
 * @param score how likely something is wrong with it; larger is likelier, comparable among lines of
 *     one reason only
 */
public record DataFix(
    String path,
    String label,
    String suggested,
    Optional<Action> action,
    String reason,
    double score) {
  /** Requires all texts. */
  public DataFix {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(suggested, "suggested");
    Objects.requireNonNull(action, "action");
    Objects.requireNonNull(reason, "reason");
  }

  /** What is done with an example. */
  public enum Action {
    /** It stays as it is. */
    KEEP,
    /** It gets the suggested class. */
    RELABEL,
    /** It is left out. */
    DROP;

    /** The word in a table. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
