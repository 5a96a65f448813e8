package dev.graft.transfer;

/** How the loss weighs the classes. */
public enum ClassWeighting {
  /** Each example counts alike. */
  NONE,
  /** Each class counts alike: examples of rare classes weigh more. */
  BALANCED
}
