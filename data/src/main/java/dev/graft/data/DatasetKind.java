package dev.graft.data;

import java.util.Locale;
import java.util.Optional;

/** The kind of content that the examples of a data set hold. */
public enum DatasetKind {
  /** Still images; of animated ones the first frame counts. */
  IMAGE("image", "an image"),
  /** Sound recordings. */
  AUDIO("audio", "a recording"),
  /** Plain text. */
  TEXT("text", "a text");

  private final String word;
  private final String phrase;

  DatasetKind(String word, String phrase) {
    this.word = word;
    this.phrase = phrase;
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

  /** One example of it, with the article: "an image", "a recording" or "a text". */
  public String phrase() {
    return phrase;
  }
}
