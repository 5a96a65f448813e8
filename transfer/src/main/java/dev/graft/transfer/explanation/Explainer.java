package dev.graft.transfer.explanation;

import dev.graft.data.DataException;
import dev.graft.data.image.ImagePreprocessing;
import dev.graft.data.image.ImagePreprocessor;
import dev.graft.data.image.PixelImage;
import dev.graft.data.image.Region;
import dev.graft.data.image.Resize;
import dev.graft.data.image.Scaling;
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
import dev.graft.transfer.export.ModelAssembler;
import dev.graft.transfer.training.Softmax;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Explains the answers of a trained model; needs nothing but its bundle.
 *
 * <p>Grad-CAM runs the network of model.onnx in the training engine, from the prepared image on;
 * occlusion runs the whole file in ONNX Runtime on the covered image. So the second also checks
 * that the first was laid on the right places. Not thread-safe. Close it to free its weights.
 */
public final class Explainer implements AutoCloseable {
  /** Engine and ONNX Runtime differ by far less on the same network, and by far more on others. */
  private static final int NEIGHBOURS = 3;

  private static final double TOLERANCE = 0.02;

  /** Larger images are shrunk to so many times what the network resizes them to. */
  private static final int MOST_OVERSIZE = 2;

  private final Predictor predictor;
  private final GradCam gradCam;
  private final ImagePreprocessor preprocessor;
  private final ExplanationOptions options;

  private Explainer(
      Predictor predictor,
      GradCam gradCam,
      ImagePreprocessor preprocessor,
      ExplanationOptions options) {
    this.predictor = predictor;
    this.gradCam = gradCam;
    this.preprocessor = preprocessor;
    this.options = options;
  }

  /**
   * Loads a trained model.
   *
   * @throws dev.graft.runtime.BundleException if the folder is no image bundle
   * @throws dev.graft.runtime.RuntimeModelException if ONNX Runtime cannot run its model
   * @throws dev.graft.onnx.OnnxModelException if the model was not written by Graft
   * @throws TransferException if the engine does not repeat what the bundle's golden examples say
   */
  public static Explainer load(Path bundleFolder, ExplanationOptions options) {
    Predictor predictor = Predictor.load(bundleFolder);
    try {
      ImagePreprocessing images = preprocessing(predictor);
      OnnxModel model =
          GraphPreparation.forTraining().apply(OnnxModel.read(predictor.bundle().modelFile()));
      GradCam gradCam =
          GradCam.of(
              ModelAssembler.withoutPreprocessing(model, images),
              1,
              images.channelOrder().channels(),
              images.cropHeight(),
              images.cropWidth());
      Explainer explainer =
          new Explainer(predictor, gradCam, new ImagePreprocessor(images), options);
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

  private static ImagePreprocessing preprocessing(Predictor predictor) {
    Path file = predictor.bundle().folder().resolve(BundleLayout.PREPROCESSOR_CONFIG);
    try {
      return ImagePreprocessing.read(file);
    } catch (DataException damaged) {
      throw new TransferException(
          TransferException.Cause.MODEL,
          "Explaining with "
              + predictor.bundle().folder()
              + ": what its network sees of an image cannot be told. "
              + damaged.getMessage(),
          damaged);
    }
  }

  /** The logits of a golden example, which tell more than probabilities that are close to 1. */
  private void requireGoldenLogits() {
    GoldenExample golden = predictor.bundle().goldenExamples().examples().get(0);
    float[] own =
        gradCam.of(prepared(((ModelInput.Pixels) golden.input()).image()), 0).logits().values();
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
   * Explains the most probable class.
   *
   * @throws DataException if the model takes no image of this shape
   * @throws TransferException if the engine does not repeat what ONNX Runtime says
   */
  public Explanation explain(PixelImage image, TrainingListener listener) {
    Prediction prediction = predictor.predict(image);
    return explain(image, prediction, prediction.label(), listener);
  }

  /**
   * Explains a class.
   *
   * @param label one of {@link #labels}
   * @throws DataException as {@link #explain(PixelImage, TrainingListener)}
   * @throws TransferException also if the model knows no such class
   */
  public Explanation explain(PixelImage image, String label, TrainingListener listener) {
    requireLabel(label);
    return explain(image, predictor.predict(image), label, listener);
  }

  /** Refuses a class that the model does not know. */
  public void requireLabel(String label) {
    if (!labels().contains(label)) {
      throw new TransferException(
          TransferException.Cause.SETTINGS,
          "Explaining the class \""
              + label
              + "\": the model knows no such class; it knows "
              + String.join(", ", labels())
              + ".");
    }
  }

  private Explanation explain(
      PixelImage image, Prediction prediction, String label, TrainingListener listener) {
    GradCam.Result result = gradCam.of(prepared(image), labels().indexOf(label));
    double probability = prediction.probabilityOf(label);
    requireSame(result.logits(), label, probability);
    PixelImage working = working(image);
    CoveredImage covered =
        CoveredImage.of(working, preprocessor.visiblePart(working.width(), working.height()));
    Occluding occluding = new Occluding(predictor, covered, label, options.cells(), listener);
    Occlusion occlusion = occluding.slide(working == image ? probability : occluding.probability());
    Optional<HeatGrid> map =
        result.activation() instanceof ClassActivation.Found found && found.map().highest() > 0
            ? Optional.of(found.map())
            : Optional.empty();
    return new Explanation(
        prediction,
        label,
        probability,
        preprocessor.visiblePart(image.width(), image.height()),
        result.activation(),
        inPixelsOf(image, working, occlusion),
        map.map(found -> Agreement.of(found, occlusion)),
        DeletionCheck.of(map.orElse(occlusion.drops()), occlusion, covered, occluding),
        predictor.neighbours(image, NEIGHBOURS));
  }

  private FloatTensor prepared(PixelImage image) {
    ImagePreprocessing images = preprocessor.preprocessing();
    float[] values = new float[images.valueCount()];
    preprocessor.apply(image, values, 0);
    return new FloatTensor(
        values, 1, images.channelOrder().channels(), images.cropHeight(), images.cropWidth());
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

  /** The image, or a smaller one that covering takes less time on and that looks alike. */
  private PixelImage working(PixelImage image) {
    Resize resize = preprocessor.preprocessing().resize();
    int width = resize instanceof Resize.Exact exact ? exact.width() : side(resize);
    int height = resize instanceof Resize.Exact exact ? exact.height() : side(resize);
    double factor =
        Math.max(
            (double) MOST_OVERSIZE * width / image.width(),
            (double) MOST_OVERSIZE * height / image.height());
    return factor >= 1
        ? image
        : Scaling.to(
            image,
            (int) Math.max(1, Math.round(factor * image.width())),
            (int) Math.max(1, Math.round(factor * image.height())));
  }

  private static int side(Resize resize) {
    return ((Resize.ShorterSide) resize).pixels();
  }

  private static Occlusion inPixelsOf(PixelImage image, PixelImage working, Occlusion occlusion) {
    Region patch = occlusion.patch();
    return new Occlusion(
        occlusion.before(),
        occlusion.drops(),
        new Region(
            0,
            0,
            patch.width() * image.width() / working.width(),
            patch.height() * image.height() / working.height()));
  }

  @Override
  public void close() {
    gradCam.close();
    predictor.close();
  }
}
