package dev.graft.transfer.explanation;

import dev.graft.data.image.PixelImage;
import dev.graft.runtime.Prediction;
import dev.graft.runtime.TrainingNeighbour;
import java.util.List;
import java.util.Optional;

/**
 * On what in an input an answer rests. Immutable and thread-safe.
 *
 * @param prediction what the model says
 * @param label the class that was explained
 * @param probability its probability
 * @param input what was explained
 * @param activation Grad-CAM
 * @param occlusion what covering does
 * @param agreement whether both put the same places first; empty without Grad-CAM
 * @param deletion whether the places marked by Grad-CAM, or without it by occlusion, matter
 * @param neighbours the training examples whose features are most like those of the input, the most
 *     similar first; none where the bundle keeps no features
 */
public record Explanation(
    Prediction prediction,
    String label,
    double probability,
    ExplainedInput input,
    ClassActivation activation,
    Occlusion occlusion,
    Optional<Agreement> agreement,
    DeletionCheck deletion,
    List<TrainingNeighbour> neighbours) {
  /**
   * What was explained, Grad-CAM over it and occlusion over it, side by side with a legend; sound
   * as a spectrogram.
   */
  public PixelImage picture() {
    return new ExplanationPicture(this).paint();
  }
}
