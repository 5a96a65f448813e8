package dev.graft.transfer.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.data.Split;
import dev.graft.data.Splitter;
import dev.graft.engine.BatchPasses;
import dev.graft.engine.OptimizerSettings;
import dev.graft.engine.Precision;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.evidence.TrainingRecord.Epoch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LayeredHeadTrainingTest {
  private static final int EXAMPLES = 60;
  private static final int WIDTH = 6;
  private static final long SEED = 3;
  private static final double HELD_OUT = 0.2;

  private final int[] labels = IntStream.range(0, EXAMPLES).map(row -> row % 2).toArray();
  private final int[] alone = IntStream.range(0, EXAMPLES).toArray();
  private final float[][] rows = separable();

  @Test
  void fit_noValidationPart_isTrainedOnWhatItWasJudgedByAsWell() {
    // Only the held-out examples have something to say in the last feature.
    Split split = Splitter.holdOut(labels, alone, HELD_OUT, SEED);
    for (int row : split.validation()) {
      rows[row] = new float[WIDTH];
      rows[row][WIDTH - 1] = labels[row] == 1 ? 6 : -6;
    }
    ClassifierHead head = fit(problem(Optional.empty()), 120).head();
    for (int row : split.validation()) {
      float[] logits = head.logits(rows[row]);
      assertThat(logits[labels[row]]).isGreaterThan(logits[1 - labels[row]]);
    }
  }

  @Test
  void fit_noValidationPart_statesWhatTheFirstTrainingPredicted() {
    HeadProblem.Fit fit = fit(problem(Optional.empty()), 40);
    Split split = Splitter.holdOut(labels, alone, HELD_OUT, SEED);
    assertThat(fit.validated().rows()).containsExactly(split.validation());
    assertThat(fit.history()).extracting(Epoch::best).contains(true);
  }

  @Test
  void fit_ownValidationPart_keepsTheWeightsThatPredictItBest() {
    float[][] validation = separable();
    int[] theirs = labels.clone();
    HeadProblem.HeldOut own =
        new HeadProblem.HeldOut(activations(validation), theirs, "the data's own validation part");
    HeadProblem.Fit fit = fit(problem(Optional.of(own)), 40);
    float[] probabilities = fit.validated().probabilities();
    for (int row = 0; row < theirs.length; row++) {
      float[] expected = Softmax.of(fit.head().logits(validation[row]));
      assertThat(probabilities[2 * row])
          .isCloseTo(expected[0], org.assertj.core.api.Assertions.within(1e-4f));
    }
  }

  private HeadProblem.Fit fit(HeadProblem problem, int epochs) {
    StepSettings settings =
        new StepSettings(
            Precision.FP32,
            new OptimizerSettings.AdamW(3e-3),
            epochs,
            16,
            BatchPasses.FASTEST,
            epochs,
            SEED,
            Optional.<Duration>empty());
    return LayeredHeadTraining.fit(problem, List.of(8), settings, TrainingListener.SILENT);
  }

  private HeadProblem problem(Optional<HeadProblem.HeldOut> heldOut) {
    return new HeadProblem(
        activations(rows), labels, 1, alone, heldOut, 2, new float[] {1, 1}, HELD_OUT, SEED);
  }

  /** The first feature tells the classes apart, the last says nothing. */
  private float[][] separable() {
    Random random = new Random(5);
    float[][] all = new float[EXAMPLES][WIDTH];
    for (int row = 0; row < EXAMPLES; row++) {
      for (int feature = 0; feature < WIDTH - 1; feature++) {
        all[row][feature] = (float) random.nextGaussian();
      }
      all[row][0] += labels[row] == 1 ? 3 : -3;
    }
    return all;
  }

  private static Activations activations(float[][] rows) {
    return new Activations() {
      @Override
      public int width() {
        return WIDTH;
      }

      @Override
      public void read(int row, int view, float[] out) {
        System.arraycopy(rows[row], 0, out, 0, WIDTH);
      }
    };
  }
}
