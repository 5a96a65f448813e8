package dev.graft.transfer.explanation;

import dev.graft.data.ExampleSource;
import dev.graft.onnx.OnnxModel;
import dev.graft.runtime.ModelInput;
import java.util.function.ToDoubleFunction;

/** What explaining inputs of one kind needs to know of a bundle. For one thread. */
sealed interface Subjects permits ImageSubjects, SoundSubjects {
  /** The network of a file that ships, cut where it is wanted. */
  GradCam gradCam(OnnxModel deployable);

  /**
   * Decodes a file.
   *
   * @param name what messages call it
   * @throws dev.graft.data.DataException if it cannot be read
   */
  ModelInput decode(ExampleSource source, String name);

  /**
   * What of an input is explained.
   *
   * @param probability of the class that is explained, for an input
   */
  Subject subject(ModelInput input, ToDoubleFunction<ModelInput> probability);
}
