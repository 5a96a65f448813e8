package dev.graft.data;

/**
 * How the random views of a training example differ from it. Immutable; its string form is stable
 * and enters the key of cached views.
 */
public interface ExampleAugmentation {
  /** The kind of examples that it changes. */
  DatasetKind kind();

  /** Whether every view is the plain example. */
  boolean isNone();
}
