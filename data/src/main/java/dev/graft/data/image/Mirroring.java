package dev.graft.data.image;

/** Whether left and right are exchanged. */
public enum Mirroring {
  /** As it is. */
  NONE,
  /** Left and right exchanged. */
  HORIZONTAL
}
