package dev.graft.transfer.visualisation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MapLayoutTest {
  private static final ReceptiveField UNKNOWN = ReceptiveField.Global.MIXED;

  private static MapLayout layout(long... shape) {
    return ((MapLayout.Reading.Maps) MapLayout.of(shape, UNKNOWN)).layout();
  }

  private static String reason(long... shape) {
    return ((MapLayout.Reading.NoMaps) MapLayout.of(shape, UNKNOWN)).reason();
  }

  private static float[] counted(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = i;
    }
    return values;
  }

  @Test
  void of_channelsFirst_readsOneMapAfterTheOther() {
    MapLayout layout = layout(1, 4, 2, 3);
    assertThat(layout.map(counted(24), 1)).containsExactly(6, 7, 8, 9, 10, 11);
    assertThat(layout.width()).isEqualTo(3);
  }

  @Test
  void of_channelsLast_readsEveryOtherValue() {
    MapLayout last = layout(1, 2, 2, 5);
    // Equal sides before a third length: [1, H, W, C].
    assertThat(last.channels()).isEqualTo(5);
    assertThat(last.map(counted(20), 3)).containsExactly(3, 8, 13, 18);
  }

  @ParameterizedTest
  @CsvSource({"4, 0", "5, 1", "6, 2"})
  void of_tokens_skipsThoseThatAreNoPlaces(int tokens, int others) {
    MapLayout layout = layout(1, tokens, 3);
    assertThat(layout.height()).isEqualTo(2);
    int first = 3 * others + 1;
    assertThat(layout.map(counted(3 * tokens), 1))
        .containsExactly(first, first + 3, first + 6, first + 9);
  }

  @Test
  void of_noMaps_saysWhy() {
    assertThat(reason(1, 1280)).isEqualTo("it gives 1280 numbers without places");
    assertThat(reason(1, 1280, 1, 1)).isEqualTo("its maps have a single place");
    assertThat(reason(1, 60, 8)).contains("60 tokens");
    assertThat(reason(1, 2, 3, 4, 5)).contains("5 dimensions");
  }
}
