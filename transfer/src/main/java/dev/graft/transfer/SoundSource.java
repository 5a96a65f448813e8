package dev.graft.transfer;

import dev.graft.data.audio.AudioPreprocessing;
import dev.graft.data.image.ImagePreprocessing;
import dev.graft.onnx.InputKind;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.frontend.FrontEnd;
import dev.graft.onnx.frontend.SoundBackbone;
import dev.graft.onnx.frontend.SoundInput;
import dev.graft.onnx.frontend.SoundSequence;
import dev.graft.onnx.frontend.SpectrogramImage;
import dev.graft.onnx.frontend.TimePooling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * A backbone of sound as it is transferred: samples in, and how they are prepared.
 *
 * @param model takes a waveform [N, samples]
 * @param sequence the same along recordings of any length, where that is possible
 */
record SoundSource(
    OnnxModel model, AudioPreprocessing preprocessing, Supplier<Optional<SoundSequence>> sequence) {
  /** Up to this window the order of what was heard is kept. */
  private static final double SHORT_SECONDS = 2;

  /** Windows of an encoder follow each other every 80 ms, or a tenth of longer ones. */
  private static final double HOP_SECONDS = 0.08;

  private static final int USUAL_RATE = 16_000;

  /** The brightest pixel. */
  private static final float WHITE = 255;

  /**
   * A model that takes samples, or spectrograms of a front end that is known or named.
   *
   * @throws TransferException where the rate or the front end is not known
   */
  static SoundSource of(OnnxModel model, Path file, String sha256, BackboneOptions options) {
    SoundOptions said = options.sound();
    return InputKind.detect(model) == InputKind.SPECTROGRAM
        ? joined(model, file, sha256, options)
        : ofSamples(model, file, said);
  }

  /** A backbone of images, before which spectrograms are drawn as its images are prepared. */
  static SoundSource drawn(OnnxModel model, ImagePreprocessing images, BackboneOptions options) {
    int samples = (int) Math.round(options.sound().window() * SpectrogramImage.RATE);
    List<Float> factors = new ArrayList<>();
    List<Float> offsets = new ArrayList<>();
    for (int channel = 0; channel < images.channelOrder().channels(); channel++) {
      float deviation = images.deviation().get(channel);
      factors.add(WHITE * images.scale() / deviation);
      offsets.add(-images.mean().get(channel) / deviation);
    }
    OnnxModel joined =
        new SpectrogramImage(samples, images.cropHeight(), images.cropWidth(), factors, offsets)
            .join(model);
    return new SoundSource(
        joined, new AudioPreprocessing(SpectrogramImage.RATE, samples), Optional::empty);
  }

  private static SoundSource joined(
      OnnxModel encoder, Path file, String sha256, BackboneOptions options) {
    SoundOptions said = options.sound();
    FrontEnd frontEnd =
        said.frontEnd()
            .or(() -> KnownBackbones.frontEnd(sha256))
            .or(() -> DescribedFrontEnd.of(file))
            .map(FrontEnd::named)
            .orElseThrow(() -> unknownFrontEnd(file));
    double seconds = said.window();
    int samples = Math.max(frontEnd.leastSamples(), (int) Math.round(seconds * frontEnd.rate()));
    TimePooling pooling =
        options
            .pooling()
            .map(chosen -> overTime(chosen, file))
            .orElse(
                seconds <= SHORT_SECONDS
                    ? TimePooling.CONCATENATED
                    : TimePooling.MEAN_AND_DEVIATION);
    int hop = Math.max(1, (int) Math.round(HOP_SECONDS * frontEnd.rate() / frontEnd.hop()));
    SoundBackbone backbone = new SoundBackbone(frontEnd, samples, hop, pooling);
    return new SoundSource(
        backbone.join(encoder),
        new AudioPreprocessing(frontEnd.rate(), samples),
        () -> pooling == TimePooling.CONCATENATED ? backbone.sequence(encoder) : Optional.empty());
  }

  private static TimePooling overTime(PoolingChoice chosen, Path file) {
    return switch (chosen) {
      case CONCATENATED -> TimePooling.CONCATENATED;
      case MEAN -> TimePooling.MEAN;
      case MEAN_AND_DEVIATION -> TimePooling.MEAN_AND_DEVIATION;
      case CLASS_TOKEN ->
          throw new TransferException(
              TransferException.Cause.SETTINGS,
              "Pooling what the backbone "
                  + file
                  + " gives by class_token: it takes spectrograms, whose vectors over time are"
                  + " pooled by concatenated, mean or mean_and_deviation. Choose one of those.");
    };
  }

  private static SoundSource ofSamples(OnnxModel model, Path file, SoundOptions said) {
    Optional<SoundInput> noted = SoundInput.of(model);
    long fixed = model.graph().inputs().get(0).size(1);
    OptionalInt usual =
        fixed > 0 ? OptionalInt.of((int) Math.min(fixed, Integer.MAX_VALUE)) : OptionalInt.empty();
    Optional<Path> description = BackboneFolder.description(file);
    if (description.isPresent()) {
      AudioPreprocessing described =
          AudioPreprocessing.read(
              description.get(), usual.isPresent() ? usual : OptionalInt.of(USUAL_RATE));
      return new SoundSource(model, windowed(described, fixed, said, file), Optional::empty);
    }
    int rate =
        noted
            .map(SoundInput::rate)
            .orElseGet(() -> said.sampleRate().orElseThrow(() -> unknownRate(file)));
    int samples = usual.orElse((int) Math.round(said.window() * rate));
    return new SoundSource(
        model, windowed(new AudioPreprocessing(rate, samples), fixed, said, file), Optional::empty);
  }

  /** A length that the graph fixes cannot be chosen. */
  private static AudioPreprocessing windowed(
      AudioPreprocessing described, long fixed, SoundOptions said, Path file) {
    if (fixed > 0) {
      if (said.windowSeconds().isPresent()
          && Math.round(said.windowSeconds().getAsDouble() * described.sampleRate()) != fixed) {
        throw new TransferException(
            TransferException.Cause.SETTINGS,
            "Loading the backbone "
                + file
                + ": a window of "
                + said.windowSeconds().getAsDouble()
                + " s is asked for, but its graph fixes "
                + fixed
                + " samples. Leave the window away.");
      }
      return described.withWindow((int) fixed);
    }
    return described.withWindow((int) Math.round(said.window() * described.sampleRate()));
  }

  private static TransferException unknownFrontEnd(Path file) {
    return new TransferException(
        TransferException.Cause.SETTINGS,
        "Loading the backbone "
            + file
            + ": it takes spectrograms, and how they were made for it is not known. Name its front"
            + " end with --front-end: "
            + String.join(", ", FrontEnd.names())
            + ".");
  }

  private static TransferException unknownRate(Path file) {
    return new TransferException(
        TransferException.Cause.SETTINGS,
        "Loading the backbone "
            + file
            + ": it takes samples of sound, but their rate is not known, since neither its metadata"
            + " nor a preprocessor_config.json beside it tells. Name it with --sample-rate (16000"
            + " for most networks of speech).");
  }
}
