package dev.graft.data;

import java.util.Arrays;

/**
 * A division of examples into those to learn from and those to judge by; immutable and thread-safe.
 *
 * <p>Both lists are indices into the list of examples that was split, ascending.
 */
public final class Split {
  private final int[] train;
  private final int[] validation;

  Split(int[] train, int[] validation) {
    this.train = train.clone();
    this.validation = validation.clone();
    Arrays.sort(this.train);
    Arrays.sort(this.validation);
  }

  /** Indices of the examples to learn from, ascending; a copy. */
  public int[] train() {
    return train.clone();
  }

  /** Indices of the examples to judge by, ascending; a copy. */
  public int[] validation() {
    return validation.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Split that
        && Arrays.equals(train, that.train)
        && Arrays.equals(validation, that.validation);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(train) + Arrays.hashCode(validation);
  }

  @Override
  public String toString() {
    return "Split[train " + train.length + ", validation " + validation.length + "]";
  }
}
