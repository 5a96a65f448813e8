package dev.graft.data;

import java.util.Locale;
import java.util.Optional;

/** The use that the owner of the data has set an example aside for. */
public enum Part {
  /** Examples to learn from. */
  TRAIN("train"),
  /** Examples to choose between settings with. */
  VALIDATION("validation"),
  /** Examples for the final evaluation only. */
  TEST("test");

  private final String label;

  Part(String label) {
    this.label = label;
  }

  /**
   * The part that a folder name or a table cell stands for, in any letter case; empty where it
   * stands for none.
   */
  public static Optional<Part> named(String name) {
    return switch (name.strip().toLowerCase(Locale.ROOT)) {
      case "train", "training" -> Optional.of(TRAIN);
      case "validation", "valid", "val", "dev" -> Optional.of(VALIDATION);
      case "test", "testing", "eval", "evaluation" -> Optional.of(TEST);
      default -> Optional.empty();
    };
  }

  /** The name used in messages and reports: "train", "validation" or "test". */
  public String label() {
    return label;
  }
}
