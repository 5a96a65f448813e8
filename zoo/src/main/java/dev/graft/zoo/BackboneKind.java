package dev.graft.zoo;

import java.util.Locale;

/** What a backbone takes. */
public enum BackboneKind {
  /** Pictures. */
  IMAGE,
  /** Recordings. */
  AUDIO,
  /** Texts. */
  TEXT;

  /** As it is written in commands and files. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
