package dev.graft.transfer.pretraining;

import dev.graft.data.DatasetKind;
import dev.graft.data.Preprocessing;
import dev.graft.onnx.OnnxModel;
import dev.graft.transfer.training.ExampleViews;
import java.util.Map;
import java.util.OptionalInt;

/** How the examples of a source task are shown to the network. Immutable and thread-safe. */
public sealed interface SourceViews permits SourceImages, SourceSounds, SourceTexts {
  /** The kind of examples. */
  DatasetKind kind();

  /** Views of the training examples in an epoch, counted from 0. */
  ExampleViews training(int epoch, int epochs, long seed);

  /** What each epoch is judged by: whole examples as they are. */
  ExampleViews plain();

  /** What the stored file is judged by: whole examples as it knows them best. */
  ExampleViews evaluated(OnnxModel stored);

  /**
   * The network in the form in which the engine takes it, with one input of floats. Its weights
   * have the names of those of the stored form.
   */
  default OnnxModel trained(OnnxModel stored) {
    return stored;
  }

  /** The size of the training examples in an epoch, for the log. */
  int size(int epoch, int epochs);

  /** The size of the examples by which the stored file is judged. */
  int evaluatedSize(OnnxModel stored);

  /** The size that the backbone asks for where nobody says another. */
  int lastSize();

  /** What the backbone asks for when it is used. */
  Preprocessing preprocessing(OptionalInt inputSize);

  /** What a step costs in an epoch, in proportion to those of others. */
  double cost(int epoch, int epochs);

  /** Sizes and augmentation by their option names. */
  Map<String, String> shown();
}
