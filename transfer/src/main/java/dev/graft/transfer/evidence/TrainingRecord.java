package dev.graft.transfer.evidence;

import dev.graft.data.DatasetKind;
import dev.graft.data.LeftOut;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that a training run found out, for metrics.json, the model card, the report and the
 * provenance file. Values only; nothing here computes.
 *
 * @param data what was read
 * @param backbone what was transferred from
 * @param strategy the strategy in words, as {@code --strategy} takes it
 * @param head the head's layers in words, as {@code --head} takes them
 * @param settings every other setting by its option name, in the order to show them
 * @param precision the precision used and why, in one sentence
 * @param candidates the head's regularisation strengths that were tried, with their validation
 *     results; empty where none were tried
 * @param history loss and validation accuracy by epoch of unfrozen training; empty for head only
 * @param validation evidence on the examples held out of training (out-of-fold where folds were
 *     used)
 * @param validationMethod how the validation examples were chosen, in words
 * @param test evidence on the test part; empty where the data have none
 * @param testPredictions what was predicted for each test example; empty without a test part
 * @param findings what was found out beyond the accuracy
 * @param notes remarks for people: near-duplicates, imbalance, warnings
 * @param seconds duration of each phase by its name, in order; their sum is the run's
 * @param environment versions, platform, processor, threads, command line
 * @param seed the seed of everything random
 * @param finished when the run ended
 */
public record TrainingRecord(
    Data data,
    Source backbone,
    String strategy,
    String head,
    Map<String, String> settings,
    String precision,
    List<Candidate> candidates,
    List<Epoch> history,
    Evaluation validation,
    String validationMethod,
    Optional<Evaluation> test,
    Optional<ExamplePredictions> testPredictions,
    Findings findings,
    List<String> notes,
    Map<String, Double> seconds,
    Map<String, String> environment,
    long seed,
    Instant finished) {

  /**
   * The data.
   *
   * @param name name of the folder or archive
   * @param kind what the examples are
   * @param hash SHA-256 over identifiers, labels and contents of all used examples
   * @param classes class names in the order of the model's outputs
   * @param trainCounts used training examples by class
   * @param validationCounts examples of the data's own validation part by class; empty without one
   * @param testCounts test examples by class; empty without a test part
   * @param leftOut files that were not used and why
   */
  public record Data(
      String name,
      DatasetKind kind,
      String hash,
      List<String> classes,
      Map<String, Integer> trainCounts,
      Map<String, Integer> validationCounts,
      Map<String, Integer> testCounts,
      List<LeftOut> leftOut) {}

  /**
   * The backbone.
   *
   * @param id name of the file without its extension
   * @param sha256 hash of the file
   * @param licence what is known of its licence; empty where nothing is
   * @param inputShape for example "3x224x224", or "16000" samples
   * @param featureTensor the tensor that the head reads
   * @param features its width
   * @param removedHead what was taken off, in words
   * @param parameters weights of the trunk
   * @param multiplyAdds multiply-adds of the trunk for one example
   * @param trainedBlocks names of the blocks that were trained; empty for head only
   * @param revision commit of the hub that it came from; empty where it came from none
   * @param files SHA-256 of each file that it is made of and described by
   */
  public record Source(
      String id,
      String sha256,
      Optional<String> licence,
      String inputShape,
      String featureTensor,
      int features,
      String removedHead,
      long parameters,
      long multiplyAdds,
      List<String> trainedBlocks,
      Optional<String> revision,
      Map<String, String> files) {}

  /** A regularisation strength with its validation log loss and accuracy. */
  public record Candidate(double strength, double logLoss, double accuracy, boolean chosen) {}

  /** One epoch of unfrozen training. */
  public record Epoch(
      int number,
      double trainingLoss,
      double validationLoss,
      double validationAccuracy,
      boolean best) {}

  /** The same with other findings. */
  public TrainingRecord with(Findings found) {
    return new TrainingRecord(
        data,
        backbone,
        strategy,
        head,
        settings,
        precision,
        candidates,
        history,
        validation,
        validationMethod,
        test,
        testPredictions,
        found,
        notes,
        seconds,
        environment,
        seed,
        finished);
  }

  /** The run's duration in seconds. */
  public double totalSeconds() {
    return seconds.values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
