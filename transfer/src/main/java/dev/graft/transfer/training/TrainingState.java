package dev.graft.transfer.training;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.graft.transfer.evidence.TrainingRecord.Epoch;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a training loop stands, apart from weights and optimizer.
 *
 * @param fingerprint of data and settings; a state of others is not continued
 * @param epoch the running epoch, counted from 0
 * @param step finished steps of the running epoch
 * @param lossSum sum of the losses of those steps
 * @param bestLoss the best validation loss so far
 * @param goodLoss the largest that cannot be told from it: one standard error more
 * @param bestEpoch the last epoch whose loss was no larger; -1 for the starting weights
 * @param history finished epochs
 */
record TrainingState(
    @JsonProperty("fingerprint") String fingerprint,
    @JsonProperty("epoch") int epoch,
    @JsonProperty("step") int step,
    @JsonProperty("lossSum") double lossSum,
    @JsonProperty("bestLoss") double bestLoss,
    @JsonProperty("goodLoss") double goodLoss,
    @JsonProperty("bestEpoch") int bestEpoch,
    @JsonProperty("history") List<Epoch> history)
    implements Checkpoints.State {

  static TrainingState beginning(String fingerprint) {
    return new TrainingState(
        fingerprint, 0, 0, 0, Double.MAX_VALUE, Double.MAX_VALUE, -1, List.of());
  }

  /** Whether there is anything behind it. */
  boolean hasBegun() {
    return epoch > 0 || step > 0;
  }

  /** The beginning, with what the starting weights give on the validation examples. */
  TrainingState startingAt(double validationLoss, double standardError) {
    return new TrainingState(
        fingerprint, 0, 0, 0, validationLoss, validationLoss + standardError, -1, history);
  }

  TrainingState afterStep(double loss) {
    return new TrainingState(
        fingerprint, epoch, step + 1, lossSum + loss, bestLoss, goodLoss, bestEpoch, history);
  }

  /** The beginning of the next epoch, after one that was judged. */
  TrainingState afterEpoch(Epoch judged, double standardError) {
    List<Epoch> all = new ArrayList<>(history);
    all.add(judged);
    double loss = judged.validationLoss();
    boolean lower = loss < bestLoss;
    return new TrainingState(
        fingerprint,
        epoch + 1,
        0,
        0,
        lower ? loss : bestLoss,
        lower ? loss + standardError : goodLoss,
        judged.best() ? epoch : bestEpoch,
        List.copyOf(all));
  }

  /** The beginning of the next epoch, where nothing was held out to judge this one by. */
  TrainingState afterEpoch() {
    return new TrainingState(fingerprint, epoch + 1, 0, 0, bestLoss, goodLoss, bestEpoch, history);
  }
}
