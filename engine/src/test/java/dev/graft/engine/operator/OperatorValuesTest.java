package dev.graft.engine.operator;

import static dev.graft.engine.operator.OperatorRun.apply;
import static dev.graft.engine.operator.OperatorRun.doubles;
import static dev.graft.engine.operator.OperatorRun.floats;
import static dev.graft.engine.operator.OperatorRun.node;
import static dev.graft.engine.operator.OperatorRun.toDoubles;
import static dev.graft.engine.operator.OperatorRun.toLongs;
import static dev.graft.engine.operator.OperatorRun.wholes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.engine.EngineException;
import dev.graft.engine.Libtorch;
import dev.graft.onnx.ElementType;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Corners of single operators. Expected numbers follow from the formula in the standard, or from
 * its reference evaluator (onnx 1.23) where that is said.
 */
class OperatorValuesTest {
  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  private static IntegerValue integers(ElementType type, long[] data, long... shape) {
    return new IntegerValue(type, data, shape);
  }

  // Arithmetic

  @Test
  void add_integersOfTwoShapes_broadcasts() {
    IntegerValue column = integers(ElementType.INT64, new long[] {10, 20}, 2, 1);
    Value sum = apply(node("Add"), column, IntegerValue.vector(1, 2, 3)).get(0);
    assertThat(sum).isInstanceOf(IntegerValue.class);
    assertThat(sum.shape()).containsExactly(2, 3);
    assertThat(toLongs(sum)).containsExactly(11, 12, 13, 21, 22, 23);
  }

  @Test
  void add_smallIntegersToALargeArray_leavesJava() {
    IntegerValue column = integers(ElementType.INT64, new long[100], 100, 1);
    IntegerValue row = IntegerValue.vector(new long[100]);
    assertThat(apply(node("Add"), column, row).get(0)).isInstanceOf(TensorValue.class);
  }

  @Test
  void add_integersThatDoNotFit_namesBothShapes() {
    assertThatThrownBy(
            () -> apply(node("Add"), IntegerValue.vector(1, 2), IntegerValue.vector(1, 2, 3)))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("[2] and [3]");
  }

  @Test
  void mul_integersOf32Bits_wrapAround() {
    IntegerValue large = integers(ElementType.INT32, new long[] {1 << 30}, 1);
    IntegerValue eight = integers(ElementType.INT32, new long[] {5}, 1);
    assertThat(toLongs(apply(node("Mul"), large, eight).get(0))).containsExactly(1 << 30);
  }

  @ParameterizedTest
  @CsvSource({"0, 2, -2", "1, -1, 1"})
  void mod_signs_followTheDivisorOrTheDividend(long fmod, long first, long second) {
    Value x = wholes(ElementType.INT64, new long[] {-7, 7}, 2);
    Value y = wholes(ElementType.INT64, new long[] {3, -3}, 2);
    assertThat(toLongs(apply(node("Mod").withInteger("fmod", fmod), x, y).get(0)))
        .containsExactly(first, second);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Div", "Mod"})
  void divide_byZero_isRefused(String operator) {
    assertThatThrownBy(() -> apply(node(operator), IntegerValue.vector(4), IntegerValue.vector(0)))
        .hasMessageContaining("division by zero");
  }

  @Test
  void pow_integers_areExact() {
    Value base = wholes(ElementType.INT64, new long[] {3, 2}, 2);
    Value exponent = wholes(ElementType.INT32, new long[] {39, 62}, 2);
    assertThat(toLongs(apply(node("Pow"), base, exponent).get(0)))
        .containsExactly(4052555153018976267L, 1L << 62);
  }

  @Test
  void pow_negativeExponentsOfIntegers_truncate() {
    Value base = wholes(ElementType.INT64, new long[] {1, 4}, 2);
    assertThat(toLongs(apply(node("Pow"), base, IntegerValue.vector(-2, -1)).get(0)))
        .containsExactly(1, 0);
  }

  // Ranges and shapes

  @ParameterizedTest
  @CsvSource({"1, 6, 2, 3", "5, 1, -2, 2", "1, 5, -1, 0", "3, 3, 1, 0"})
  void range_counts_roundUp(long start, long limit, long step, int count) {
    Value range =
        apply(
                node("Range"),
                integers(ElementType.INT64, new long[] {start}),
                integers(ElementType.INT64, new long[] {limit}),
                integers(ElementType.INT64, new long[] {step}))
            .get(0);
    assertThat(range.shape()).containsExactly(count);
    Value real =
        apply(
                node("Range"),
                floats(new double[] {start}),
                floats(new double[] {limit}),
                floats(new double[] {step}))
            .get(0);
    assertThat(real.shape()).containsExactly(count);
    assertThat(real.type()).isEqualTo(ElementType.FLOAT);
  }

  @Test
  void range_stepOfZero_isRefused() {
    IntegerValue zero = integers(ElementType.INT64, new long[] {0});
    assertThatThrownBy(() -> apply(node("Range"), zero, zero, zero))
        .hasMessageContaining("must not be 0");
  }

  @Test
  void split_moreParts_thanElements_leavesTheLastEmpty() {
    Value x = floats(new double[] {1, 2, 3, 4, 5}, 5);
    List<Value> parts = apply(node("Split", "a", "b", "c", "d"), x);
    assertThat(parts.stream().map(part -> part.shape()[0])).containsExactly(2L, 2L, 1L, 0L);
  }

  @Test
  void pad_unknownMode_namesTheKnownOnes() {
    assertThatThrownBy(
            () ->
                apply(
                    node("Pad").withText("mode", "mirror"),
                    floats(new double[] {1, 2}, 2),
                    IntegerValue.vector(1, 1)))
        .hasMessageContaining("mirror")
        .hasMessageContaining("reflect");
  }

  @Test
  void pad_wrapFurtherThanTheAxis_goesRound() {
    Value padded =
        apply(
                node("Pad").withText("mode", "wrap"),
                IntegerValue.vector(1, 2, 3),
                IntegerValue.vector(4, 2))
            .get(0);
    assertThat(toLongs(padded)).containsExactly(3, 1, 2, 3, 1, 2, 3, 1, 2);
  }

  // Order

  @Test
  void topK_equalElements_takesTheFirst() {
    List<Value> top =
        apply(
            node("TopK", "values", "positions"),
            floats(new double[] {3, 1, 3, 2, 3}, 5),
            IntegerValue.vector(2));
    assertThat(toDoubles(top.get(0))).containsExactly(3, 3);
    assertThat(toLongs(top.get(1))).containsExactly(0, 2);
  }

  @Test
  void topK_moreThanThereAre_givesBothCounts() {
    assertThatThrownBy(
            () ->
                apply(
                    node("TopK", "values", "positions"),
                    floats(new double[] {3, 1}, 2),
                    IntegerValue.vector(3)))
        .hasMessageContaining("3 elements")
        .hasMessageContaining("axis 0 has 2");
  }

  @Test
  void argMin_leastInteger_isFound() {
    Value x = wholes(ElementType.INT64, new long[] {5, Long.MIN_VALUE, 7}, 3);
    assertThat(toLongs(apply(node("ArgMin"), x).get(0))).containsExactly(1);
  }

  @ParameterizedTest
  @CsvSource({
    "ReduceMax, -Infinity",
    "ReduceMin, Infinity",
    "ReduceSum, 0",
    "ReduceProd, 1",
    "ReduceL2, 0",
    "ReduceLogSumExp, -Infinity"
  })
  void reduce_noElements_givesTheNeutralOne(String operator, double expected) {
    Value reduced =
        apply(node(operator), floats(new double[0], 2, 0), IntegerValue.vector(1)).get(0);
    assertThat(reduced.shape()).containsExactly(2, 1);
    assertThat(toDoubles(reduced)).containsExactly(expected, expected);
  }

  @ParameterizedTest
  @CsvSource({"ReduceL1, 3", "ReduceSumSquare, 9", "ReduceL2, 3", "ReduceMax, -3"})
  void reduce_scalar_stillAppliesTheFunction(String operator, double expected) {
    Value reduced = apply(node(operator), floats(new double[] {-3})).get(0);
    assertThat(reduced.shape()).isEmpty();
    assertThat(toDoubles(reduced)).containsExactly(expected);
  }

  @Test
  void oneHot_indicesOutside_areOffEverywhere() {
    Value hot =
        apply(
                node("OneHot"),
                IntegerValue.vector(2, -1, 3, -4),
                integers(ElementType.INT64, new long[] {3}),
                floats(new double[] {0, 1}, 2))
            .get(0);
    assertThat(toDoubles(hot)).containsExactly(0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0);
  }

  // Norms, poolings, resizing

  @Test
  void batchNormalization_trainingMode_movesStatisticsOfThePopulation() {
    // From the reference evaluator.
    List<Value> outputs =
        apply(
            node("BatchNormalization", "y", "mean", "variance")
                .withInteger("training_mode", 1)
                .withReal("momentum", 0.75f)
                .withReal("epsilon", 0),
            doubles(new double[] {1, 2, 3, 5, 6, 7}, 3, 2),
            doubles(new double[] {2, 0.5}, 2),
            doubles(new double[] {1, -1}, 2),
            doubles(new double[] {10, 20}, 2),
            doubles(new double[] {4, 8}, 2));
    assertThat(toDoubles(outputs.get(0))[0]).isCloseTo(-1.2710999, within(1e-7));
    assertThat(toDoubles(outputs.get(1)))
        .containsExactly(new double[] {8.33333333, 16.16666667}, within(1e-7));
    assertThat(toDoubles(outputs.get(2)))
        .containsExactly(new double[] {4.05555556, 7.05555556}, within(1e-7));
  }

  @ParameterizedTest
  @CsvSource({"0, 4", "1, 3"})
  void maxPool_positions_countInTheAskedOrder(long order, long expected) {
    // The largest element of a 2x3 map lies in row 1, column 1.
    List<Value> outputs =
        apply(
            node("MaxPool", "y", "positions")
                .withIntegers("kernel_shape", 2, 3)
                .withInteger("storage_order", order),
            floats(new double[] {1, 2, 3, 4, 9, 5}, 1, 1, 2, 3));
    assertThat(toLongs(outputs.get(1))).containsExactly(expected);
  }

  @Test
  void resize_partOutsideOfTheMap_isExtrapolated() {
    Value resized =
        apply(
                node("Resize")
                    .withText("mode", "linear")
                    .withText("coordinate_transformation_mode", "tf_crop_and_resize")
                    .withReal("extrapolation_value", -1),
                floats(new double[] {0, 1, 2}, 3),
                floats(new double[] {0.5, 1.5}, 2),
                null,
                IntegerValue.vector(3))
            .get(0);
    assertThat(toDoubles(resized)).containsExactly(1, 2, -1);
  }

  @Test
  void resize_scaleOfSevenTenths_keepsTheSeventhElement() {
    Value resized =
        apply(node("Resize"), floats(new double[10], 10), null, floats(new double[] {0.7}, 1))
            .get(0);
    assertThat(resized.shape()).containsExactly(7);
  }

  // Dropout

  @Test
  void dropout_seededTrainingMode_dropsWhatNumPyDrops() {
    // numpy.random.RandomState(5).uniform(size=6) >= 0.5
    List<Value> outputs =
        apply(
            node("Dropout", "y", "mask").withInteger("seed", 5),
            floats(new double[] {1, 2, 3, 4, 5, 6}, 6),
            floats(new double[] {0.5}),
            integers(ElementType.BOOL, new long[] {1}));
    assertThat(toLongs(outputs.get(1))).containsExactly(0, 1, 0, 1, 0, 1);
    assertThat(toDoubles(outputs.get(0))).containsExactly(0, 4, 0, 8, 0, 12);
  }

  @Test
  void dropout_unseededTrainingMode_dropsAboutTheRatio() {
    Value kept =
        apply(
                node("Dropout", "y", "mask"),
                floats(new double[10_000], 10_000),
                floats(new double[] {0.3}),
                integers(ElementType.BOOL, new long[] {1}))
            .get(1);
    long count = java.util.Arrays.stream(toLongs(kept)).sum();
    assertThat(count).isBetween(6_700L, 7_300L); // six deviations of a binomial
  }

  @Test
  void dropout_withoutTrainingMode_passesOnAndMasksNothing() {
    List<Value> outputs = apply(node("Dropout", "y", "mask"), floats(new double[] {1, 2}, 2));
    assertThat(toDoubles(outputs.get(0))).containsExactly(1, 2);
    assertThat(toLongs(outputs.get(1))).containsExactly(1, 1);
  }

  @Test
  void dropout_ratioOfOne_isRefused() {
    assertThatThrownBy(
            () ->
                apply(
                    node("Dropout"),
                    floats(new double[] {1}, 1),
                    floats(new double[] {1}),
                    integers(ElementType.BOOL, new long[] {1})))
        .hasMessageContaining("[0, 1)");
  }

  // Positions

  @Test
  void gatherND_deeperThanTheData_givesTheShape() {
    assertThatThrownBy(
            () ->
                apply(
                    node("GatherND"),
                    floats(new double[] {1, 2}, 2),
                    integers(ElementType.INT64, new long[] {0, 0}, 1, 2)))
        .hasMessageContaining("2 axes")
        .hasMessageContaining("[2]");
  }

  @Test
  void scatter_unknownReduction_namesTheKnownOnes() {
    assertThatThrownBy(
            () ->
                apply(
                    node("ScatterElements").withText("reduction", "median"),
                    floats(new double[] {1, 2}, 2),
                    IntegerValue.vector(0),
                    floats(new double[] {5}, 1)))
        .hasMessageContaining("median")
        .hasMessageContaining("none, add, mul, max and min");
  }

  // Signals

  @Test
  void dft_oneSide_hasHalfAndOneValues() {
    Value spectrum =
        apply(node("DFT").withInteger("onesided", 1), doubles(new double[] {1, 2, 3, 4}, 1, 4, 1))
            .get(0);
    assertThat(spectrum.shape()).containsExactly(1, 3, 2);
    // From the reference evaluator.
    assertThat(toDoubles(spectrum))
        .containsExactly(new double[] {10, 0, -2, 2, -2, 0}, within(1e-12));
  }

  @Test
  void dft_axisOfTheParts_isRefused() {
    assertThatThrownBy(
            () ->
                apply(
                    node("DFT"),
                    doubles(new double[] {1, 2}, 1, 2, 1),
                    null,
                    integers(ElementType.INT64, new long[] {2})))
        .hasMessageContaining("axis 2");
  }

  @Test
  void stft_frameLongerThanTheSignal_givesBoth() {
    assertThatThrownBy(
            () ->
                apply(
                    node("STFT"),
                    doubles(new double[] {1, 2, 3}, 1, 3, 1),
                    integers(ElementType.INT64, new long[] {1}),
                    null,
                    integers(ElementType.INT64, new long[] {4})))
        .hasMessageContaining("4 samples")
        .hasMessageContaining("signal of 3");
  }

  @ParameterizedTest
  @CsvSource({"0, 0.75", "1, 1"})
  void hannWindow_thirdOfFour_dependsOnThePeriod(long periodic, double expected) {
    Value window =
        apply(
                node("HannWindow").withInteger("periodic", periodic),
                integers(ElementType.INT64, new long[] {4}))
            .get(0);
    assertThat(toDoubles(window)[2]).isCloseTo(expected, within(1e-6));
  }

  @Test
  void melWeightMatrix_edgeAboveHalfTheRate_isRefused() {
    assertThatThrownBy(
            () ->
                apply(
                    node("MelWeightMatrix"),
                    integers(ElementType.INT64, new long[] {4}),
                    integers(ElementType.INT64, new long[] {16}),
                    integers(ElementType.INT64, new long[] {8000}),
                    floats(new double[] {0}),
                    floats(new double[] {20000})))
        .hasMessageContaining("20000")
        .hasMessageContaining("half the sample rate");
  }
}
