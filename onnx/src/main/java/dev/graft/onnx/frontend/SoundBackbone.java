package dev.graft.onnx.frontend;

import dev.graft.onnx.FrontEndNodes;
import dev.graft.onnx.ModelJoin;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxModelException;
import dev.graft.onnx.SlidingEncoder;
import dev.graft.onnx.Trunk;
import dev.graft.onnx.ValueInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Joins a front end, an encoder of spectrograms and a pooling over time into one backbone:
 * "waveform" [N, samples] to "features" [N, F].
 *
 * <p>An encoder that takes any number of frames gets the whole spectrogram. One that takes a fixed
 * number gets windows of it, {@code hopFrames} apart, as many as lie within; the last frames that
 * fill no further window are left out; a convolutional encoder slides over them by itself ({@link
 * SlidingEncoder}), any other gets them as examples [N * windows, ..]. Where there are too few
 * frames for one window, silence is laid behind the samples, or frames behind the spectrogram where
 * the encoder was trained so ({@link FrontEnd#missingFrame()}).
 *
 * <p>The encoder's first output must be a vector [N, F] (or with axes of length 1), a sequence [N,
 * T, F], or maps [N, F, H, W], whose places then count as times. The encoder keeps its names.
 *
 * @param frontEnd what the encoder was trained with
 * @param samples of an example
 * @param hopFrames frames from one window to the next, at least 1; without meaning for an encoder
 *     that takes any number of frames
 * @param pooling of the encoder's vectors over windows and times
 */
public record SoundBackbone(FrontEnd frontEnd, int samples, int hopFrames, TimePooling pooling) {
  /** The output of the joined model. */
  public static final String FEATURES = Trunk.FEATURES;

  /** Frames between two windows of Google's speech embedding: 80 ms. */
  private static final int SPEECH_EMBEDDING_HOP = 8;

  /** Checks the ranges. */
  public SoundBackbone {
    if (samples < frontEnd.leastSamples() || hopFrames < 1) {
      throw new IllegalArgumentException(
          ("a backbone of sound needs examples of at least %d samples and windows at least 1 frame"
                  + " apart, but has %d samples and %d frames")
              .formatted(frontEnd.leastSamples(), samples, hopFrames));
    }
  }

  /**
   * As Google's speech embedding is used: windows every 80 ms.
   *
   * @param frontEnd {@link FrontEnd#SPEECH_EMBEDDING} or {@link FrontEnd#OPEN_WAKE_WORD}
   */
  public static SoundBackbone ofSpeechEmbedding(
      FrontEnd frontEnd, int samples, TimePooling pooling) {
    return new SoundBackbone(frontEnd, samples, SPEECH_EMBEDDING_HOP, pooling);
  }

  /** The number of windows that an encoder of so many frames gets; 1 where it takes any. */
  public int windows(OnnxModel encoder) {
    return new EncoderInput(this, layout(encoder)).count();
  }

  /**
   * The joined model, with {@link SoundInput} in its metadata.
   *
   * @param encoder a model of opset 7 to 28 with one FLOAT input
   * @throws OnnxModelException if its input is no spectrogram of this front end, its output is none
   *     of the above, its batch size is fixed, or there is nothing to pool as demanded
   */
  public OnnxModel join(OnnxModel encoder) {
    OnnxModel free = encoder.upgradeTo(SpectrogramGraph.OPSET).withDynamicBatch();
    // The cut tells the output's shape where the file does not.
    OnnxModel trunk = Trunk.cut(free, free.graph().outputs().get(0).name());
    SpectrogramLayout layout = layout(trunk);
    EncoderInput windows = new EncoderInput(this, layout);
    Optional<OnnxModel> sliding =
        windows.count() == 1
            ? Optional.empty()
            : SlidingEncoder.over(trunk, layout.timeAxis(), windows.span(), hopFrames);
    OnnxModel joined =
        ModelJoin.chain(
            (sliding.isPresent() ? windows.whole() : windows.model()).upgradeTo(trunk.opset()),
            sliding.orElse(trunk),
            Map.of(EncoderInput.WINDOWS, trunk.graph().inputs().get(0).name()),
            ModelJoin.Keeps.SECOND,
            FrontEndNodes.PREFIX);
    int parts = sliding.isPresent() ? 1 : windows.count();
    OnnxModel pooled = new EncoderOutput(joined, parts, pooling).pooled();
    return new SoundInput(frontEnd.name(), frontEnd.rate(), OptionalInt.of(samples)).noteIn(pooled);
  }

  /**
   * The encoder along a recording of any length, one vector for each of its windows, {@code
   * hopFrames} apart; so many successive ones as there are {@link #windows} are what {@link #join}
   * concatenates for the samples beneath them.
   *
   * @param encoder a model of opset 7 to 28 with one FLOAT input
   * @return empty where an example is a single window, the encoder does not slide by itself, or the
   *     front end looks beyond the samples of a frame
   */
  public Optional<SoundSequence> sequence(OnnxModel encoder) {
    OnnxModel free = encoder.upgradeTo(SpectrogramGraph.OPSET).withDynamicBatch();
    OnnxModel trunk = Trunk.cut(free, free.graph().outputs().get(0).name());
    SpectrogramLayout layout = layout(trunk);
    EncoderInput windows = new EncoderInput(this, layout);
    if (!frontEnd.isLocal() || layout.frames() == 0 || windows.count() < 2) {
      return Optional.empty();
    }
    return SlidingEncoder.overAny(trunk, layout.timeAxis(), hopFrames)
        .map(sliding -> sequence(windows, layout, trunk, sliding));
  }

  private SoundSequence sequence(
      EncoderInput windows, SpectrogramLayout layout, OnnxModel trunk, OnnxModel sliding) {
    OnnxModel along =
        ModelJoin.chain(
            windows.open().upgradeTo(trunk.opset()),
            sliding,
            Map.of(EncoderInput.WINDOWS, trunk.graph().inputs().get(0).name()),
            ModelJoin.Keeps.SECOND,
            FrontEndNodes.PREFIX);
    ValueInfo vector = trunk.graph().outputs().get(0);
    long width = 1;
    for (int axis = 1; axis < vector.rank(); axis++) {
      width *= vector.size(axis);
    }
    return new SoundSequence(
        SoundSequence.declared(along, width),
        hopFrames * frontEnd.hop(),
        frontEnd.samplesFor(layout.frames()),
        windows.count());
  }

  private SpectrogramLayout layout(OnnxModel encoder) {
    List<ValueInfo> inputs = encoder.graph().inputs();
    if (inputs.size() != 1) {
      throw new OnnxModelException(
          "%s: takes %s; expected one spectrogram. Choose an encoder with one input."
              .formatted(encoder.source(), inputs.stream().map(ValueInfo::describe).toList()));
    }
    return SpectrogramLayout.of(inputs.get(0), frontEnd, encoder.source());
  }
}
