package dev.graft.transfer.pretraining;

import dev.graft.transfer.PoolingChoice;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a backbone shall be called and how it shall be stored.
 *
 * @param id its name, for example "graft/photo-small"; letters, digits and ". _ - /"
 * @param inputSize size of the examples that it asks for, such as the side of an image in pixels;
 *     that of the end of training unless said
 * @param storage number format of the weights in the file
 * @param pooling how new heads shall read what it gives for places or times; empty for its mean
 * @param licence of the weights, for the model card
 * @param dataTerms terms of the source data, which bind the weights as well
 * @param command the command line, for the provenance
 */
public record BackboneDescription(
    String id,
    OptionalInt inputSize,
    Storage storage,
    Optional<PoolingChoice> pooling,
    Optional<String> licence,
    Optional<String> dataTerms,
    String command) {
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._/-]{0,99}";
  private static final int SMALLEST = 8;
  private static final int LARGEST = 1024;

  /** The number format of the weights in the file. */
  public enum Storage {
    /** 32 bits, as trained. */
    FP32,
    /** 16 bits: half the file. */
    FP16
  }

  /** Checks name and size. */
  public BackboneDescription {
    if (!id.matches(NAME)) {
      throw new IllegalArgumentException(
          "a backbone's name has letters, digits and . _ - / only, but is \"" + id + "\"");
    }
    if (pooling.filter(PoolingChoice.CONCATENATED::equals).isPresent()) {
      throw new IllegalArgumentException(
          "the maps of a network that is trained here are pooled by mean or mean_and_deviation, but"
              + " concatenated was asked for");
    }
    int side = inputSize.orElse(SMALLEST);
    if (side < SMALLEST || side > LARGEST) {
      throw new IllegalArgumentException(
          "the side of a backbone's images must be %d to %d pixels but is %d"
              .formatted(SMALLEST, LARGEST, side));
    }
  }
}
