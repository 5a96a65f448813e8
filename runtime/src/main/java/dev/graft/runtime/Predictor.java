package dev.graft.runtime;

import dev.graft.data.DataException;
import dev.graft.data.ExampleSource;
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
 * Classifies files with a bundle's model.
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

  private final Bundle bundle;
  private final InferenceSession session;
  private final Optional<TrainingFeatures> known;
  private final String inputName;
  private final boolean batching;
  private final InputCodec codec;

  private Predictor(
      Bundle bundle, InputCodec codec, InferenceSession session, Optional<TrainingFeatures> known) {
    this.bundle = bundle;
    this.session = session;
    this.known = known;
    this.codec = codec;
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
   * Loads a bundle, computing with one thread for each processor.
   *
   * @throws BundleException if the folder is no bundle or its parts do not belong together
   * @throws RuntimeModelException if the model is damaged or cannot run here
   */
  public static Predictor load(Path bundleFolder) {
    return load(bundleFolder, InferenceOptions.defaults());
  }

  /**
   * Loads a bundle.
   *
   * @throws BundleException as {@link #load(Path)}
   * @throws RuntimeModelException as {@link #load(Path)}
   */
  public static Predictor load(Path bundleFolder, InferenceOptions options) {
    Bundle bundle = Bundle.read(bundleFolder);
    InputCodec codec = codec(bundle);
    InferenceSession session = null;
    try {
      Optional<TrainingFeatures> known = bundle.trainingFeatures();
      InferenceSession opened = bundle.openSession(options);
      session = opened;
      known.ifPresent(features -> bundle.requireFeatures(opened, features));
      return new Predictor(bundle, codec, opened, known);
    } catch (RuntimeException mismatch) {
      if (session != null) {
        session.close();
      }
      codec.close();
      throw mismatch;
    }
  }

  /** What decodes the files that a bundle's model is for. */
  static InputCodec codec(Bundle bundle) {
    return switch (bundle.config().modality()) {
      case IMAGE -> new PixelCodec();
      case AUDIO -> new WaveformCodec(bundle.audioPreprocessing());
      case TEXT -> new TokenCodec(bundle.textEncoder());
    };
  }

  /** The bundle that was loaded. */
  public Bundle bundle() {
    return bundle;
  }

  /**
   * Classifies a file.
   *
   * @throws DataException if the file cannot be read or decoded
   * @throws RuntimeModelException if the model fails
   */
  public Prediction predict(Path file) {
    return predict(new ExampleSource.FileSource(file).read(), file.toString());
  }

  /**
   * Classifies an encoded file.
   *
   * @param name what messages call it
   * @throws DataException if the bytes cannot be decoded
   * @throws RuntimeModelException if the model fails
   */
  public Prediction predict(byte[] encoded, String name) {
    return predictNamed(codec.decode(encoded, name), name);
  }

  /**
   * Classifies what was decoded already.
   *
   * @throws DataException if it is of another modality than the bundle's, or must not be given to a
   *     model
   * @throws RuntimeModelException if the model fails
   */
  public Prediction predict(ModelInput input) {
    return predictNamed(input, codec.noun());
  }

  /**
   * Classifies decoded pixels.
   *
   * @throws DataException if one side is more than {@value #MAXIMUM_ASPECT_RATIO} times the other
   * @throws RuntimeModelException if the model fails
   */
  public Prediction predict(PixelImage image) {
    return predict(new ModelInput.Pixels(image));
  }

  /**
   * Classifies decoded images; neighbours of equal size are computed together.
   *
   * @return one prediction for each image, in the same order
   * @throws DataException as {@link #predict(PixelImage)}
   * @throws RuntimeModelException if the model fails
   */
  public List<Prediction> predict(List<PixelImage> images) {
    return predictDecoded(images.stream().<ModelInput>map(ModelInput.Pixels::new).toList());
  }

  /**
   * Classifies what was decoded already; neighbours of equal shape are computed together.
   *
   * @return one prediction for each input, in the same order
   * @throws DataException as {@link #predict(ModelInput)}
   * @throws RuntimeModelException if the model fails
   */
  public List<Prediction> predictDecoded(List<ModelInput> inputs) {
    return predictBatch(inputs, codec.noun());
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
   * The training examples whose features are most like those of a file, the most similar first: of
   * those that the bundle keeps, at most {@link TrainingFeatures#MOST_EXAMPLES}.
   *
   * @param count how many, at least 1
   * @return none where the bundle keeps no features, as those of before do not
   * @throws DataException if the file cannot be read or decoded
   * @throws RuntimeModelException if the model fails
   */
  public List<TrainingNeighbour> neighbours(Path file, int count) {
    String name = file.toString();
    byte[] encoded = new ExampleSource.FileSource(file).read();
    return neighboursOf(codec.decode(encoded, name), name, count);
  }

  /**
   * As {@link #neighbours(Path, int)}, for decoded pixels.
   *
   * @throws DataException if one side is more than {@value #MAXIMUM_ASPECT_RATIO} times the other
   * @throws RuntimeModelException if the model fails
   */
  public List<TrainingNeighbour> neighbours(PixelImage image, int count) {
    return neighbours(new ModelInput.Pixels(image), count);
  }

  /** As {@link #neighbours(Path, int)}, for what was decoded already. */
  public List<TrainingNeighbour> neighbours(ModelInput input, int count) {
    return neighboursOf(input, codec.noun(), count);
  }

  private List<TrainingNeighbour> neighboursOf(ModelInput input, String name, int count) {
    if (count < 1) {
      throw new IllegalArgumentException(
          "Predictor.neighbours(" + count + "): ask for at least 1 example");
    }
    if (known.isEmpty()) {
      return List.of();
    }
    requireUsable(input, name);
    List<ModelInput> rows = codec.rows(input);
    RowOutputs outputs = run(rows, name);
    PooledRows pooled = PooledRows.of(outputs.probabilities, 0, rows.size(), classes());
    return known.get().nearest(outputs.features(pooled, known.get()), count);
  }

  /** Waits for running predictions and frees native memory; closing again does nothing. */
  @Override
  public void close() {
    session.close();
    codec.close();
  }

  ModelInput decode(PredictionInput input) {
    return input.decoded(codec);
  }

  Prediction predictNamed(ModelInput input, String name) {
    return predictBatch(List.of(input), name).get(0);
  }

  private void requireUsable(ModelInput input, String name) {
    Modality expected = bundle.config().modality();
    if (input.modality() != expected) {
      throw new DataException(
          "Cannot classify "
              + name
              + ": it is "
              + input.modality().jsonName()
              + ", but the model of "
              + bundle.folder()
              + " takes "
              + expected.jsonName());
    }
    codec.requireUsable(input, name);
  }

  /** What the model says of each row; no features where no training examples are known. */
  private record RowOutputs(float[] probabilities, float[] features) {
    /** The features of an input; of several rows, those of the one that decides. */
    float[] features(PooledRows pooled, TrainingFeatures known) {
      int start = pooled.deciding() * known.width();
      return Arrays.copyOfRange(features, start, start + known.width());
    }
  }

  private int classes() {
    return bundle.config().labels().size();
  }

  private int endOfBatch(List<ModelInput> rows, int first) {
    ModelInput model = rows.get(first);
    int most = batching ? codec.mostInBatch(model) : 1;
    int end = first + 1;
    while (end < rows.size() && end - first < most && codec.alike(model, rows.get(end))) {
      end++;
    }
    return end;
  }

  private List<Prediction> predictBatch(List<ModelInput> inputs, String name) {
    List<ModelInput> rows = new ArrayList<>();
    int[] counts = new int[inputs.size()];
    for (int i = 0; i < counts.length; i++) {
      requireUsable(inputs.get(i), name);
      List<ModelInput> own = codec.rows(inputs.get(i));
      counts[i] = own.size();
      rows.addAll(own);
    }
    RowOutputs outputs = run(rows, name);
    List<Prediction> predictions = new ArrayList<>(counts.length);
    int first = 0;
    for (int count : counts) {
      PooledRows pooled = PooledRows.of(outputs.probabilities, first, count, classes());
      predictions.add(
          Prediction.of(bundle.config().labels(), pooled.probabilities(), 0)
              .with(
                  bundle.config().predictionSets(),
                  known.map(all -> all.distanceOf(outputs.features(pooled, all)))));
      first += count;
    }
    return predictions;
  }

  private RowOutputs run(List<ModelInput> rows, String name) {
    List<String> wanted = new ArrayList<>(List.of(BundleLayout.PROBABILITIES));
    known.ifPresent(features -> wanted.add(BundleLayout.FEATURES));
    float[] probabilities = new float[Math.multiplyExact(rows.size(), classes())];
    int width = known.map(TrainingFeatures::width).orElse(0);
    float[] features = new float[Math.multiplyExact(rows.size(), width)];
    int first = 0;
    while (first < rows.size()) {
      int end = endOfBatch(rows, first);
      Map<String, TensorValue> outputs =
          session.runSelected(Map.of(inputName, codec.tensor(rows.subList(first, end))), wanted);
      float[] found =
          checkedProbabilities(outputs.get(BundleLayout.PROBABILITIES), end - first, name);
      System.arraycopy(found, 0, probabilities, first * classes(), found.length);
      if (known.isPresent()) {
        float[] theirs = values(outputs, BundleLayout.FEATURES);
        System.arraycopy(theirs, 0, features, first * width, theirs.length);
      }
      first = end;
    }
    return new RowOutputs(probabilities, features);
  }

  private static float[] values(Map<String, TensorValue> outputs, String name) {
    // The session gives what was asked for, of the kind that was checked when it was opened.
    return ((TensorValue.FloatValues) Objects.requireNonNull(outputs.get(name))).values();
  }

  private float[] checkedProbabilities(@Nullable TensorValue output, int rows, String name) {
    int width = classes();
    if (!(output instanceof TensorValue.FloatValues floats)
        || floats.values().length != (long) rows * width) {
      throw new RuntimeModelException(
          "The model "
              + bundle.modelFile()
              + " gave "
              + output
              + " for "
              + name
              + "; expected probabilities ["
              + rows
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
}
