package dev.graft.data;

import java.util.Locale;
import java.util.Optional;

/** The kind of content that the examples of a data set hold. */
public enum DatasetKind {
  /** Still images; of animated ones the first frame counts. */
  IMAGE("image", "image", "images", "pixels"),
  /** Sound recordings. */
  AUDIO("audio", "recording", "recordings", "samples"),
  /** Plain text. */
  TEXT("text", "text", "texts", "tokens");

  private final String word;
  private final String one;
  private final String many;
  private final String sizeUnit;

  DatasetKind(String word, String one, String many, String sizeUnit) {
    this.word = word;
    this.one = one;
    this.many = many;
    this.sizeUnit = sizeUnit;
  }

  /**
   * The kind that a file name's extension stands for, in any letter case; empty where it is not
   * known.
   */
  public static Optional<DatasetKind> ofFileName(String fileName) {
    int dot = fileName.lastIndexOf('.');
    if (dot < 0 || dot < fileName.lastIndexOf('/')) {
      return Optional.empty();
    }
    return switch (fileName.substring(dot + 1).toLowerCase(Locale.ROOT)) {
      case "jpg", "jpeg", "jpe", "jfif", "png", "gif", "bmp", "dib", "webp", "tif", "tiff" ->
          Optional.of(IMAGE);
      case "wav", "wave", "flac", "mp3", "ogg", "oga", "opus", "m4a", "aac", "aiff", "aif" ->
          Optional.of(AUDIO);
      case "txt", "text", "md" -> Optional.of(TEXT);
      default -> Optional.empty();
    };
  }

  /** The word used in messages: "image", "audio" or "text". */
  public String word() {
    return word;
  }

  /** What one example is called: "image", "recording" or "text". */
  public String one() {
    return one;
  }

  /** One example with its article: "an image", "a recording" or "a text". */
  public String anyOne() {
    return (this == IMAGE ? "an " : "a ") + one;
  }

  /** What examples are called: "images", "recordings" or "texts". */
  public String many() {
    return many;
  }

  /** What the size of an example is counted in: "pixels", "samples" or "tokens". */
  public String sizeUnit() {
    return sizeUnit;
  }
}
