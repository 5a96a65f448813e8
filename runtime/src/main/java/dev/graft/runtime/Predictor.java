package dev.graft.runtime;

import dev.graft.data.DataException;
import dev.graft.data.ExampleSource;
import dev.graft.data.image.ImageDecoder;
import dev.graft.data.image.PixelImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Classifies images with a bundle's model.
 *
 * <p>Images are decoded at full size and given to the model as they are: resizing, cropping and
 * normalising happen inside model.onnx, so that any other program that runs the file on decoded
 * pixels gets the same probabilities.
 *
 * <p>Thread-safe. Holds native memory until it is closed.
 */
public final class Predictor implements AutoCloseable {

  /**
   * The longest shape that is classified: the longer side divided by the shorter one. A model that
   * enlarges the shorter side would need memory beyond all bounds for a longer one.
   */
  public static final int MAXIMUM_ASPECT_RATIO = 100;

  private static final int MAXIMUM_BATCH_IMAGES = 16;
  private static final long MAXIMUM_BATCH_PIXELS = 16L << 20;

  private final Bundle bundle;
  private final InferenceSession session;
  private final Optional<TrainingFeatures> known;
  private final String inputName;
  private final boolean batching;
  private final ImageDecoder decoder = new ImageDecoder();

  private Predictor(Bundle bundle, InferenceSession session, Optional<TrainingFeatures> known) {
    this.bundle = bundle;
    this.session = session;
    this.known = known;
    TensorDescription input = session.inputs().get(0);
    this.inputName = input.name();
    this.batching = input.shape().get(0) < 0;
  }

  /**
   * Loads ONNX Runtime now, which otherwise the first predictor does; takes a tenth of a second.
   *
   * @throws RuntimeModelException if ONNX Runtime refuses
   */
  public static void loadLibrary() {
    InferenceSession.loadLibrary();
  }

  /**
   * Loads an image bundle, computing with one thread for each processor.
   *
   * @throws BundleException if the folder is no image bundle or its parts do not belong together
   * @throws RuntimeModelException if the model is damaged or cannot run here
   */
  public static Predictor load(Path bundleFolder) {
    return load(bundleFolder, InferenceOptions.defaults());
  }

  /**
   * Loads an image bundle.
   *
   * @throws BundleException as {@link #load(Path)}
   * @throws RuntimeModelException as {@link #load(Path)}
   */
  public static Predictor load(Path bundleFolder, InferenceOptions options) {
    Bundle bundle = Bundle.read(bundleFolder);
    if (bundle.config().modality() != Modality.IMAGE) {
      throw new BundleException(
          "Cannot classify images with the bundle "
              + bundleFolder
              + ": its model takes "
              + bundle.config().modality().jsonName()
              + "; give a bundle that was trained on images");
    }
    Optional<TrainingFeatures> known = bundle.trainingFeatures();
    InferenceSession session = bundle.openSession(options);
    try {
      known.ifPresent(features -> bundle.requireFeatures(session, features));
      return new Predictor(bundle, session, known);
    } catch (RuntimeException mismatch) {
      session.close();
      throw mismatch;
    }
  }

  /** The bundle that was loaded. */
  public Bundle bundle() {
    return bundle;
  }

  /**
   * Classifies an image file.
   *
   * @throws DataException if the file cannot be read or decoded
   * @throws RuntimeModelException if the model fails
   */
  public Prediction predict(Path image) {
    return predict(new ExampleSource.FileSource(image).read(), image.toString());
  }

  /**
   * Classifies an encoded image.
   *
   * @param name what messages call the image
   * @throws DataException if the bytes cannot be decoded
   * @throws RuntimeModelException if the model fails
   */
  public Prediction predict(byte[] encoded, String name) {
    return predictNamed(decoder.decode(encoded, name), name);
  }

  /**
   * Classifies decoded pixels.
   *
   * @throws DataException if one side is more than {@value #MAXIMUM_ASPECT_RATIO} times the other
   * @throws RuntimeModelException if the model fails
   */
  public Prediction predict(PixelImage image) {
    return predictNamed(image, "an image");
  }

  /**
   * Classifies decoded images; neighbours of equal size are computed together.
   *
   * @return one prediction for each image, in the same order
   * @throws DataException as {@link #predict(PixelImage)}
   * @throws RuntimeModelException if the model fails
   */
  public List<Prediction> predict(List<PixelImage> images) {
    List<Prediction> predictions = new ArrayList<>(images.size());
    int first = 0;
    while (first < images.size()) {
      int end = endOfBatch(images, first);
      predictions.addAll(predictBatch(images.subList(first, end), "image " + first));
      first = end;
    }
    return predictions;
  }

  /**
   * Classifies many inputs lazily and in order, decoding ahead while the model computes; what
   * cannot be read or decoded is reported in its place and ends nothing.
   *
   * <p>Close the stream to end decoding early:
   *
   * <pre>{@code
   * try (Stream<PredictionOutcome> outcomes = predictor.predictAll(inputs)) {
   *   outcomes.forEach(this::show);
   * }
   * }</pre>
   */
  public Stream<PredictionOutcome> predictAll(Iterable<PredictionInput> inputs) {
    PredictionPipeline pipeline = new PredictionPipeline(this, inputs.iterator());
    int character = Spliterator.ORDERED | Spliterator.NONNULL;
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(pipeline, character), false)
        .onClose(pipeline::close);
  }

  /**
   * The training examples whose features are most like those of an image file, the most similar
   * first: of those that the bundle keeps, at most {@link TrainingFeatures#MOST_EXAMPLES}.
   *
   * @param count how many, at least 1
   * @return none where the bundle keeps no features, as those of before do not
   * @throws DataException if the file cannot be read or decoded
   * @throws RuntimeModelException if the model fails
   */
  public List<TrainingNeighbour> neighbours(Path image, int count) {
    String name = image.toString();
    byte[] encoded = new ExampleSource.FileSource(image).read();
    return neighboursOf(decoder.decode(encoded, name), name, count);
  }

  /**
   * As {@link #neighbours(Path, int)}, for decoded pixels.
   *
   * @throws DataException if one side is more than {@value #MAXIMUM_ASPECT_RATIO} times the other
   * @throws RuntimeModelException if the model fails
   */
  public List<TrainingNeighbour> neighbours(PixelImage image, int count) {
    return neighboursOf(image, "an image", count);
  }

  private List<TrainingNeighbour> neighboursOf(PixelImage image, String name, int count) {
    if (count < 1) {
      throw new IllegalArgumentException(
          "Predictor.neighbours(" + count + "): ask for at least 1 example");
    }
    if (known.isEmpty()) {
      return List.of();
    }
    requireUsableShape(image, name);
    Map<String, TensorValue> outputs =
        session.runSelected(
            Map.of(inputName, batch(List.of(image))), List.of(BundleLayout.FEATURES));
    return known.get().nearest(values(outputs, BundleLayout.FEATURES), count);
  }

  /** Waits for running predictions and frees native memory; closing again does nothing. */
  @Override
  public void close() {
    session.close();
  }

  PixelImage decode(PredictionInput input) {
    return decoder.decode(input.content().get(), input.id());
  }

  Prediction predictNamed(PixelImage image, String name) {
    return predictBatch(List.of(image), name).get(0);
  }

  private int endOfBatch(List<PixelImage> images, int first) {
    PixelImage model = images.get(first);
    long pixels = (long) model.width() * model.height();
    long most = batching ? Math.min(MAXIMUM_BATCH_IMAGES, MAXIMUM_BATCH_PIXELS / pixels) : 1;
    int end = first + 1;
    while (end < images.size()
        && end - first < most
        && images.get(end).width() == model.width()
        && images.get(end).height() == model.height()) {
      end++;
    }
    return end;
  }

  private List<Prediction> predictBatch(List<PixelImage> images, String name) {
    requireUsableShape(images.get(0), name);
    List<String> wanted = new ArrayList<>(List.of(BundleLayout.PROBABILITIES));
    known.ifPresent(features -> wanted.add(BundleLayout.FEATURES));
    Map<String, TensorValue> outputs =
        session.runSelected(Map.of(inputName, batch(images)), wanted);
    float[] probabilities =
        checkedProbabilities(outputs.get(BundleLayout.PROBABILITIES), images.size(), name);
    List<String> labels = bundle.config().labels();
    List<Prediction> predictions = new ArrayList<>(images.size());
    for (int i = 0; i < images.size(); i++) {
      predictions.add(
          Prediction.of(labels, probabilities, i * labels.size())
              .with(bundle.config().predictionSets(), distance(outputs, i)));
    }
    return predictions;
  }

  private Optional<TrainingDistance> distance(Map<String, TensorValue> outputs, int image) {
    return known.map(
        features -> {
          float[] all = values(outputs, BundleLayout.FEATURES);
          int start = image * features.width();
          return features.distanceOf(Arrays.copyOfRange(all, start, start + features.width()));
        });
  }

  private static float[] values(Map<String, TensorValue> outputs, String name) {
    // The session gives what was asked for, of the kind that was checked when it was opened.
    return ((TensorValue.FloatValues) Objects.requireNonNull(outputs.get(name))).values();
  }

  /** Images of one size as one tensor. */
  private static TensorValue batch(List<PixelImage> images) {
    PixelImage first = images.get(0);
    byte[] pixels = first.rgb();
    if (images.size() > 1) {
      pixels = new byte[Math.multiplyExact(first.rgb().length, images.size())];
      for (int i = 0; i < images.size(); i++) {
        byte[] rgb = images.get(i).rgb();
        System.arraycopy(rgb, 0, pixels, i * rgb.length, rgb.length);
      }
    }
    return TensorValue.ofBytes(pixels, images.size(), first.height(), first.width(), 3);
  }

  private float[] checkedProbabilities(@Nullable TensorValue output, int imageCount, String name) {
    int width = bundle.config().labels().size();
    if (!(output instanceof TensorValue.FloatValues floats)
        || floats.values().length != (long) imageCount * width) {
      throw new RuntimeModelException(
          "The model "
              + bundle.modelFile()
              + " gave "
              + output
              + " for "
              + name
              + "; expected probabilities ["
              + imageCount
              + ", "
              + width
              + "]; the model does not fit config.json");
    }
    for (float probability : floats.values()) {
      if (!Float.isFinite(probability)) {
        throw new RuntimeModelException(
            "The model "
                + bundle.modelFile()
                + " gave the probability "
                + probability
                + " for "
                + name
                + "; its weights are damaged: train again or restore the file");
      }
    }
    return floats.values();
  }

  private static void requireUsableShape(PixelImage image, String name) {
    long longer = Math.max(image.width(), image.height());
    long shorter = Math.min(image.width(), image.height());
    if (longer > shorter * MAXIMUM_ASPECT_RATIO) {
      throw new DataException(
          "Cannot classify "
              + name
              + ": it has "
              + image.width()
              + " x "
              + image.height()
              + " pixels, and one side may be at most "
              + MAXIMUM_ASPECT_RATIO
              + " times the other; crop it first");
    }
  }
}
