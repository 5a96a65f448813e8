package dev.graft.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.data.DataException;
import dev.graft.data.ExampleSource;
import dev.graft.data.audio.AudioPreprocessing;
import dev.graft.data.text.TextEncoder;
import dev.graft.data.text.TextPreprocessing;
import dev.graft.data.text.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A folder that a training run left, checked: its files are there, its configuration is valid and
 * its model fits it.
 *
 * <p>Immutable and thread-safe; holds no file open.
 */
public final class Bundle {

  private final Path folder;
  private final BundleConfig config;

  private Bundle(Path folder, BundleConfig config) {
    this.folder = folder;
    this.config = config;
  }

  /**
   * Opens a bundle and checks it, the model's inputs and outputs included.
   *
   * @throws BundleException if the folder is no bundle or its parts do not belong together
   * @throws RuntimeModelException if the model is damaged or cannot run here
   */
  public static Bundle open(Path folder) {
    Bundle bundle = read(folder);
    bundle.openSession(InferenceOptions.defaults().withThreads(1)).close();
    return bundle;
  }

  /** Checks everything but the model, which {@link #openSession} checks. */
  static Bundle read(Path folder) {
    if (!Files.exists(folder)) {
      requireReplacementEnded(folder);
    }
    if (!Files.isDirectory(folder)) {
      throw new BundleException(
          "Cannot open the bundle "
              + folder
              + ": it is a file; give the folder that holds "
              + BundleLayout.MODEL
              + " and "
              + BundleLayout.CONFIG);
    }
    requireFile(folder, BundleLayout.CONFIG);
    requireFile(folder, BundleLayout.MODEL);
    BundleConfig config = BundleConfig.read(folder.resolve(BundleLayout.CONFIG));
    if (config.modality() == Modality.TEXT) {
      requireFile(folder, BundleLayout.TOKENIZER);
    }
    return new Bundle(folder, config);
  }

  /** A process that was killed while it replaced the bundle may have left both beside the place. */
  private static void requireReplacementEnded(Path folder) {
    String found = "there is no such folder; give the folder that graft train --out wrote";
    try {
      BundlePlace.settle(folder);
    } catch (IOException readOnly) {
      found =
          BundlePlace.replacedBeside(folder)
              .map(
                  replaced ->
                      "its replacement was cut short, and what it was lies in "
                          + replaced
                          + "; rename that to "
                          + folder.getFileName())
              .orElse(found);
    }
    if (!Files.exists(folder)) {
      throw new BundleException("Cannot open the bundle " + folder + ": " + found);
    }
  }

  /** The bundle's folder, as given. */
  public Path folder() {
    return folder;
  }

  /** Labels, modality and origin. */
  public BundleConfig config() {
    return config;
  }

  /** The path of model.onnx. */
  public Path modelFile() {
    return folder.resolve(BundleLayout.MODEL);
  }

  /**
   * Reads the golden examples.
   *
   * @throws BundleException if they are missing, damaged or do not fit the labels
   */
  public GoldenExamples goldenExamples() {
    Path examplesFolder = folder.resolve(BundleLayout.EXAMPLES);
    GoldenExamples golden = GoldenExamples.read(examplesFolder);
    for (GoldenExample example : golden.examples()) {
      if (example.probabilities().size() != config.labels().size()) {
        throw new BundleException(
            "The golden example "
                + example.name()
                + " in "
                + examplesFolder
                + " has "
                + example.probabilities().size()
                + " probabilities, but the bundle has "
                + config.labels().size()
                + " labels; the folder mixes files of two bundles");
      }
    }
    return golden;
  }

  /**
   * Reads the features of the training examples; empty where the bundle keeps none.
   *
   * @throws BundleException if the file is damaged or does not fit the labels
   */
  public Optional<TrainingFeatures> trainingFeatures() {
    Path file = folder.resolve(BundleLayout.TRAINING_FEATURES);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    TrainingFeatures features = TrainingFeatures.read(file);
    for (String label : features.labels()) {
      if (!config.labels().contains(label)) {
        throw new BundleException(
            file
                + " holds an example of the class \""
                + label
                + "\", but the bundle has the labels "
                + config.labels()
                + "; the folder mixes files of two bundles");
      }
    }
    return Optional.of(features);
  }

  /**
   * How the phrase of a wake word is told in running sound.
   *
   * @throws BundleException if the bundle is not that of a wake word
   */
  public DetectionRule detectionRule() {
    return config
        .detection()
        .orElseThrow(
            () ->
                new BundleException(
                    "Cannot listen with the bundle "
                        + folder
                        + ": it is not that of a wake word, its labels are "
                        + config.labels()
                        + "; give a folder that graft wakeword train --out wrote"));
  }

  /**
   * How recordings are prepared for the model.
   *
   * @throws BundleException if the file that says it is missing or damaged
   */
  AudioPreprocessing audioPreprocessing() {
    requireFile(folder, BundleLayout.PREPROCESSOR_CONFIG);
    try {
      return AudioPreprocessing.read(
          folder.resolve(BundleLayout.PREPROCESSOR_CONFIG), OptionalInt.empty());
    } catch (DataException damaged) {
      throw new BundleException(
          "Cannot open the bundle "
              + folder
              + ": how its recordings are prepared cannot be told. "
              + damaged.getMessage(),
          damaged);
    }
  }

  /**
   * What makes the model's input of texts; its tokenizer is the caller's to close.
   *
   * @throws BundleException if a file that says it is missing or damaged, or both do not belong
   *     together
   */
  public TextEncoder textEncoder() {
    requireFile(folder, BundleLayout.PREPROCESSOR_CONFIG);
    requireFile(folder, BundleLayout.TOKENIZER);
    Tokenizer tokenizer = null;
    try {
      Path described = folder.resolve(BundleLayout.PREPROCESSOR_CONFIG);
      byte[] json = new ExampleSource.FileSource(described).read();
      TextPreprocessing description =
          TextPreprocessing.parse(new String(json, StandardCharsets.UTF_8), described.toString());
      tokenizer = Tokenizer.read(folder.resolve(BundleLayout.TOKENIZER));
      return new TextEncoder(tokenizer, description);
    } catch (DataException | IllegalArgumentException damaged) {
      if (tokenizer != null) {
        tokenizer.close();
      }
      throw new BundleException(
          "Cannot open the bundle "
              + folder
              + ": how its texts are prepared cannot be told. "
              + damaged.getMessage(),
          damaged);
    }
  }

  /**
   * Opens the model and checks that it takes the bundle's kind of input and gives one value for
   * each label.
   *
   * @throws BundleException if the model does not fit the configuration
   * @throws RuntimeModelException if the model is damaged or cannot run here
   */
  public InferenceSession openSession(InferenceOptions options) {
    InferenceSession session = InferenceSession.open(modelFile(), options);
    try {
      if (config.modality() == Modality.IMAGE) {
        requireImageInput(session);
      } else if (config.modality() == Modality.AUDIO) {
        requireSoundInput(session, audioPreprocessing().windowSamples());
      } else {
        requireTokenInput(session);
      }
      requireOutput(session, BundleLayout.LOGITS, config.labels().size());
      requireOutput(session, BundleLayout.PROBABILITIES, config.labels().size());
      requireSameLabels(session);
      return session;
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private void requireImageInput(InferenceSession session) {
    List<TensorDescription> inputs = session.inputs();
    TensorDescription first = inputs.get(0);
    long channels = first.shape().size() == 4 ? first.shape().get(3) : 0;
    if (inputs.size() != 1
        || first.kind() != TensorKind.UNSIGNED_BYTE
        || (channels != 3 && channels != -1)) {
      throw mismatch(
          "takes "
              + inputs
              + ", but an image bundle's model takes one tensor of unsigned bytes [N, height, width,"
              + " 3]");
    }
  }

  private void requireSoundInput(InferenceSession session, int samples) {
    List<TensorDescription> inputs = session.inputs();
    TensorDescription first = inputs.get(0);
    long width = first.shape().size() == 2 ? first.shape().get(1) : 0;
    if (inputs.size() != 1
        || first.kind() != TensorKind.REAL
        || (width != samples && width != -1)) {
      throw mismatch(
          "takes "
              + inputs
              + ", but the model of a bundle for recordings of "
              + samples
              + " samples takes one tensor of real numbers [N, "
              + samples
              + "]");
    }
  }

  private void requireTokenInput(InferenceSession session) {
    List<TensorDescription> inputs = session.inputs();
    TensorDescription first = inputs.get(0);
    if (inputs.size() != 1 || first.kind() != TensorKind.INTEGER || first.shape().size() != 2) {
      throw mismatch(
          "takes "
              + inputs
              + ", but the model of a bundle for texts takes one tensor of whole numbers [N,"
              + " tokens]");
    }
  }

  /** Checks that a model gives features as wide as those of the training examples. */
  void requireFeatures(InferenceSession session, TrainingFeatures known) {
    requireOutput(session, BundleLayout.FEATURES, known.width());
  }

  private void requireOutput(InferenceSession session, String name, int expected) {
    Optional<TensorDescription> output =
        session.outputs().stream().filter(tensor -> tensor.name().equals(name)).findFirst();
    if (output.isEmpty()) {
      throw mismatch("has no output \"" + name + "\", it gives " + session.outputs());
    }
    TensorDescription found = output.get();
    long width = found.shape().size() == 2 ? found.shape().get(1) : 0;
    if (found.kind() != TensorKind.REAL || (width != -1 && width != expected)) {
      String reason =
          name.equals(BundleLayout.FEATURES)
              ? BundleLayout.TRAINING_FEATURES + " has rows of " + expected + " features"
              : BundleLayout.CONFIG + " names " + expected + " labels";
      throw mismatch(
          "gives "
              + found
              + ", but "
              + reason
              + ", so real numbers [N, "
              + expected
              + "] are expected");
    }
  }

  private void requireSameLabels(InferenceSession session) {
    String text = session.metadata().get(BundleLayout.METADATA_LABELS);
    if (text == null) {
      return;
    }
    List<String> labels = new ArrayList<>();
    try {
      for (JsonNode label : JsonFile.parse(text)) {
        labels.add(label.asText());
      }
    } catch (JsonProcessingException e) {
      throw mismatch("carries labels that are no JSON array: " + text, e);
    }
    if (!labels.equals(config.labels())) {
      throw mismatch(
          "was trained for the labels "
              + labels
              + ", but "
              + BundleLayout.CONFIG
              + " names "
              + config.labels());
    }
  }

  private static void requireFile(Path folder, String name) {
    if (!Files.isRegularFile(folder.resolve(name))) {
      throw new BundleException(
          folder
              + " is no bundle: "
              + name
              + " is missing; run graft train --out ... or give the folder that holds "
              + BundleLayout.MODEL
              + " and "
              + BundleLayout.CONFIG);
    }
  }

  private BundleException mismatch(String finding) {
    return mismatch(finding, null);
  }

  private BundleException mismatch(String finding, @Nullable Throwable cause) {
    return new BundleException(
        "The parts of the bundle "
            + folder
            + " do not belong together: "
            + BundleLayout.MODEL
            + " "
            + finding
            + "; restore the folder that graft train wrote",
        cause);
  }
}
