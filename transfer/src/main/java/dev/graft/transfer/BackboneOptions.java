package dev.graft.transfer;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is said about a backbone that its files do not tell.
 *
 * @param preprocessing the name of a preset, or the path of a preprocessor_config.json; empty for
 *     the one beside the file or the one that is known for it
 * @param inputSize side of the square input in pixels, from 1 to 4096; a graph that fixes another
 *     is opened where it gives as many features for this one; empty for the fixed one, else that of
 *     the crop which a preprocessor_config.json describes, else 224
 * @param featureTensor the tensor that the head shall read, where it is not found or not wanted as
 *     found
 * @param pooling how what the backbone gives for places or times becomes features; empty for what
 *     its config.json says, else for what it was trained with; of an encoder of spectrograms, to
 *     keep the order in short windows, and to take mean and deviation in longer ones
 * @param sound what is said about one that hears
 * @param text what is said about one that reads
 */
public record BackboneOptions(
    Optional<String> preprocessing,
    OptionalInt inputSize,
    Optional<String> featureTensor,
    Optional<PoolingChoice> pooling,
    SoundOptions sound,
    TextOptions text) {
  /** Nothing is said. */
  public static BackboneOptions defaults() {
    return new BackboneOptions(
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty(),
        SoundOptions.DEFAULTS,
        TextOptions.DEFAULTS);
  }

  /** With a preset's name or a file. */
  public BackboneOptions withPreprocessing(String nameOrPath) {
    return new BackboneOptions(
        Optional.of(nameOrPath), inputSize, featureTensor, pooling, sound, text);
  }

  /** With a side length in pixels. */
  public BackboneOptions withInputSize(int pixels) {
    return new BackboneOptions(
        preprocessing, OptionalInt.of(pixels), featureTensor, pooling, sound, text);
  }

  /** With the side that is usual. */
  BackboneOptions withoutInputSize() {
    return new BackboneOptions(
        preprocessing, OptionalInt.empty(), featureTensor, pooling, sound, text);
  }

  /** With a feature tensor. */
  public BackboneOptions withFeatureTensor(String name) {
    return new BackboneOptions(preprocessing, inputSize, Optional.of(name), pooling, sound, text);
  }

  /** With what is said about a backbone that hears. */
  public BackboneOptions withSound(SoundOptions said) {
    return new BackboneOptions(preprocessing, inputSize, featureTensor, pooling, said, text);
  }

  /** With a pooling. */
  public BackboneOptions withPooling(PoolingChoice chosen) {
    return new BackboneOptions(
        preprocessing, inputSize, featureTensor, Optional.of(chosen), sound, text);
  }

  /** With what is said about a backbone that reads. */
  public BackboneOptions withText(TextOptions said) {
    return new BackboneOptions(preprocessing, inputSize, featureTensor, pooling, sound, said);
  }
}
