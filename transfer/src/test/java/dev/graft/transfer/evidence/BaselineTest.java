package dev.graft.transfer.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.data.DatasetKind;
import dev.graft.transfer.evidence.Baseline.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BaselineTest {
  private static final List<String> CLASSES = List.of("yes", "no");
  private static final ExampleWords WORDS = ExampleWords.of(DatasetKind.AUDIO);

  @Test
  void of_predictionsForTheSameExamples_countsWhatOneSideAloneTells() {
    Baseline found = SampleFindings.baseline(CLASSES, 3, 21);
    assertThat(found.onlyBaseline()).isEqualTo(3);
    assertThat(found.onlyModel()).isEqualTo(21);
    assertThat(found.modelAccuracy()).isEqualTo(0.97);
    assertThat(found.evaluation().accuracy()).isEqualTo(0.79);
    // Binomial over 24 tries: twice P(X > 21) + P(X = 21) = 2 * 301 / 2^24 + 2024 / 2^24.
    assertThat(found.pValue()).isCloseTo(2626 / 16777216.0, within(1e-9));
    assertThat(found.verdict()).isEqualTo(Verdict.MODEL_IS_BETTER);
    assertThat(FindingsWords.baseline(found, WORDS))
        .startsWith("Mean of mel bands has 79.0 % of the same test recordings right (95 % interval")
        .endsWith(
            "The model is better, beyond chance: 21 only the model tells right, 3 only the"
                + " baseline; p < 0.001.");
  }

  @Test
  void verdict_fewDifferences_tellsNothing() {
    Baseline found = SampleFindings.baseline(CLASSES, 3, 5);
    assertThat(found.verdict()).isEqualTo(Verdict.NOT_TOLD_APART);
    assertThat(FindingsWords.baseline(found, WORDS))
        .contains("Nothing proves that the model is better than that (5 only the model")
        .contains("what the backbone adds does not show");
  }

  @Test
  void verdict_baselineTellsMore_saysSo() {
    Baseline found = SampleFindings.baseline(CLASSES, 30, 5);
    assertThat(found.verdict()).isEqualTo(Verdict.BASELINE_IS_BETTER);
    assertThat(FindingsWords.baseline(found, WORDS)).contains("this backbone does harm");
  }

  /** A backbone of images is the exception for recordings: proof is asked of it. */
  @Test
  void baseline_backboneOfSound_saysWhichOfBothSuitsRecordings() {
    Baseline better = SampleFindings.backboneOfSound(CLASSES, 30, 5);
    assertThat(FindingsWords.baseline(better, WORDS))
        .startsWith("The backbone of sound has 95.0 % of the same test recordings right")
        .contains("30 only the backbone of sound; p < 0.001")
        .endsWith(
            "as is usual for recordings, a backbone of sound suits them more than one of images.");
    assertThat(FindingsWords.baseline(SampleFindings.backboneOfSound(CLASSES, 3, 5), WORDS))
        .contains("the exception for recordings, shows no gain here");
    assertThat(FindingsWords.baseline(SampleFindings.backboneOfSound(CLASSES, 2, 30), WORDS))
        .endsWith("the exception for recordings; here it is worth it.");
  }

  @Test
  void verdict_nothingDiffers_tellsNothing() {
    assertThat(SampleFindings.baseline(CLASSES, 0, 0).verdict()).isEqualTo(Verdict.NOT_TOLD_APART);
  }
}
