package dev.graft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class AccuracyCaseTest {
  @Test
  void all_names_areDistinct() {
    assertThat(AccuracyCase.all()).extracting(AccuracyCase::id).doesNotHaveDuplicates();
  }

  @Test
  void all_pretrainedCases_standBesideFreshOnes() {
    for (AccuracyCase one : AccuracyCase.all()) {
      List<String> fresh =
          AccuracyCase.all().stream()
              .filter(other -> other.weights() == AccuracyCase.Weights.FRESH)
              .filter(other -> other.data().equals(one.data()))
              .filter(other -> other.backbone().equals(one.backbone()))
              .filter(other -> other.examplesPerClass().equals(one.examplesPerClass()))
              .map(other -> other.strategy().toString())
              .toList();
      // Training from scratch is compared where fine-tuning is.
      if (one.backbone().startsWith("mobilenetv2")) {
        assertThat(fresh).as(one.id()).containsExactly("head", "all");
      } else {
        assertThat(fresh).as(one.id()).containsExactly("head");
      }
    }
  }
}
