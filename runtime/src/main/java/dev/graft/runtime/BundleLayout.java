package dev.graft.runtime;

/**
 * The names inside a bundle: its files, the tensors of its model and the keys of the model's
 * metadata.
 */
public final class BundleLayout {

  /** The model: raw input to {@link #LOGITS} and {@link #PROBABILITIES}. */
  public static final String MODEL = "model.onnx";

  /**
   * The model of a wake word along running sound, so that overlapping windows are not computed
   * twice; absent where the backbone cannot be run so. See {@link SoundStreamScorer}.
   */
  public static final String STREAM_MODEL = "stream.onnx";

  /** Labels, modality and origin; see {@link BundleConfig}. */
  public static final String CONFIG = "config.json";

  /** What the model's first nodes do, for readers. */
  public static final String PREPROCESSOR_CONFIG = "preprocessor_config.json";

  /** The tokenizer of a text model. */
  public static final String TOKENIZER = "tokenizer.json";

  /** The model card. */
  public static final String MODEL_CARD = "README.md";

  /** Evidence for people. */
  public static final String REPORT = "report.html";

  /** Evidence for programs. */
  public static final String METRICS = "metrics.json";

  /** What was predicted for each test example, where the data have a test part. */
  public static final String PREDICTIONS = "predictions.csv";

  /** What the data doctor found, for people to decide about and to feed back. */
  public static final String FIXES = "fixes.csv";

  /** Data hash, split, seed, versions, platform and command. */
  public static final String PROVENANCE = "provenance.json";

  /** Features of training examples; absent in bundles of before. See {@link TrainingFeatures}. */
  public static final String TRAINING_FEATURES = "training-features.bin";

  /**
   * SHA-256 of every other file; absent in bundles of before. See {@link
   * dev.graft.runtime.trust.FileList}.
   */
  public static final String FILES = "files.sha256";

  /** The Ed25519 signature of {@link #FILES}, 64 bytes; only where the bundle was signed. */
  public static final String SIGNATURE = "files.sha256.sig";

  /** The folder of golden inputs; see {@link GoldenExamples}. */
  public static final String EXAMPLES = "examples";

  /** The values expected of the golden inputs, inside {@link #EXAMPLES}. */
  public static final String EXPECTED = "expected.json";

  /** The model's input for images: unsigned bytes [N, height, width, 3], red first. */
  public static final String IMAGE_INPUT = "image";

  /** The model's input for recordings: real numbers [N, samples] in [-1, 1], one channel. */
  public static final String WAVEFORM_INPUT = "waveform";

  public static final String TOKENS_INPUT = "input_ids";

  /** The model's output before the softmax: real numbers [N, classes]. */
  public static final String LOGITS = "logits";

  /** The model's output after the softmax: real numbers [N, classes], each row summing to 1. */
  public static final String PROBABILITIES = "probabilities";

  /**
   * The model's output before the head: real numbers [N, features]; absent in bundles of before.
   */
  public static final String FEATURES = "features";

  /** Metadata key of the labels, a JSON array in class order. */
  public static final String METADATA_LABELS = "graft.labels";

  /** Metadata key of the modality, as in {@link Modality#jsonName()}. */
  public static final String METADATA_MODALITY = "graft.modality";

  /** Metadata key of the provenance, a JSON object. */
  public static final String METADATA_PROVENANCE = "graft.provenance";

  /** Input of {@link #STREAM_MODEL}: the vectors of the windows before, [N, vectors - 1, F]. */
  public static final String PAST_VECTORS = "past_vectors";

  /** Output of {@link #STREAM_MODEL}: a vector for each hop, [N, hops, F]. */
  public static final String STREAM_VECTORS = "stream_vectors";

  /** Metadata key of {@link #STREAM_MODEL}: samples beneath one vector. */
  public static final String METADATA_FIRST_SAMPLES = "graft.stream.first_samples";

  /** Metadata key of {@link #STREAM_MODEL}: samples from one vector to the next. */
  public static final String METADATA_HOP_SAMPLES = "graft.stream.hop_samples";

  private BundleLayout() {}
}
