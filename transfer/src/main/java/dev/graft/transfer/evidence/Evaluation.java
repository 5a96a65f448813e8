package dev.graft.transfer.evidence;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.transfer.TransferException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How good a classifier is on examples whose classes are known.
 *
 * <p>The predicted class of an example is the one with the highest probability, the first of them
 * where several are equal. All figures are finite. Immutable and thread-safe.
 */
public final class Evaluation {

  /**
   * The least probability that {@link #logLoss()} counts, so that one certain error stays finite.
   */
  static final double LEAST_PROBABILITY = 1e-15;

  /** Probabilities computed in bf16 may leave the range 0 to 1 by this much. */
  private static final double RANGE_TOLERANCE = 0.02;

  private final int examples;
  private final int correct;
  private final double logLoss;
  private final int[][] confusion;
  private final List<ClassEvidence> perClass;
  private final int folds;

  private Evaluation(int[][] confusion, List<ClassEvidence> perClass, double logLoss, int folds) {
    this.confusion = confusion;
    this.perClass = perClass;
    this.logLoss = logLoss;
    this.folds = folds;
    this.examples = perClass.stream().mapToInt(ClassEvidence::examples).sum();
    this.correct = perClass.stream().mapToInt(ClassEvidence::correct).sum();
  }

  /**
   * Compares predictions with the truth.
   *
   * @param classes the class names in the order of the model's outputs, C of them
   * @param labels the true class of each example, N values from 0 to C-1
   * @param probabilities row-major [N, C], each row a distribution over the classes
   * @throws IllegalArgumentException if the shapes do not fit or a label is out of range
   * @throws TransferException if there are no examples, or a probability is no number from 0 to 1
   */
  public static Evaluation of(List<String> classes, int[] labels, float[] probabilities) {
    requireShapes(classes.size(), labels, probabilities);
    int width = classes.size();
    int[][] confusion = new int[width][width];
    double loss = 0;
    for (int example = 0; example < labels.length; example++) {
      int start = example * width;
      int predicted = highest(probabilities, start, width, example);
      confusion[labels[example]][predicted]++;
      loss += lossOf(probabilities[start + labels[example]]);
    }
    return new Evaluation(confusion, perClass(classes, confusion), loss / labels.length, 1);
  }

  /**
   * The same figures, of examples that several models predicted, each its own share (folds of a
   * cross-validation), which makes {@link #accuracyInterval()} wider.
   *
   * @param count at least 1
   */
  public Evaluation inFolds(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("an evaluation needs at least 1 fold, got " + count);
    }
    return new Evaluation(confusion, perClass, logLoss, count);
  }

  /**
   * Compares predicted classes with the truth.
   *
   * @param classes the class names, C of them
   * @param labels the true class of each example, N values from 0 to C-1
   * @param predicted the predicted class of each, N values from 0 to C-1
   * @param labelProbabilities the probability of the true class of each, N values from 0 to 1
   * @throws TransferException if there are no examples
   */
  static Evaluation of(
      List<String> classes, int[] labels, int[] predicted, double[] labelProbabilities) {
    requireLabels(classes.size(), labels);
    int[][] confusion = new int[classes.size()][classes.size()];
    double loss = 0;
    for (int example = 0; example < labels.length; example++) {
      confusion[labels[example]][predicted[example]]++;
      loss += lossOf(labelProbabilities[example]);
    }
    return new Evaluation(confusion, perClass(classes, confusion), loss / labels.length, 1);
  }

  /** -ln of a probability clipped to 1e-15 to 1. */
  static double lossOf(double labelProbability) {
    return -Math.log(Math.min(1, Math.max(LEAST_PROBABILITY, labelProbability)));
  }

  private static void requireShapes(int width, int[] labels, float[] probabilities) {
    if (width < 1 || probabilities.length != (long) labels.length * width) {
      throw new IllegalArgumentException(
          "an evaluation of "
              + labels.length
              + " examples and "
              + width
              + " classes needs [N, classes] probabilities, got "
              + probabilities.length
              + " values");
    }
    requireLabels(width, labels);
  }

  private static void requireLabels(int width, int[] labels) {
    if (labels.length == 0) {
      throw new TransferException(
          TransferException.Cause.DATA,
          "Cannot evaluate: expected at least one labelled example, found none; give data whose"
              + " files can be read and whose classes the model knows");
    }
    for (int example = 0; example < labels.length; example++) {
      if (labels[example] < 0 || labels[example] >= width) {
        throw new IllegalArgumentException(
            "example "
                + example
                + " has the label "
                + labels[example]
                + ", expected 0 to "
                + (width - 1));
      }
    }
  }

  private static int highest(float[] probabilities, int start, int width, int example) {
    int best = 0;
    for (int column = 0; column < width; column++) {
      float probability = probabilities[start + column];
      if (!(probability >= -RANGE_TOLERANCE && probability <= 1 + RANGE_TOLERANCE)) {
        throw new TransferException(
            TransferException.Cause.MODEL,
            "Cannot evaluate: expected probabilities from 0 to 1, but the model gives "
                + probability
                + " for class "
                + column
                + " of example "
                + example
                + "; check that the model ends in a softmax and, if it was trained just now, try a"
                + " lower learning rate or --precision fp32");
      }
      if (probability > probabilities[start + best]) {
        best = column;
      }
    }
    return best;
  }

  private static List<ClassEvidence> perClass(List<String> classes, int[][] confusion) {
    List<ClassEvidence> result = new ArrayList<>();
    for (int label = 0; label < confusion.length; label++) {
      int predicted = 0;
      for (int[] row : confusion) {
        predicted += row[label];
      }
      int examples = Arrays.stream(confusion[label]).sum();
      result.add(
          new ClassEvidence(classes.get(label), examples, predicted, confusion[label][label]));
    }
    return List.copyOf(result);
  }

  /** The number of examples. */
  public int examples() {
    return examples;
  }

  /** The number of examples whose class was predicted rightly. */
  public int correct() {
    return correct;
  }

  /** correct / examples. */
  public double accuracy() {
    return (double) correct / examples;
  }

  /**
   * The 95 % Wilson interval of {@link #accuracy()}, as for examples / (1 + (K-1)/K) examples where
   * these were predicted in K folds.
   *
   * <p>Models of different folds share most of their training examples, so that their errors go
   * together and tell less than as many independent ones: with a correlation of 1/K between the
   * folds, the share of an example held out, the variance of their mean is 1 + (K-1)/K times as
   * large (Nadeau and Bengio 2003, "Inference for the generalization error", section 3).
   */
  public Interval accuracyInterval() {
    double effective = examples / (1 + (folds - 1.0) / folds);
    return Interval.wilson(accuracy(), effective, Interval.NORMAL_QUANTILE_95);
  }

  /** The mean recall over the classes that have examples, so that rare classes count as much. */
  public double balancedAccuracy() {
    return perClass.stream()
        .map(ClassEvidence::recall)
        .filter(OptionalDouble::isPresent)
        .mapToDouble(OptionalDouble::getAsDouble)
        .average()
        .orElseThrow();
  }

  /**
   * The mean of -ln(probability of the true class), each probability clipped to 1e-15 to 1.
   *
   * <p>0 is perfect; ln(classes) is what guessing evenly gives; 34.5 is the highest.
   */
  public double logLoss() {
    return logLoss;
  }

  /** The mean F1 over the classes that have examples or predictions. */
  public double macroF1() {
    return perClass.stream()
        .map(ClassEvidence::f1)
        .filter(OptionalDouble::isPresent)
        .mapToDouble(OptionalDouble::getAsDouble)
        .average()
        .orElseThrow();
  }

  /** The figures of each class, in the order of the model's outputs. */
  public List<ClassEvidence> perClass() {
    return perClass;
  }

  /** The number of examples of one class that were taken for another, or for itself. */
  public int confusion(int actual, int predicted) {
    return confusion[actual][predicted];
  }

  /**
   * The figures for programs: {@code accuracy}, {@code accuracy_interval} [low, high], {@code
   * balanced_accuracy}, {@code log_loss}, {@code examples}, {@code macro_f1}, {@code per_class},
   * {@code confusion} [actual][predicted]. Undefined precision and recall are null.
   */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("accuracy", accuracy());
    json.set("accuracy_interval", array(accuracyInterval()));
    json.put("balanced_accuracy", balancedAccuracy());
    json.put("log_loss", logLoss);
    json.put("examples", examples);
    json.put("correct", correct);
    json.put("macro_f1", macroF1());
    ArrayNode classes = json.putArray("per_class");
    for (ClassEvidence evidence : perClass) {
      ObjectNode row = classes.addObject();
      row.put("label", evidence.label());
      row.put("examples", evidence.examples());
      row.put("predicted", evidence.predicted());
      row.put("correct", evidence.correct());
      put(row, "precision", evidence.precision());
      row.set("precision_interval", array(evidence.precisionInterval()));
      put(row, "recall", evidence.recall());
      row.set("recall_interval", array(evidence.recallInterval()));
      put(row, "f1", evidence.f1());
    }
    ArrayNode matrix = json.putArray("confusion");
    for (int[] counts : confusion) {
      ArrayNode row = matrix.addArray();
      Arrays.stream(counts).forEach(row::add);
    }
    return json;
  }

  /** The figures for people, as plain text for a terminal of 100 columns. */
  public String table() {
    return EvaluationTable.of(this, 100);
  }

  /**
   * The figures for people, as plain text: a summary, a row for each class, and the confusion
   * matrix, or the most frequent confusions where the matrix would be wider than the terminal.
   *
   * @param columns the width of the terminal; less than 60 count as 60
   */
  public String table(int columns) {
    return EvaluationTable.of(this, columns);
  }

  private static ArrayNode array(Interval interval) {
    return JsonNodeFactory.instance.arrayNode().add(interval.low()).add(interval.high());
  }

  private static void put(ObjectNode row, String key, OptionalDouble value) {
    if (value.isPresent()) {
      row.put(key, value.getAsDouble());
    } else {
      row.putNull(key);
    }
  }
}
