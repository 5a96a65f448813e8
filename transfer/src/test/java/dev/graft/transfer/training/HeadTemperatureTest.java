package dev.graft.transfer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeadTemperatureTest {
  private static final float[] FEATURES = {0.3f, -2, 1.5f};

  @Test
  void folded_headOfSeveralLayers_givesLogitsDividedByT() {
    ClassifierHead head = ClassifierHead.create(3, List.of(5, 4), 2, 7);
    float[] before = head.logits(FEATURES);
    float[] after = new HeadTemperature(2.5).folded(head).logits(FEATURES);
    for (int c = 0; c < before.length; c++) {
      assertThat(after[c]).isCloseTo(before[c] / 2.5f, within(1e-6f));
    }
  }

  @Test
  void folded_one_givesTheSameBits() {
    ClassifierHead head = ClassifierHead.create(3, List.of(), 2, 7);
    assertThat(new HeadTemperature(1).folded(head).logits(FEATURES))
        .containsExactly(head.logits(FEATURES));
  }

  @Test
  void folded_trainedValues_dividesThoseOfTheLastLayerOnly() {
    Map<String, float[]> trained =
        Map.of(
            "conv.weight", new float[] {4},
            "head.0.weight", new float[] {4},
            "head.1.weight", new float[] {4, 8},
            "head.1.bias", new float[] {2});
    Map<String, float[]> folded = new HeadTemperature(2).folded(trained, 2);
    assertThat(folded.get("conv.weight")).containsExactly(4);
    assertThat(folded.get("head.0.weight")).containsExactly(4);
    assertThat(folded.get("head.1.weight")).containsExactly(2, 4);
    assertThat(folded.get("head.1.bias")).containsExactly(1);
    assertThat(new HeadTemperature(2).folded(Map.of(), 1)).isEmpty();
  }

  @Test
  void construct_noTemperature_isRefused() {
    for (double value : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new HeadTemperature(value))
          .withMessageContaining("finite number above 0");
    }
  }
}
