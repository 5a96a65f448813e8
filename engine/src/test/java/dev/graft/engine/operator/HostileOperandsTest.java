package dev.graft.engine.operator;

import static dev.graft.engine.operator.OperatorRun.apply;
import static dev.graft.engine.operator.OperatorRun.floats;
import static dev.graft.engine.operator.OperatorRun.node;
import static dev.graft.engine.operator.OperatorRun.toLongs;
import static dev.graft.engine.operator.OperatorRun.wholes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.engine.EngineException;
import dev.graft.engine.Libtorch;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.Node;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Operands and attributes that are judged before libtorch, which need not survive them, is called.
 */
class HostileOperandsTest {
  private static final long HUGE = 1L << 40;

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  private static void refuses(String expected, Node node, Value... inputs) {
    assertThatThrownBy(() -> apply(node, inputs))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining(expected);
  }

  private static Value map() {
    return floats(new double[32], 1, 2, 4, 4);
  }

  private static Value filters() {
    return floats(new double[36], 2, 2, 3, 3);
  }

  @ParameterizedTest
  @CsvSource({"strides,0", "strides,-1", "dilations,0", "dilations,4611686018427387904"})
  void conv_stepThatIsNone_refused(String attribute, long step) {
    refuses(
        "strides and dilations", node("Conv").withIntegers(attribute, step, 1), map(), filters());
  }

  @Test
  void conv_biasOfAnotherLength_refused() {
    refuses("a bias of shape [2]", node("Conv"), map(), filters(), floats(new double[3], 3));
  }

  @ParameterizedTest
  @CsvSource({"0", "-1", "3", "2"})
  void conv_groupsThatDoNotDivide_refused(long groups) {
    refuses("filters of shape", node("Conv").withInteger("group", groups), map(), filters());
  }

  @Test
  void maxPool_windowBeyondTheMap_refused() {
    Node pool = node("MaxPool").withIntegers("kernel_shape", 9, 9);
    refuses("does not fit an axis of length 4", pool, map());
  }

  @ParameterizedTest
  @CsvSource({"INT32,-2147483648", "INT64,-9223372036854775808"})
  void divide_leastIntegerByMinusOne_wrapsAround(ElementType type, long least) {
    Value numerator = wholes(type, new long[] {least, 7, -7}, 3);
    Value denominator = wholes(type, new long[] {-1, -1, 2}, 3);
    assertThat(toLongs(apply(node("Div"), numerator, denominator).get(0)))
        .containsExactly(least, -7, -3);
    for (int truncates = 0; truncates < 2; truncates++) {
      Node mod = node("Mod").withInteger("fmod", truncates);
      assertThat(toLongs(apply(mod, numerator, denominator).get(0)))
          .containsExactly(0, 0, truncates == 1 ? -1 : 1);
    }
  }

  @Test
  void result_ofMoreElementsThanMemory_refused() {
    Value one = floats(new double[] {1}, 1);
    refuses("does not fit into memory", node("Expand"), one, IntegerValue.vector(HUGE));
    refuses("does not fit into memory", node("Tile"), one, IntegerValue.vector(HUGE));
    refuses("does not fit into memory", node("ConstantOfShape"), IntegerValue.vector(HUGE));
    refuses("does not fit into memory", node("Pad"), one, IntegerValue.vector(0, HUGE));
    refuses("cannot exist", node("Pad"), one, IntegerValue.vector(-1, -1));
    refuses(
        "does not fit into memory",
        node("Range"),
        IntegerValue.scalar(0),
        IntegerValue.scalar(HUGE),
        IntegerValue.scalar(1));
    Value column = floats(new double[1 << 20], 1 << 20, 1);
    Value row = floats(new double[1 << 20], 1, 1 << 20);
    refuses("does not fit into memory", node("Add"), column, row);
  }
}
