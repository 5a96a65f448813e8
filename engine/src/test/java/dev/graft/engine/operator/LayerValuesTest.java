package dev.graft.engine.operator;

import static dev.graft.engine.operator.OperatorRun.apply;
import static dev.graft.engine.operator.OperatorRun.doubles;
import static dev.graft.engine.operator.OperatorRun.floats;
import static dev.graft.engine.operator.OperatorRun.node;
import static dev.graft.engine.operator.OperatorRun.toDoubles;
import static dev.graft.engine.operator.OperatorRun.toLongs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.engine.Libtorch;
import dev.graft.onnx.ElementType;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Corners of norms, poolings, resizing, dropout and audio front ends. Expected numbers follow from
 * the formula in the standard, or from its reference evaluator (onnx 1.23) where that is said.
 */
class LayerValuesTest {
  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  private static IntegerValue integers(ElementType type, long[] data, long... shape) {
    return new IntegerValue(type, data, shape);
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
  @ValueSource(longs = {-1, 1L << 40})
  void hannWindow_absurdLength_isRefused(long size) {
    assertThatThrownBy(
            () -> apply(node("HannWindow"), integers(ElementType.INT64, new long[] {size})))
        .hasMessageContaining("input 0 is " + size);
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
