package dev.graft.engine.operator;

import static dev.graft.engine.operator.OperatorRun.apply;
import static dev.graft.engine.operator.OperatorRun.floats;
import static dev.graft.engine.operator.OperatorRun.node;
import static dev.graft.engine.operator.OperatorRun.toDoubles;
import static dev.graft.engine.operator.OperatorRun.toLongs;
import static dev.graft.engine.operator.OperatorRun.wholes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

  @Test
  void split_axisOutsideOfTheRank_namesBoth() {
    Value x = floats(new double[] {1, 2}, 2);
    assertThatThrownBy(() -> apply(node("Split", "a", "b").withInteger("axis", 3), x))
        .hasMessageContaining("axis 3")
        .hasMessageContaining("[-1, 1)");
  }

  @ParameterizedTest
  @CsvSource({"-1, 6, 4", "3, 24, 1", "0, 1, 24", "-3, 1, 24"})
  void flatten_anyAxis_splitsTheElements(long axis, long rows, long columns) {
    Value flat =
        apply(node("Flatten").withInteger("axis", axis), floats(new double[24], 2, 3, 4)).get(0);
    assertThat(flat.shape()).containsExactly(rows, columns);
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
}
