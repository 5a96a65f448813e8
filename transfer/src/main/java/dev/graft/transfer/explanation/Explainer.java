package dev.graft.transfer.explanation;

import dev.graft.data.DataException;
import dev.graft.data.DatasetKind;
import dev.graft.data.ExampleSource;
import dev.graft.data.audio.AudioPreprocessing;
import dev.graft.data.image.ImagePreprocessing;
import dev.graft.data.image.PixelImage;
import dev.graft.engine.FloatTensor;
import dev.graft.onnx.GraphPreparation;
import dev.graft.onnx.OnnxModel;
import dev.graft.runtime.BundleLayout;
import dev.graft.runtime.GoldenExample;
import dev.graft.runtime.ModelInput;
import dev.graft.runtime.Prediction;
import dev.graft.runtime.Predictor;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.TransferException;
import dev.graft.transfer.training.Softmax;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Explains the answers of a trained model; needs nothing but its bundle.
 *
 * <p>Grad-CAM runs the network of model.onnx in the training engine, from the prepared image or the
 * samples on; occlusion runs the whole file in ONNX Runtime on the covered input. So the second
 * also checks that the first was laid on the right places. Not thread-safe. Close it to free its
 * weights.
 */
public final class Explainer implements AutoCloseable {
  private static final int NEIGHBOURS = 3;

  /** Engine and ONNX Runtime differ by far less on the same network, and by far more on others. */
  private static final double TOLERANCE = 0.02;

  private final Predictor predictor;
  private final Subjects subjects;
  private final GradCam gradCam;
  private final ExplanationOptions options;

  private Explainer(
      Predictor predictor, Subjects subjects, GradCam gradCam, ExplanationOptions options) {
    this.predictor = predictor;
    this.subjects = subjects;
    this.gradCam = gradCam;
    this.options = options;
  }

  /**
   * Loads a trained model.
   *
   * @throws dev.graft.runtime.BundleException if the folder is no bundle of images or recordings
   * @throws dev.graft.runtime.RuntimeModelException if ONNX Runtime cannot run its model
   * @throws dev.graft.onnx.OnnxModelException if the model was not written by Graft
   * @throws TransferException if the engine does not repeat what the bundle's golden examples say
   */
  public static Explainer load(Path bundleFolder, ExplanationOptions options) {
    Predictor predictor = Predictor.load(bundleFolder);
    try {
      Subjects subjects = subjects(predictor);
      OnnxModel model =
          GraphPreparation.forTraining().apply(OnnxModel.read(predictor.bundle().modelFile()));
      GradCam gradCam = subjects.gradCam(model);
      Explainer explainer = new Explainer(predictor, subjects, gradCam, options);
      try {
        explainer.requireGoldenLogits();
      } catch (RuntimeException failure) {
        gradCam.close();
        throw failure;
      }
      return explainer;
    } catch (RuntimeException failure) {
      predictor.close();
      throw failure;
    }
  }

  private static Subjects subjects(Predictor predictor) {
    if (kind(predictor) == DatasetKind.TEXT) {
      throw new TransferException(
          TransferException.Cause.SETTINGS,
          "Explaining with "
              + predictor.bundle().folder()
              + ": a model of images or recordings is expected, found one of texts."
              + " TextExplainer explains those.");
    }
    Path file = predictor.bundle().folder().resolve(BundleLayout.PREPROCESSOR_CONFIG);
    try {
      return kind(predictor) == DatasetKind.AUDIO
          ? new SoundSubjects(AudioPreprocessing.read(file, OptionalInt.empty()))
          : ImageSubjects.of(ImagePreprocessing.read(file));
    } catch (DataException damaged) {
      throw new TransferException(
          TransferException.Cause.MODEL,
          "Explaining with "
              + predictor.bundle().folder()
              + ": what its network sees of an input cannot be told. "
              + damaged.getMessage(),
          damaged);
    }
  }

  private static DatasetKind kind(Predictor predictor) {
    return predictor.bundle().config().modality().kind();
  }

  /** The kind of inputs that the model takes. */
  public DatasetKind kind() {
    return kind(predictor);
  }

  /** The logits of a golden example, which tell more than probabilities that are close to 1. */
  private void requireGoldenLogits() {
    GoldenExample golden = predictor.bundle().goldenExamples().examples().get(0);
    Subject subject = subjects.subject(golden.input(), input -> 0);
    float[] own = gradCam.of(subject.prepared(), 0).logits().values();
    double largest = golden.logits().stream().mapToDouble(Math::abs).max().orElse(0);
    for (int label = 0; label < own.length; label++) {
      double expected = golden.logits().get(label);
      if (!(Math.abs(own[label] - expected) <= TOLERANCE * (1 + largest))) {
        throw other(
            String.format(
                Locale.ROOT,
                "the logit of \"%s\" for the golden example %s should be %.4f, but is %.4f",
                labels().get(label),
                golden.name(),
                expected,
                own[label]));
      }
    }
  }

  private TransferException other(String found) {
    return new TransferException(
        TransferException.Cause.MODEL,
        "Explaining with "
            + predictor.bundle().folder()
            + ": "
            + found
            + " after what "
            + BundleLayout.PREPROCESSOR_CONFIG
            + " describes and in the training engine. The files do not belong together, or were"
            + " changed: restore the folder that graft train wrote.");
  }

  /** The labels that can be explained. */
  public List<String> labels() {
    return predictor.bundle().config().labels();
  }

  /**
   * Explains the most probable class of a file.
   *
   * @param name what messages call it
   * @throws DataException if the file cannot be read, or the model takes no such input
   * @throws TransferException if the engine does not repeat what ONNX Runtime says
   */
  public Explanation explain(ExampleSource source, String name, TrainingListener listener) {
    return explain(subjects.decode(source, name), Optional.empty(), listener);
  }

  /**
   * Explains a class of a file.
   *
   * @param label one of {@link #labels}
   * @throws DataException as {@link #explain(ExampleSource, String, TrainingListener)}
   * @throws TransferException also if the model knows no such class
   */
  public Explanation explain(
      ExampleSource source, String name, String label, TrainingListener listener) {
    requireLabel(label);
    return explain(subjects.decode(source, name), Optional.of(label), listener);
  }

  /**
   * As {@link #explain(ExampleSource, String, TrainingListener)}, for an image that was decoded.
   */
  public Explanation explain(PixelImage image, TrainingListener listener) {
    return explain(new ModelInput.Pixels(image), Optional.empty(), listener);
  }

  /** As {@link #explain(ExampleSource, String, String, TrainingListener)}, for a decoded image. */
  public Explanation explain(PixelImage image, String label, TrainingListener listener) {
    requireLabel(label);
    return explain(new ModelInput.Pixels(image), Optional.of(label), listener);
  }

  /** Refuses a class that the model does not know. */
  public void requireLabel(String label) {
    ExplainedLabel.require(label, labels());
  }

  private Explanation explain(
      ModelInput input, Optional<String> wanted, TrainingListener listener) {
    Prediction prediction = predictor.predict(input);
    String label = wanted.orElse(prediction.label());
    Subject subject = subjects.subject(input, part -> predictor.predict(part).probabilityOf(label));
    GradCam.Result result = gradCam.of(subject.prepared(), labels().indexOf(label));
    requireSame(result.logits(), label, predictor.predict(subject.input()).probabilityOf(label));
    ExplainedInput shown = subject.shown();
    Occluding occluding = new Occluding(predictor, subject, label, listener);
    Occlusion occlusion =
        occluding.slide(Occluding.Grid.of(shown.seen(), options.cells(), result.activation()));
    Optional<HeatGrid> map =
        result.activation() instanceof ClassActivation.Found found && found.map().highest() > 0
            ? Optional.of(found.map())
            : Optional.empty();
    return new Explanation(
        prediction,
        label,
        prediction.probabilityOf(label),
        shown,
        result.activation(),
        occlusion,
        map.map(found -> Agreement.of(found, occlusion)),
        DeletionCheck.of(map.orElse(occlusion.drops()), occlusion, occluding),
        predictor.neighbours(subject.input(), NEIGHBOURS));
  }

  /** What is explained must be what the file computes. */
  private void requireSame(FloatTensor logits, String label, double probability) {
    double own = Softmax.of(logits.values())[labels().indexOf(label)];
    if (!(Math.abs(own - probability) <= TOLERANCE)) {
      throw other(
          String.format(
              Locale.ROOT,
              "the probability of \"%s\" is %.4f in ONNX Runtime, but %.4f",
              label,
              probability,
              own));
    }
  }

  @Override
  public void close() {
    gradCam.close();
    predictor.close();
  }
}
