package dev.graft.onnx.frontend;

import dev.graft.onnx.Dimension;
import dev.graft.onnx.FrontEndNodes;
import dev.graft.onnx.ModelJoin;
import dev.graft.onnx.OnnxModel;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What turns samples into the spectrogram that an encoder was trained on: "waveform" [N, samples]
 * of floats in [-1, 1] to "log_mel" [N, frames, bands].
 *
 * <p>Front ends differ in windows, filters and logarithms, and an encoder hears only its own; so
 * each has a name and a version, and none ever changes. All are built of plain operators of opset
 * 18: a convolution with Fourier kernels, energies of the bins, a product with the filters and a
 * logarithm. Their nodes are {@linkplain dev.graft.onnx.FrontEndNodes marked}. Immutable and
 * thread-safe.
 */
public final class FrontEnd {
  /** The input of a front end's graph. */
  public static final String WAVEFORM = "waveform";

  /** The output of a front end's graph. */
  public static final String LOG_MEL = "log_mel";

  private static final int SPEECH_RATE = 16_000;

  /**
   * {@code google-speech-embedding/1}: of Google's speech_embedding/1. 16 kHz; Hann (periodic) 400,
   * hop 160, transform 512, frames within the samples; magnitudes; 32 bands from 60 to 3,800 Hz of
   * TensorFlow's linear_to_mel_weight_matrix; ln(m + 0.001).
   */
  public static final FrontEnd SPEECH_EMBEDDING =
      new FrontEnd(
          "google-speech-embedding/1",
          "Lin et al. 2020, \"Training Keyword Spotters with Limited and Synthesized Speech Data\","
              + " https://arxiv.org/abs/2002.01322",
          new Spectrogram(
              SPEECH_RATE,
              Frames.within(400, 160, 512),
              Spectrogram.Window.HANN_PERIODIC,
              Conditioning.NONE,
              1,
              Spectrogram.Energy.MAGNITUDE,
              new MelBank(
                  32, 60, 3_800, MelScale.HTK, MelBank.Sides.STRAIGHT_IN_MEL, MelBank.Height.ONE),
              Compression.lnOfSum(0.001)),
          OptionalDouble.empty());

  /**
   * {@code open-wake-word/1}: of openWakeWord, for the same encoder. 16 kHz; samples of 16 bits,
   * here 32,768 times the waveform; Hann (periodic) 400 in the middle of a transform of 512, hop
   * 160; powers; 32 bands from 60 to 3,800 Hz of librosa; decibels, those more than 80 below the
   * example's largest raised to there; then x / 10 + 2.
   */
  public static final FrontEnd OPEN_WAKE_WORD =
      new FrontEnd(
          "open-wake-word/1",
          "openWakeWord's melspectrogram.onnx and the transform behind it in its utils.py,"
              + " https://github.com/dscripka/openWakeWord",
          new Spectrogram(
              SPEECH_RATE,
              new Frames(400, 160, 512, 56, 0),
              Spectrogram.Window.HANN_PERIODIC,
              Conditioning.NONE,
              32_768,
              Spectrogram.Energy.POWER,
              new MelBank(
                  32,
                  60,
                  3_800,
                  MelScale.SLANEY,
                  MelBank.Sides.STRAIGHT_IN_HERTZ,
                  MelBank.Height.EQUAL_AREA),
              Compression.eightDecades(2, 1)),
          OptionalDouble.empty());

  /**
   * {@code ast/1}: of the Audio Spectrogram Transformer. 16 kHz; Kaldi's filter bank energies of
   * frames of 400 every 160: mean removed, pre-emphasis 0.97, Hann (symmetric), transform 512,
   * powers, 128 bands from 20 to 8,000 Hz, ln max(m, 2^-23); then (x + 4.2677393) / (2 *
   * 4.5689974). What is missing of an encoder's 1,024 frames is x = 0.
   */
  public static final FrontEnd AST =
      new FrontEnd(
          "ast/1",
          "Gong et al. 2021, \"AST: Audio Spectrogram Transformer\","
              + " https://arxiv.org/abs/2104.01778; ASTFeatureExtractor of transformers",
          new Spectrogram(
              SPEECH_RATE,
              Frames.within(400, 160, 512),
              Spectrogram.Window.HANN_SYMMETRIC,
              Conditioning.MEAN_REMOVED_AND_PRE_EMPHASISED,
              1,
              Spectrogram.Energy.POWER,
              new MelBank(
                  128, 20, 8_000, MelScale.HTK, MelBank.Sides.STRAIGHT_IN_MEL, MelBank.Height.ONE),
              Compression.lnOfLargest(0x1p-23, 1 / (2 * 4.5689974), 4.2677393 / (2 * 4.5689974))),
          OptionalDouble.of(4.2677393 / (2 * 4.5689974)));

  /**
   * {@code whisper/1}: of Whisper. 16 kHz; Hann (periodic) 400 around every 160th sample, the ends
   * mirrored, the last frame left out; powers; 80 bands up to 8 kHz of librosa; log10 max(m,
   * 1e-10), raised to 8 below the example's largest; then (x + 4) / 4.
   */
  public static final FrontEnd WHISPER =
      new FrontEnd(
          "whisper/1",
          "Radford et al. 2022, \"Robust Speech Recognition via Large-Scale Weak Supervision\","
              + " https://arxiv.org/abs/2212.04356",
          new Spectrogram(
              SPEECH_RATE,
              Frames.centred(400, 160),
              Spectrogram.Window.HANN_PERIODIC,
              Conditioning.NONE,
              1,
              Spectrogram.Energy.POWER,
              new MelBank(
                  80,
                  0,
                  8_000,
                  MelScale.SLANEY,
                  MelBank.Sides.STRAIGHT_IN_HERTZ,
                  MelBank.Height.EQUAL_AREA),
              Compression.eightDecades(4, 4)),
          OptionalDouble.empty());

  /** {@code log-mel/1} with {@link LogMel#SPEECH}. */
  public static final FrontEnd LOG_MEL_OF_SPEECH = logMel(LogMel.SPEECH);

  private static final List<FrontEnd> PUBLISHED =
      List.of(SPEECH_EMBEDDING, OPEN_WAKE_WORD, AST, WHISPER, LOG_MEL_OF_SPEECH);

  private final String name;
  private final String reference;
  private final Spectrogram spectrogram;
  private final OptionalDouble missingFrame;

  private FrontEnd(
      String name, String reference, Spectrogram spectrogram, OptionalDouble missingFrame) {
    this.name = name;
    this.reference = reference;
    this.spectrogram = spectrogram;
    this.missingFrame = missingFrame;
  }

  /** {@code log-mel/1}: a plain log-mel spectrogram with these parameters. */
  public static FrontEnd logMel(LogMel parameters) {
    return new FrontEnd(
        "log-mel/1",
        "Davis and Mermelstein 1980, \"Comparison of Parametric Representations for Monosyllabic"
            + " Word Recognition in Continuously Spoken Sentences\"",
        new Spectrogram(
            parameters.rate(),
            parameters.frames(),
            Spectrogram.Window.HANN_PERIODIC,
            Conditioning.NONE,
            1,
            Spectrogram.Energy.POWER,
            parameters.bank(),
            Compression.lnOfSum(1e-6)),
        OptionalDouble.empty());
  }

  /**
   * The front end of a name such as {@code ast/1}; {@code log-mel/1} is that of speech.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  public static FrontEnd named(String name) {
    return PUBLISHED.stream()
        .filter(frontEnd -> frontEnd.name.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no front end %s: choose one of %s"
                        .formatted(name, String.join(", ", names()))));
  }

  /** The names. */
  public static List<String> names() {
    return PUBLISHED.stream().map(FrontEnd::name).toList();
  }

  /** Name and version, such as {@code ast/1}. */
  public String name() {
    return name;
  }

  /** Authors, year, title and address of what it was published with. */
  public String reference() {
    return reference;
  }

  /** Samples in a second. */
  public int rate() {
    return spectrogram.rate();
  }

  /** Width of a frame of the spectrogram. */
  public int bands() {
    return spectrogram.bank().bands();
  }

  /** Samples from one frame to the next. */
  public int hop() {
    return spectrogram.frames().hop();
  }

  /** Number of frames that so many samples give; 0 or less where they are too few. */
  public int frames(int samples) {
    return spectrogram.frames().count(samples);
  }

  /** The least number of samples that give so many frames. */
  public int samplesFor(int frames) {
    return spectrogram.frames().samplesFor(frames);
  }

  /** The least number of samples of an example. */
  public int leastSamples() {
    return spectrogram.frames().leastSamples();
  }

  /**
   * What stands in the spectrogram for frames that an example is too short for; empty where silence
   * is laid behind the samples instead.
   */
  public OptionalDouble missingFrame() {
    return missingFrame;
  }

  /**
   * The front end as a graph.
   *
   * @param samples of an example; empty where they are open
   * @throws IllegalArgumentException if they are too few for one frame
   */
  public OnnxModel model(OptionalInt samples) {
    if (samples.isPresent() && samples.getAsInt() < leastSamples()) {
      throw new IllegalArgumentException(
          "the front end %s needs at least %d samples but is given %d"
              .formatted(name, leastSamples(), samples.getAsInt()));
    }
    OnnxModel graph =
        new SpectrogramGraph(spectrogram, samples, 0)
            .endingIn(
                LOG_MEL,
                Dimension.named("N"),
                samples.isPresent()
                    ? Dimension.of(frames(samples.getAsInt()))
                    : Dimension.named("frames"),
                Dimension.of(bands()));
    return new SoundInput(name, rate(), samples).noteIn(graph);
  }

  /**
   * An encoder behind this front end: its one input [N, T, bands] becomes a waveform. The encoder
   * keeps its names.
   *
   * @param samples of an example; empty where they are open
   * @throws IllegalArgumentException if they are too few for one frame
   */
  public OnnxModel feeding(OnnxModel encoder, OptionalInt samples) {
    OnnxModel joined =
        ModelJoin.chain(
            model(samples).upgradeTo(encoder.opset()),
            encoder,
            Map.of(LOG_MEL, encoder.graph().inputs().get(0).name()),
            ModelJoin.Keeps.SECOND,
            FrontEndNodes.PREFIX);
    return new SoundInput(name, rate(), samples).noteIn(joined);
  }

  /** The start of a graph on examples of one length, with silence behind them. */
  SpectrogramGraph begun(int samples, int silence) {
    return new SpectrogramGraph(spectrogram, OptionalInt.of(samples), silence);
  }

  /** The start of a graph on examples of any length. */
  SpectrogramGraph begunOpen() {
    return new SpectrogramGraph(spectrogram, OptionalInt.empty(), 0);
  }

  /** Whether a frame depends on the samples beneath it alone, wherever an example begins. */
  boolean isLocal() {
    return spectrogram.frames().reflected() == 0 && spectrogram.compression().range().isEmpty();
  }

  /**
   * The front end to take in this one's place for running sound, where an encoder has two: one that
   * looks at the largest value of an example gives other values for each excerpt.
   */
  public Optional<FrontEnd> forRunningSound() {
    return equals(OPEN_WAKE_WORD) ? Optional.of(SPEECH_EMBEDDING) : Optional.empty();
  }

  /** Name, rate, frames and bands in words. */
  public String describe() {
    Frames frames = spectrogram.frames();
    return String.format(
        Locale.ROOT,
        "%s: %d Hz, frames of %d samples every %d, %d bands from %.0f to %.0f Hz",
        name,
        rate(),
        frames.length(),
        frames.hop(),
        bands(),
        spectrogram.bank().lowest(),
        spectrogram.bank().highest());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FrontEnd frontEnd
        && name.equals(frontEnd.name)
        && spectrogram.equals(frontEnd.spectrogram);
  }

  @Override
  public int hashCode() {
    return spectrogram.hashCode();
  }

  @Override
  public String toString() {
    return describe();
  }
}
