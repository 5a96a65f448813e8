package dev.graft.runtime;

import dev.graft.data.DatasetKind;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The kind of raw input that a bundle's model takes. */
public enum Modality {
  IMAGE,
  AUDIO,
  TEXT;

  /** What data of this kind are. */
  public DatasetKind kind() {
    return switch (this) {
      case IMAGE -> DatasetKind.IMAGE;
      case AUDIO -> DatasetKind.AUDIO;
      case TEXT -> DatasetKind.TEXT;
    };
  }

  /** The lower-case word used in config.json. */
  public String jsonName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one that is called so in a bundle's files; empty where none is. */
  public static Optional<Modality> ofJsonName(String word) {
    return Arrays.stream(values()).filter(modality -> modality.jsonName().equals(word)).findFirst();
  }
}
