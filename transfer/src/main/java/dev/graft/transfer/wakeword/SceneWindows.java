package dev.graft.transfer.wakeword;

import java.util.List;

/**
 * The windows of a scene: what a backbone made of them, and what is in them.
 *
 * @param rows of the encoder, one after the other
 * @param contents of each window
 * @param said where the phrase is said in the scene
 */
record SceneWindows(float[] rows, Content[] contents, List<SpokenSpan> said) {
  private static final double FULLY_SECONDS = 0.06;
  private static final double EARLY_SECONDS = 0.06;
  private static final double LATE_SECONDS = 0.5;
  private static final double HALF = 0.5;

  /** What a window holds. */
  enum Content {
    /** The phrase, which ended shortly before the window does. */
    PHRASE,
    /** None of it, or a small part. */
    OTHER,
    /** Something between: it is neither learned nor counted. */
    BETWEEN
  }

  /** Encodes a scene and tells what its windows hold. */
  static SceneWindows of(Scene scene, StreamEncoder encoder, int sampleRate) {
    float[] rows = encoder.encode(scene.samples());
    int count = Math.max(0, rows.length / encoder.rowWidth() - encoder.rowsPerWindow() + 1);
    Content[] contents = new Content[count];
    for (int window = 0; window < count; window++) {
      int start = window * encoder.hop();
      contents[window] = content(scene, start, start + encoder.window(), sampleRate);
    }
    return new SceneWindows(rows, contents, scene.phrases());
  }

  /** Where phrases follow closely, that which has just ended tells. */
  private static Content content(Scene scene, int start, int end, int sampleRate) {
    Content found = Content.OTHER;
    for (SpokenSpan said : scene.phrases()) {
      Content content = content(said, start, end, sampleRate);
      if (content == Content.PHRASE) {
        return content;
      }
      found = content == Content.BETWEEN ? content : found;
    }
    return found;
  }

  private static Content content(SpokenSpan said, int start, int end, int sampleRate) {
    double tail = (double) (end - said.end()) / sampleRate;
    boolean whole = start <= said.start() + FULLY_SECONDS * sampleRate;
    if (whole && tail >= -EARLY_SECONDS && tail <= LATE_SECONDS) {
      return Content.PHRASE;
    }
    int common = Math.min(end, said.end()) - Math.max(start, said.start());
    return common < HALF * said.length() ? Content.OTHER : Content.BETWEEN;
  }

  int count() {
    return contents.length;
  }

  /** Copies the features of a window. */
  void features(int window, int rowWidth, float[] out) {
    System.arraycopy(rows, window * rowWidth, out, 0, out.length);
  }
}
