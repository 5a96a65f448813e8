package dev.graft.runtime;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The kind of raw input that a bundle's model takes. */
public enum Modality {
  IMAGE,
  AUDIO,
  TEXT;

  /** The lower-case word used in config.json. */
  public String jsonName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one that is called so in a bundle's files; empty where none is. */
  public static Optional<Modality> ofJsonName(String word) {
    return Arrays.stream(values()).filter(modality -> modality.jsonName().equals(word)).findFirst();
  }
}
