package dev.graft.transfer.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.transfer.doctor.SuspectLabels.Suspect;
import java.util.List;
import org.junit.jupiter.api.Test;

class SuspectLabelsTest {
  /**
   * Thresholds by hand: class 0 (0.9 + 0.8 + 0.1) / 3 = 0.6, class 1 (0.7 + 0.8 + 0.6) / 3 = 0.7.
   */
  @Test
  void of_oneLabelAgainstItsProbability_isListedWithItsMargin() {
    int[] labels = {0, 0, 0, 1, 1, 1};
    float[] probabilities = {
      0.9f, 0.1f, 0.8f, 0.2f, 0.1f, 0.9f, 0.3f, 0.7f, 0.2f, 0.8f, 0.4f, 0.6f
    };
    List<Suspect> suspects = SuspectLabels.of(labels, probabilities, 2, 1);
    assertThat(suspects).hasSize(1);
    assertThat(suspects.get(0).row()).isEqualTo(2);
    assertThat(suspects.get(0).suggested()).isEqualTo(1);
    // (0.9 - 0.7) - (0.1 - 0.6)
    assertThat(suspects.get(0).score())
        .isCloseTo(0.7, org.assertj.core.api.Assertions.within(1e-6));
  }

  /**
   * A class whose examples are all uncertain has a low threshold: being uncertain is usual there.
   */
  @Test
  void of_classThatIsAlwaysUncertain_isNotSuspectForBeingUncertain() {
    int[] labels = {0, 0, 0, 1, 1, 1};
    float[] probabilities = {
      0.99f, 0.01f, 0.98f, 0.02f, 0.99f, 0.01f, 0.6f, 0.4f, 0.55f, 0.45f, 0.58f, 0.42f
    };
    assertThat(SuspectLabels.of(labels, probabilities, 2, 1)).isEmpty();
  }

  @Test
  void of_smallClass_isNeitherJudgedNorSuggested() {
    int[] labels = {0, 0, 0, 0, 1};
    float[] probabilities = {0.9f, 0.1f, 0.9f, 0.1f, 0.9f, 0.1f, 0.8f, 0.2f, 0.95f, 0.05f};
    assertThat(SuspectLabels.of(labels, probabilities, 2, 1)).extracting(Suspect::row).contains(3);
    assertThat(SuspectLabels.of(labels, probabilities, 2, 2)).isEmpty();
  }

  @Test
  void of_twoSuspects_areRankedByTheirMargins() {
    int[] labels = {0, 0, 0, 0, 1, 1, 1, 1};
    float[] probabilities = {
      0.9f, 0.1f, 0.9f, 0.1f, 0.2f, 0.8f, 0.05f, 0.95f,
      0.1f, 0.9f, 0.1f, 0.9f, 0.2f, 0.8f, 0.4f, 0.6f
    };
    assertThat(SuspectLabels.of(labels, probabilities, 2, 1))
        .extracting(Suspect::row)
        .startsWith(3, 2);
  }
}
