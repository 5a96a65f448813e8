package dev.graft.engine.operator;

import static dev.graft.engine.operator.OperatorRun.applyWith;
import static dev.graft.engine.operator.OperatorRun.node;
import static dev.graft.engine.operator.OperatorRun.toLongs;
import static dev.graft.engine.operator.OperatorRun.wholes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.engine.Libtorch;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.Node;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Unsigned numbers follow Java's unsigned arithmetic, modulo the range of their type. */
class WideUnsignedTest {
  private static final long HUGE = Long.MIN_VALUE + 5; // 2^63 + 5

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  private static List<Value> apply(Node node, Value... inputs) {
    Operator operator = Operators.find(node.operator()).orElseThrow();
    return applyWith(WideUnsigned.around(node.operator(), operator), node, inputs);
  }

  @ParameterizedTest
  @CsvSource({"UINT16, 65535", "UINT32, 4294967295", "UINT64, -1"})
  void sub_belowZero_wrapsToTheTop(ElementType type, long expected) {
    Value difference =
        apply(node("Sub"), wholes(type, new long[] {2}, 1), wholes(type, new long[] {3}, 1)).get(0);
    assertThat(difference.type()).isEqualTo(type);
    assertThat(toLongs(difference)).containsExactly(expected);
  }

  @ParameterizedTest
  @CsvSource({"Div", "Mod"})
  void divide_above63Bits_isUnsigned(String operator) {
    Value result =
        apply(
                node(operator),
                wholes(ElementType.UINT64, new long[] {HUGE, 17}, 2),
                wholes(ElementType.UINT64, new long[] {10, HUGE}, 2))
            .get(0);
    long[] expected =
        operator.equals("Div")
            ? new long[] {Long.divideUnsigned(HUGE, 10), 0}
            : new long[] {Long.remainderUnsigned(HUGE, 10), 17};
    assertThat(toLongs(result)).containsExactly(expected);
  }

  @Test
  void order_above63Bits_isUnsigned() {
    Value x = wholes(ElementType.UINT64, new long[] {HUGE, 3, -1}, 3);
    Value y = wholes(ElementType.UINT64, new long[] {4, 4, 4}, 3);
    assertThat(toLongs(apply(node("Greater"), x, y).get(0))).containsExactly(1, 0, 1);
    assertThat(toLongs(apply(node("Max"), x, y).get(0))).containsExactly(HUGE, 4, -1);
    assertThat(toLongs(apply(node("ArgMax"), x).get(0))).containsExactly(2);
    assertThat(toLongs(apply(node("ReduceMin"), x).get(0))).containsExactly(3);
  }

  @Test
  void topK_positions_stayPositions() {
    List<Value> top =
        apply(
            node("TopK", "values", "positions"),
            wholes(ElementType.UINT32, new long[] {7, 4_000_000_000L, 9}, 3),
            IntegerValue.vector(2));
    assertThat(top.get(0).type()).isEqualTo(ElementType.UINT32);
    assertThat(toLongs(top.get(0))).containsExactly(4_000_000_000L, 9);
    assertThat(top.get(1).type()).isEqualTo(ElementType.INT64);
    assertThat(toLongs(top.get(1))).containsExactly(1, 2);
  }

  @Test
  void where_choosesByTruth_keepsTheType() {
    Value chosen =
        apply(
                node("Where"),
                new IntegerValue(ElementType.BOOL, new long[] {1, 0}, 2),
                wholes(ElementType.UINT16, new long[] {1, 2}, 2),
                wholes(ElementType.UINT16, new long[] {3, 4}, 2))
            .get(0);
    assertThat(chosen.type()).isEqualTo(ElementType.UINT16);
    assertThat(toLongs(chosen)).containsExactly(1, 4);
  }

  @Test
  void cast_fromReals_reachesTheUpperHalf() {
    Value cast =
        apply(
                node("Cast").withInteger("to", ElementType.UINT32.onnxCode()),
                OperatorRun.doubles(new double[] {3e9, 1.9}, 2))
            .get(0);
    assertThat(toLongs(cast)).containsExactly(3_000_000_000L, 1);
  }
}
