package dev.graft.transfer.explanation;

import dev.graft.engine.FloatTensor;
import dev.graft.runtime.ModelInput;
import java.util.List;

/** One input while it is explained. For one thread. */
sealed interface Subject permits ImageSubject, SoundSubject {
  /** As the model is given it. */
  ModelInput input();

  /** As the network is given it that Grad-CAM is taken of: one example. */
  FloatTensor prepared();

  /** What {@link #without} takes parts from: the input, or what is as good and faster. */
  ModelInput whole();

  /** The whole without some parts. */
  ModelInput without(List<Part> parts);

  /** How it is shown. */
  ExplainedInput shown();
}
