package dev.graft.transfer.wakeword;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HoldOutTest {
  /** The sound i is {i}. */
  private static List<float[]> sounds(int count) {
    List<float[]> sounds = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sounds.add(new float[] {i});
    }
    return sounds;
  }

  private static List<Integer> names(List<float[]> sounds) {
    return sounds.stream().map(sound -> (int) sound[0]).toList();
  }

  @ParameterizedTest
  @CsvSource({"2, 1", "4, 1", "5, 1", "20, 4", "24, 4", "101, 20"})
  void of_sounds_areEachOnOneSide(int count, int heldOut) {
    HoldOut parts = HoldOut.of(sounds(count), 7);
    assertThat(parts.heldOut()).hasSize(heldOut);
    List<Integer> both = new ArrayList<>(names(parts.train()));
    both.addAll(names(parts.heldOut()));
    assertThat(both).containsExactlyInAnyOrderElementsOf(names(sounds(count)));
  }

  @Test
  void of_sameSeed_isTheSame() {
    HoldOut parts = HoldOut.of(sounds(50), 7);
    assertThat(names(HoldOut.of(sounds(50), 7).heldOut())).isEqualTo(names(parts.heldOut()));
    assertThat(names(HoldOut.of(sounds(50), 8).heldOut())).isNotEqualTo(names(parts.heldOut()));
    assertThat(names(parts.heldOut())).as("drawn, not the first").isNotEqualTo(List.of(0, 1, 2));
  }

  @Test
  void of_singleSound_isOnBothSides() {
    HoldOut parts = HoldOut.of(sounds(1), 7);
    assertThat(names(parts.train())).containsExactly(0);
    assertThat(names(parts.heldOut())).containsExactly(0);
  }

  /** Of 1,000 samples a second: at most 30 s, a tenth of all, and not less than 2 s. */
  @ParameterizedTest
  @CsvSource({"1000000, 34, 30000", "100000, 10, 10000", "5000, 3, 2000", "2000, 1, 2000"})
  void pieces_longRecording_areOfLikeLength(int samples, int count, int longest) {
    float[] recording = new float[samples];
    for (int i = 0; i < samples; i++) {
      recording[i] = i;
    }
    List<float[]> pieces = HoldOut.pieces(List.of(recording), 1_000);
    assertThat(pieces).hasSize(count);
    int next = 0;
    for (float[] piece : pieces) {
      assertThat(piece.length).isBetween(samples / count, Math.min(longest, samples / count + 1));
      assertThat(piece[0]).isEqualTo(next);
      assertThat(piece[piece.length - 1]).isEqualTo(next + piece.length - 1);
      next += piece.length;
    }
    assertThat(next).as("nothing is lost").isEqualTo(samples);
  }

  @Test
  void pieces_shortRecordings_stayWhole() {
    List<float[]> sounds = List.of(new float[1_500], new float[1], new float[2_000]);
    assertThat(HoldOut.pieces(sounds, 1_000))
        .extracting(piece -> piece.length)
        .containsExactly(1_500, 1, 2_000);
  }
}
