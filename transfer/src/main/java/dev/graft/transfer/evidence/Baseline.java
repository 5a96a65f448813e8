package dev.graft.transfer.evidence;

/**
 * What is reached without the backbone, or with another one, on the same examples as the model.
 *
 * @param contender what the model is compared with
 * @param part "test" or "validation"
 * @param evaluation of the baseline
 * @param modelAccuracy of the model on the same examples
 * @param onlyModel examples that only the model tells right
 * @param onlyBaseline examples that only the baseline tells right
 * @param pValue of a difference as large either way if both were equally good (McNemar, mid-p)
 */
public record Baseline(
    Contender contender,
    String part,
    Evaluation evaluation,
    double modelAccuracy,
    int onlyModel,
    int onlyBaseline,
    double pValue) {
  private static final double LEVEL = 0.05;

  /**
   * What a model is compared with.
   *
   * @param name such as "mel bands", or that of a backbone
   * @param meaning the same at length, for the start of a sentence
   */
  public record Contender(Kind kind, String name, String meaning) {
    /** What it is to the model. */
    public enum Kind {
      /** Features that need no backbone. */
      WITHOUT_BACKBONE("baseline", "Baseline"),
      /** A backbone of sound, where the model's is one of images. */
      BACKBONE_OF_SOUND("backbone_of_sound", "Backbone of sound");

      private final String key;
      private final String title;

      Kind(String key, String title) {
        this.key = key;
        this.title = title;
      }

      /** As programs call it. */
      public String key() {
        return key;
      }

      /** As people call it, at the start of a line. */
      public String title() {
        return title;
      }
    }
  }

  /** Which of both is better. */
  public enum Verdict {
    /** The model, as a paired test at the 5 % level proves. */
    MODEL_IS_BETTER("the model is better, proved"),
    /** Neither is proved to be better. */
    NOT_TOLD_APART("no difference to the model is proved"),
    /** The baseline, as the same test proves. */
    BASELINE_IS_BETTER("the model is worse, proved");

    private final String words;

    Verdict(String words) {
      this.words = words;
    }

    /** In some words. */
    public String words() {
      return words;
    }
  }

  /**
   * Compares predictions for the same examples.
   *
   * @param evaluation of the baseline
   * @param labels class index of each example
   * @param baseline [examples, classes] probabilities, row-major
   * @param model the same of the model
   */
  public static Baseline of(
      Contender contender,
      String part,
      Evaluation evaluation,
      int[] labels,
      float[] baseline,
      float[] model) {
    int classes = baseline.length / labels.length;
    int onlyModel = 0;
    int onlyBaseline = 0;
    int right = 0;
    for (int i = 0; i < labels.length; i++) {
      boolean byModel = predicted(model, i, classes) == labels[i];
      boolean byBaseline = predicted(baseline, i, classes) == labels[i];
      right += byModel ? 1 : 0;
      onlyModel += byModel && !byBaseline ? 1 : 0;
      onlyBaseline += byBaseline && !byModel ? 1 : 0;
    }
    return new Baseline(
        contender,
        part,
        evaluation,
        (double) right / labels.length,
        onlyModel,
        onlyBaseline,
        McNemar.twoSidedMidP(onlyModel, onlyBaseline));
  }

  private static int predicted(float[] probabilities, int example, int classes) {
    int best = 0;
    for (int c = 1; c < classes; c++) {
      best =
          probabilities[example * classes + c] > probabilities[example * classes + best] ? c : best;
    }
    return best;
  }

  /** Which is better, at the 5 % level. */
  public Verdict verdict() {
    if (pValue >= LEVEL || onlyModel == onlyBaseline) {
      return Verdict.NOT_TOLD_APART;
    }
    return onlyModel > onlyBaseline ? Verdict.MODEL_IS_BETTER : Verdict.BASELINE_IS_BETTER;
  }
}
