package dev.graft.transfer.pretraining;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.graft.transfer.evidence.PretrainingRecord.Epoch;
import dev.graft.transfer.training.Checkpoints;
import java.util.List;

/**
 * Where pre-training stands, apart from weights and optimizer.
 *
 * @param fingerprint of data and settings
 * @param epoch the running epoch, counted from 0
 * @param step finished steps of the running epoch
 * @param lossSum sum of the losses of those steps
 * @param smoothedLoss moving mean of the loss over about 50 steps
 * @param seconds time of the training so far, pauses left out
 * @param history finished epochs
 */
record PretrainingState(
    @JsonProperty("fingerprint") String fingerprint,
    @JsonProperty("epoch") int epoch,
    @JsonProperty("step") int step,
    @JsonProperty("lossSum") double lossSum,
    @JsonProperty("smoothedLoss") double smoothedLoss,
    @JsonProperty("seconds") double seconds,
    @JsonProperty("history") List<Epoch> history)
    implements Checkpoints.State {

  private static final double SMOOTHING = 0.04;

  PretrainingState {
    history = List.copyOf(history);
  }

  static PretrainingState beginning(String fingerprint) {
    return new PretrainingState(fingerprint, 0, 0, 0, 0, 0, List.of());
  }

  PretrainingState afterStep(double loss) {
    boolean first = epoch == 0 && step == 0;
    double smoothed = first ? loss : smoothedLoss + SMOOTHING * (loss - smoothedLoss);
    return new PretrainingState(
        fingerprint, epoch, step + 1, lossSum + loss, smoothed, seconds, history);
  }

  /** Steps taken in all epochs. */
  long stepsTaken(int stepsPerEpoch) {
    return (long) epoch * stepsPerEpoch + step;
  }

  PretrainingState afterSeconds(double more) {
    return new PretrainingState(
        fingerprint, epoch, step, lossSum, smoothedLoss, seconds + more, history);
  }

  PretrainingState afterEpoch(Epoch finished) {
    List<Epoch> longer = new java.util.ArrayList<>(history);
    longer.add(finished);
    return new PretrainingState(fingerprint, epoch + 1, 0, 0, smoothedLoss, seconds, longer);
  }
}
