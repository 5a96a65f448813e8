package dev.graft.transfer;

import java.util.List;

/** The backbone's preprocessing is described nowhere and must be named. */
public final class PreprocessingUnknownException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> presets;

  PreprocessingUnknownException(String message, List<String> presets) {
    super(message);
    this.presets = List.copyOf(presets);
  }

  /** The names that are known. */
  public List<String> presets() {
    return presets;
  }
}
