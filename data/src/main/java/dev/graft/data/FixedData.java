package dev.graft.data;

/**
 * Data after a table of fixes was applied.
 *
 * @param dataset the changed data
 * @param relabelled examples that have another class now
 * @param dropped examples that were left out
 * @param undecided lines without an action
 */
public record FixedData(Dataset dataset, int relabelled, int dropped, int undecided) {
  /** A sentence for people. */
  public String summary() {
    return "Fixes: "
        + relabelled
        + (relabelled == 1 ? " example" : " examples")
        + " relabelled, "
        + dropped
        + " dropped; "
        + undecided
        + (undecided == 1 ? " line has" : " lines have")
        + " no action.";
  }
}
