package dev.graft.transfer.evidence;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Everything that a pre-training found out, for the files of a backbone. Values only; nothing here
 * computes.
 *
 * @param id what the backbone is called, for example "graft/photo-small"
 * @param architecture the network in a sentence
 * @param parameters numbers that were trained
 * @param multiplyAdds of an example of the size that the backbone asks for
 * @param features width of the tensor before the output layer
 * @param modality kind of the examples, such as "image"
 * @param inputSize size of the examples that the backbone asks for: the side of an image in pixels
 * @param evaluatedSize size of the whole examples by which the stored file is judged
 * @param vocabulary number of tokens that a network of text knows; empty for others
 * @param storage number format of the weights in the file, in a sentence
 * @param pooling how new heads read what it gives for places or times, as written in its
 *     config.json; empty for its mean
 * @param licence of the weights; empty where nobody said
 * @param dataTerms terms of the source data; empty where nobody said
 * @param data the source data
 * @param settings every setting by its option name, in the order to show them
 * @param precision number format of training
 * @param history what each epoch gave
 * @param validation evidence of the stored file on the validation examples
 * @param validationMethod how those were chosen, in words
 * @param seconds time of the training, pauses between interruptions left out
 * @param environment versions, platform, processor, threads, command line
 * @param seed the seed of everything random
 * @param finished when the run ended
 */
public record PretrainingRecord(
    String id,
    String architecture,
    long parameters,
    long multiplyAdds,
    int features,
    String modality,
    int inputSize,
    int evaluatedSize,
    OptionalInt vocabulary,
    String storage,
    Optional<String> pooling,
    Optional<String> licence,
    Optional<String> dataTerms,
    TrainingRecord.Data data,
    Map<String, String> settings,
    String precision,
    List<Epoch> history,
    Evaluation validation,
    String validationMethod,
    double seconds,
    Map<String, String> environment,
    long seed,
    Instant finished) {

  /**
   * What an epoch gave.
   *
   * @param number counted from 1
   * @param side size of its training examples, such as the side of an image in pixels
   * @param trainingLoss mean loss of its steps
   * @param validationLoss mean cross-entropy of the validation images with the weights that are
   *     kept
   * @param validationAccuracy share of the validation images whose most probable class is the true
   *     one
   */
  public record Epoch(
      @JsonProperty("number") int number,
      @JsonProperty("side") int side,
      @JsonProperty("trainingLoss") double trainingLoss,
      @JsonProperty("validationLoss") double validationLoss,
      @JsonProperty("validationAccuracy") double validationAccuracy) {}
}
