package dev.graft.transfer.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.transfer.TransferException;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Expected figures: scikit-learn 1.9.1 on the same labels and float32 probabilities:
 * accuracy_score, balanced_accuracy_score, log_loss, f1_score(average="macro"),
 * precision_recall_fscore_support, confusion_matrix.
 */
final class EvaluationTest {

  private static final List<String> CLASSES = List.of("ant", "bee", "wasp", "moth");
  private static final int[] LABELS = {0, 0, 0, 0, 1, 1, 1, 2, 2, 2};
  private static final float[] PROBABILITIES = {
    0.7f, 0.2f, 0.1f, 0,
    0.6f, 0.3f, 0.1f, 0,
    0.2f, 0.5f, 0.3f, 0,
    0.9f, 0.05f, 0.05f, 0,
    0.1f, 0.8f, 0.1f, 0,
    0.5f, 0.4f, 0.1f, 0,
    0.3f, 0.6f, 0.1f, 0,
    0.1f, 0.2f, 0.7f, 0,
    0.8f, 0.1f, 0.1f, 0,
    0.2f, 0.3f, 0.5f, 0
  };

  private final Evaluation evaluation = Evaluation.of(CLASSES, LABELS, PROBABILITIES);

  @Test
  void of_predictions_givesTheReferenceFigures() {
    assertThat(evaluation.examples()).isEqualTo(10);
    assertThat(evaluation.correct()).isEqualTo(7);
    assertThat(evaluation.accuracy()).isCloseTo(0.7, within(1e-12));
    assertThat(evaluation.balancedAccuracy()).isCloseTo(0.6944444444444443, within(1e-12));
    assertThat(evaluation.logLoss()).isCloseTo(0.7584966041716977, within(1e-6));
    assertThat(evaluation.accuracyInterval()).isEqualTo(Interval.wilson95(7, 10));
  }

  @Test
  void accuracyInterval_ofFiveFolds_isThatOfFewerExamples() {
    // Of 1 + 4/5 = 1.8 examples one counts.
    assertThat(evaluation.inFolds(5).accuracyInterval())
        .isEqualTo(Interval.wilson(0.7, 10 / 1.8, Interval.NORMAL_QUANTILE_95));
    assertThat(evaluation.inFolds(1).accuracyInterval()).isEqualTo(evaluation.accuracyInterval());
    assertThat(evaluation.inFolds(5).accuracy()).isEqualTo(evaluation.accuracy());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> evaluation.inFolds(0))
        .withMessageContaining("at least 1 fold");
  }

  @Test
  void macroF1_classWithoutExamplesOrPredictions_isLeftOut() {
    // f1_score averages over the labels that occur: (0.6667 + 0.6667 + 0.8) / 3.
    assertThat(evaluation.macroF1()).isCloseTo(0.7111111111111111, within(1e-12));
  }

  @Test
  void perClass_predictions_giveTheReferenceFigures() {
    assertThat(evaluation.perClass()).extracting(ClassEvidence::label).isEqualTo(CLASSES);
    assertThat(evaluation.perClass())
        .extracting(ClassEvidence::examples)
        .containsExactly(4, 3, 3, 0);
    assertThat(evaluation.perClass())
        .extracting(ClassEvidence::predicted)
        .containsExactly(5, 3, 2, 0);
    ClassEvidence ant = evaluation.perClass().get(0);
    assertThat(ant.precision().orElseThrow()).isCloseTo(0.6, within(1e-12));
    assertThat(ant.recall().orElseThrow()).isCloseTo(0.75, within(1e-12));
    assertThat(ant.f1().orElseThrow()).isCloseTo(2.0 / 3, within(1e-12));
    assertThat(ant.precisionInterval()).isEqualTo(Interval.wilson95(3, 5));
    assertThat(ant.recallInterval()).isEqualTo(Interval.wilson95(3, 4));
    ClassEvidence wasp = evaluation.perClass().get(2);
    assertThat(wasp.precision()).hasValue(1);
    assertThat(wasp.f1().orElseThrow()).isCloseTo(0.8, within(1e-12));
  }

  @Test
  void perClass_classWithoutExamples_hasNoFiguresAndTheWidestInterval() {
    ClassEvidence moth = evaluation.perClass().get(3);
    assertThat(List.of(moth.precision(), moth.recall(), moth.f1()))
        .containsOnly(OptionalDouble.empty());
    assertThat(moth.recallInterval()).isEqualTo(new Interval(0, 1));
  }

  @Test
  void confusion_predictions_countsTrueByPredicted() {
    int[][] expected = {{3, 1, 0, 0}, {1, 2, 0, 0}, {1, 0, 2, 0}, {0, 0, 0, 0}};
    for (int actual = 0; actual < 4; actual++) {
      for (int predicted = 0; predicted < 4; predicted++) {
        assertThat(evaluation.confusion(actual, predicted)).isEqualTo(expected[actual][predicted]);
      }
    }
  }

  @Test
  void of_equalProbabilities_predictsTheFirst() {
    Evaluation tied =
        Evaluation.of(List.of("a", "b"), new int[] {0, 1}, new float[] {0.5f, 0.5f, 0.5f, 0.5f});
    assertThat(tied.confusion(0, 0)).isEqualTo(1);
    assertThat(tied.confusion(1, 0)).isEqualTo(1);
    assertThat(tied.logLoss()).isCloseTo(Math.log(2), within(1e-7));
  }

  @Test
  void logLoss_certainError_isClipped() {
    Evaluation wrong = Evaluation.of(List.of("a", "b"), new int[] {1}, new float[] {1, 0});
    assertThat(wrong.logLoss()).isCloseTo(-Math.log(1e-15), within(1e-9));
    Evaluation right = Evaluation.of(List.of("a", "b"), new int[] {0}, new float[] {1.004f, 0});
    assertThat(right.logLoss()).isZero();
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, -0.5f, 3.7f})
  void of_noProbability_isRefusedAsTheModelsFault(float value) {
    assertThatThrownBy(
            () -> Evaluation.of(List.of("a", "b"), new int[] {0, 1}, new float[] {1, 0, value, 0}))
        .isInstanceOfSatisfying(
            TransferException.class,
            e -> assertThat(e.reason()).isEqualTo(TransferException.Cause.MODEL))
        .hasMessageContaining("expected probabilities from 0 to 1, but the model gives " + value)
        .hasMessageContaining("class 0 of example 1")
        .hasMessageContaining("check that the model ends in a softmax");
  }

  @Test
  void of_noExamples_isRefusedAsTheDatasFault() {
    assertThatThrownBy(() -> Evaluation.of(CLASSES, new int[0], new float[0]))
        .isInstanceOfSatisfying(
            TransferException.class,
            e -> assertThat(e.reason()).isEqualTo(TransferException.Cause.DATA))
        .hasMessageContaining("expected at least one labelled example, found none");
  }

  @Test
  void of_shapesThatDoNotFit_areRefused() {
    assertThatThrownBy(() -> Evaluation.of(CLASSES, LABELS, new float[39]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("10 examples and 4 classes", "39");
    assertThatThrownBy(() -> Evaluation.of(List.of("a", "b"), new int[] {2}, new float[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("example 0 has the label 2, expected 0 to 1");
    assertThatThrownBy(() -> Evaluation.of(List.of(), new int[0], new float[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void toJson_evaluation_hasTheAgreedKeys() {
    JsonNode json = evaluation.toJson();
    assertThat(json.fieldNames())
        .toIterable()
        .contains(
            "accuracy",
            "accuracy_interval",
            "balanced_accuracy",
            "log_loss",
            "examples",
            "macro_f1",
            "per_class",
            "confusion");
    assertThat(json.get("accuracy").asDouble()).isEqualTo(0.7);
    assertThat(json.get("accuracy_interval").get(0).asDouble())
        .isEqualTo(evaluation.accuracyInterval().low());
    assertThat(json.get("accuracy_interval").get(1).asDouble())
        .isEqualTo(evaluation.accuracyInterval().high());
    assertThat(json.get("confusion").toString())
        .isEqualTo("[[3,1,0,0],[1,2,0,0],[1,0,2,0],[0,0,0,0]]");
    assertThat(json.get("per_class").get(1).get("label").asText()).isEqualTo("bee");
    assertThat(json.get("per_class").get(3).get("precision").isNull()).isTrue();
    assertThat(json.toString()).doesNotContain("NaN");
  }

  // The table for terminals

  @Test
  void table_fewClasses_showsTheMatrixWithNames() {
    assertThat(evaluation.table())
        .isEqualTo(
            """
            7 of 10 examples right: accuracy 70.0 % (95 % interval 39.7 % to 89.2 %)
            balanced accuracy 69.4 %, macro F1 71.1 %, log loss 0.758

            class     examples  precision               recall                  F1
            ant              4  60.0 % (23.1 to 88.2)   75.0 % (30.1 to 95.4)   66.7 %
            bee              3  66.7 % (20.8 to 93.9)   66.7 % (20.8 to 93.9)   66.7 %
            wasp             3  100.0 % (34.2 to 100.0) 66.7 % (20.8 to 93.9)   80.0 %
            moth             0  -                       -                       -

            confusion (rows: true class, columns: predicted class)
                  ant  bee  wasp  moth
            ant     3    1     0     0
            bee     1    2     0     0
            wasp    1    0     2     0
            moth    0    0     0     0
            """);
  }

  @ParameterizedTest
  @ValueSource(ints = {60, 80, 100, 200})
  void table_anyWidth_keepsWithinIt(int columns) {
    for (int classes : new int[] {2, 8, 20, 200}) {
      String table = random(classes).table(columns);
      assertThat(table.lines().skip(2))
          .allSatisfy(line -> assertThat(PlainText.width(line)).isLessThanOrEqualTo(columns));
    }
  }

  @Test
  void table_manyClasses_listsTheMostFrequentConfusions() {
    String table = random(200).table(100);
    assertThat(table).contains("most frequent confusions of ").doesNotContain("rows: true class");
    assertThat(table.lines().filter(line -> line.contains(" as "))).hasSize(20);
  }

  @Test
  void table_mediumClasses_numbersTheColumns() {
    String table = random(16).table(100);
    assertThat(table).contains("rows: true class").contains("#16 a class with …ame 15");
  }

  @Test
  void table_everythingRight_saysSo() {
    int classes = 40;
    float[] probabilities = new float[classes * classes];
    IntStream.range(0, classes).forEach(label -> probabilities[label * classes + label] = 1);
    Evaluation perfect =
        Evaluation.of(names(classes), IntStream.range(0, classes).toArray(), probabilities);
    assertThat(perfect.table()).contains("no class is taken for another");
  }

  @Test
  void table_hostileNames_cannotSteerTheTerminal() {
    List<String> hostile = List.of("\u001b[2Jgone\n\u202Eevil", "猫の写真", "%s%n");
    Evaluation evil = Evaluation.of(hostile, new int[] {0}, new float[] {1, 0, 0});
    assertThat(evil.table()).doesNotContain("\u001b", "\u202E").contains("猫の写真").contains("%s%n");
    assertThat(evil.table().lines().filter(line -> line.startsWith("猫の写真")).findFirst())
        .hasValueSatisfying(line -> assertThat(line).startsWith("猫の写真").contains("0  -"));
  }

  private static List<String> names(int classes) {
    return IntStream.range(0, classes)
        .mapToObj(label -> "a class with a long and telling name " + label)
        .toList();
  }

  private static Evaluation random(int classes) {
    SplittableRandom random = new SplittableRandom(classes);
    int examples = 3_000;
    float[] probabilities = new float[examples * classes];
    int[] labels = new int[examples];
    for (int example = 0; example < examples; example++) {
      labels[example] = random.nextInt(classes);
      probabilities[example * classes + random.nextInt(classes)] = 1;
    }
    return Evaluation.of(names(classes), labels, probabilities);
  }
}
