package dev.graft.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.transfer.ladder.PairedComparison;
import dev.graft.transfer.training.Validated;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What rungs are compared by. */
final class LadderRungsTest {
  private static final int EXAMPLES = 600;
  private static final int[] LABELS = new int[EXAMPLES];
  private static final int[] UNGROUPED = IntStream.range(0, EXAMPLES).toArray();

  /** Nine of ten right, with so much confidence each; the true class is always 0 of two. */
  private static float[] sure(double confidence) {
    float[] probabilities = new float[2 * EXAMPLES];
    for (int i = 0; i < EXAMPLES; i++) {
      double ofTruth = i % 10 == 0 ? 1 - confidence : confidence;
      probabilities[2 * i] = (float) ofTruth;
      probabilities[2 * i + 1] = (float) (1 - ofTruth);
    }
    return probabilities;
  }

  @Test
  void calibrated_tooCautiousPredictions_loseLess() {
    float[] cautious = sure(0.6);
    float[] calibrated = LadderRungs.calibrated(LABELS, cautious);

    assertThat(Validated.logLoss(LABELS, calibrated, 2))
        .isLessThan(Validated.logLoss(LABELS, cautious, 2));
    assertThat(Validated.accuracy(LABELS, calibrated, 2))
        .isEqualTo(Validated.accuracy(LABELS, cautious, 2));
  }

  @Test
  void calibrated_sameRanksWithOtherConfidence_proveNothing() {
    float[] cautious = LadderRungs.calibrated(LABELS, sure(0.6));
    float[] fitting = LadderRungs.calibrated(LABELS, sure(0.9));
    PairedComparison pair = PairedComparison.of(LABELS, UNGROUPED, cautious, fitting);

    assertThat(pair.lossDifference()).isCloseTo(0, within(0.01));
    assertThat(PairedComparison.of(LABELS, UNGROUPED, sure(0.6), sure(0.9)).lossDifference())
        .isLessThan(-0.1);
  }
}
