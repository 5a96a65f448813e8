package dev.graft.transfer;

import dev.graft.data.Preprocessing;
import dev.graft.data.image.ImagePreprocessing;
import dev.graft.onnx.InputKind;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.TextTensors;
import dev.graft.onnx.frontend.SoundSequence;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A model by the kind of its input, and what tells how examples are prepared for it.
 *
 * @param sequence the same along sound, where that is possible
 * @param pooling of tokens that its folder describes
 * @param drawn whether spectrograms are drawn before it
 * @param pooled whether its output is pooled as was asked for
 */
record UnderstoodInput(
    OnnxModel model,
    Supplier<Preprocessing> preprocessing,
    Supplier<Optional<SoundSequence>> sequence,
    Optional<PoolingChoice> pooling,
    boolean drawn,
    boolean pooled) {

  /**
   * Finds out what a model takes.
   *
   * @param prepared a model as training runs it
   * @param file where it lies, and what describes it beside
   * @throws TransferException if it takes neither images, sound nor text
   */
  static UnderstoodInput of(OnnxModel prepared, Path file, String sha256, BackboneOptions options) {
    if (TextTensors.isText(prepared.graph())) {
      // That of a backbone that was loaded, with other weights: its texts are prepared the same.
      Supplier<Preprocessing> ofTheOther =
          () -> {
            throw unusable(file, InputKind.TOKENS);
          };
      return new UnderstoodInput(
          prepared, ofTheOther, Optional::empty, Optional.empty(), false, false);
    }
    InputKind kind = InputKind.detect(prepared);
    return switch (kind) {
      case IMAGE -> {
        Supplier<ImagePreprocessing> images =
            () -> PreprocessingSource.find(prepared, file, sha256, options);
        if (!options.sound().asImage()) {
          yield new UnderstoodInput(
              prepared, images::get, Optional::empty, Optional.empty(), false, false);
        }
        SoundSource sound = SoundSource.drawn(prepared, images.get(), options);
        yield new UnderstoodInput(
            sound.model(), sound::preprocessing, sound.sequence(), Optional.empty(), true, false);
      }
      case WAVEFORM, SPECTROGRAM -> {
        SoundSource sound = SoundSource.of(prepared, file, sha256, options);
        yield new UnderstoodInput(
            sound.model(),
            sound::preprocessing,
            sound.sequence(),
            Optional.empty(),
            false,
            kind == InputKind.SPECTROGRAM);
      }
      case TOKENS -> {
        TextSource text = TextSource.of(prepared, file, options);
        yield new UnderstoodInput(
            text.model(), text::encoder, Optional::empty, text.pooling(), false, false);
      }
      case OTHER -> throw unusable(file, kind);
    };
  }

  private static TransferException unusable(Path file, InputKind found) {
    return new TransferException(
        TransferException.Cause.MODEL,
        "Loading the backbone "
            + file
            + ": a model that takes images is expected (one float input [N,3,H,W] or [N,H,W,3]), one"
            + " that takes sound ([N,samples], or spectrograms), or one that takes tokens of text, but"
            + " this one takes "
            + found.name().toLowerCase(Locale.ROOT)
            + ". Choose a backbone of the same kind as the data.");
  }
}
