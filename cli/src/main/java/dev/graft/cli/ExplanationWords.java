package dev.graft.cli;

import dev.graft.data.DatasetKind;
import dev.graft.transfer.explanation.ExplainedImage;
import dev.graft.transfer.explanation.ExplainedInput;
import dev.graft.transfer.explanation.ExplainedSound;
import dev.graft.transfer.explanation.HeatGrid;
import dev.graft.transfer.explanation.Occlusion;

/** How places of inputs of one kind are called. */
sealed interface ExplanationWords permits ImagePlaceWords, SoundPlaceWords {
  static ExplanationWords of(ExplainedInput input) {
    return input instanceof ExplainedImage image
        ? new ImagePlaceWords(image)
        : new SoundPlaceWords((ExplainedSound) input);
  }

  /** What must be said below explanations. */
  static String caution(DatasetKind kind) {
    return "The maps show which places this answer rests on. They do not show what the model takes"
        + " them for, whether the answer is right, or what it would say to other "
        + kind.many()
        + ". Where the background is marked, the model may have learned the background.";
  }

  /** What of the input the network sees. */
  String seen();

  /** Where the highest value of a map lies, with a preposition. */
  String place(HeatGrid map);

  /** How fine a map is. */
  String fineness(HeatGrid map);

  /** What occlusion does at the place that it has just named, for the start of a sentence. */
  String covering(Occlusion occlusion);
}
