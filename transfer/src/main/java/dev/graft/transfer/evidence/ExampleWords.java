package dev.graft.transfer.evidence;

import dev.graft.data.DatasetKind;

/**
 * How the evidence speaks of examples of one kind.
 *
 * @param kind whose {@link DatasetKind#one()} and {@link DatasetKind#many()} name the examples
 * @param classifier what a model of them is called at the start of a line
 * @param task what model hubs call telling their classes
 * @param taskName the same for people
 * @param featureTask what model hubs call computing their features
 * @param folderType what model hubs call a folder of them
 * @param rawInput what a deployed model takes of one
 * @param sense by which people judge them
 * @param otherSources what makes examples from elsewhere harder
 * @param made how they come into being, as a participle
 * @param pictured what a picture of one is called at the start of a line
 * @param giveAways properties that are no content
 * @param file name of one
 * @param folder name of a folder of them
 */
record ExampleWords(
    DatasetKind kind,
    String classifier,
    String task,
    String taskName,
    String featureTask,
    String folderType,
    String rawInput,
    String sense,
    String otherSources,
    String made,
    String pictured,
    String giveAways,
    String file,
    String folder) {
  private static final ExampleWords IMAGES =
      new ExampleWords(
          DatasetKind.IMAGE,
          "Image",
          "image-classification",
          "Image classification",
          "image-feature-extraction",
          "imagefolder",
          "raw pixels",
          "eye",
          "cameras, places or subjects",
          "taken",
          "Image",
          "Brightness, sharpness, size and the like",
          "photo.jpg",
          "my-photos");

  private static final ExampleWords RECORDINGS =
      new ExampleWords(
          DatasetKind.AUDIO,
          "Sound",
          "audio-classification",
          "Audio classification",
          "feature-extraction",
          "audiofolder",
          "raw samples",
          "ear",
          "microphones, rooms or speakers",
          "recorded",
          "Spectrogram of recording",
          "Loudness, length, background noise and the like",
          "recording.wav",
          "my-recordings");

  private static final ExampleWords TEXTS =
      new ExampleWords(
          DatasetKind.TEXT,
          "Text",
          "text-classification",
          "Text classification",
          "feature-extraction",
          "csv",
          "token numbers",
          "eye",
          "authors, topics or times",
          "written",
          "Text",
          "Length, format and the like",
          "text.txt",
          "my-texts");

  static ExampleWords of(DatasetKind kind) {
    return switch (kind) {
      case IMAGE -> IMAGES;
      case AUDIO -> RECORDINGS;
      case TEXT -> TEXTS;
    };
  }

  static ExampleWords of(TrainingRecord record) {
    return of(record.data().kind());
  }

  static ExampleWords of(PretrainingRecord record) {
    return of(record.data().kind());
  }

  String one() {
    return kind.one();
  }

  String anyOne() {
    return kind.anyOne();
  }

  String many() {
    return kind.many();
  }

  /** {@link #one()} at the start of a line. */
  String oneFirst() {
    return capital(kind.one());
  }

  /** {@link #many()} at the start of a line. */
  String manyFirst() {
    return capital(kind.many());
  }

  /** A size with its unit, such as "64 pixels". */
  String size(int size) {
    return EvidenceWords.count(size) + " " + kind.sizeUnit();
  }

  private static String capital(String word) {
    return Character.toUpperCase(word.charAt(0)) + word.substring(1);
  }
}
