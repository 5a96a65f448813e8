package dev.graft.transfer;

import dev.graft.onnx.Head;
import dev.graft.onnx.NoHead;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.PooledMaps;
import dev.graft.onnx.Pooling;
import java.nio.file.Path;
import java.util.Optional;

/** Where and how a new head reads a network whose pooling was chosen. */
final class ChosenPooling {
  private ChosenPooling() {}

  /**
   * The head that was found, or what it averages, pooled in the chosen way.
   *
   * @throws TransferException where the network cannot be pooled so
   */
  static Head of(OnnxModel model, Head found, Optional<PoolingChoice> chosen, Path file) {
    if (chosen.isEmpty()) {
      return found;
    }
    if (chosen.get() == PoolingChoice.CONCATENATED) {
      throw impossible(chosen.get(), "only the times of spectrograms can be so", file);
    }
    if (chosen.get() == PoolingChoice.CLASS_TOKEN && found.pooling() != Pooling.MEAN) {
      throw impossible(
          chosen.get(), "its features, " + found.featureTensor() + ", are no rows of tokens", file);
    }
    String maps =
        PooledMaps.before(model, found)
            .orElseThrow(
                () ->
                    impossible(
                        chosen.get(),
                        "its features, "
                            + found.featureTensor()
                            + ", are no mean over places or times",
                        file));
    return switch (chosen.get()) {
      case MEAN, CONCATENATED -> found;
      case MEAN_AND_DEVIATION ->
          new NoHead(maps, Pooling.MEAN_AND_DEVIATION, "pooled by mean and deviation");
      case CLASS_TOKEN -> new NoHead(maps, Pooling.CLASS_TOKEN, "its first token is read");
    };
  }

  private static TransferException impossible(PoolingChoice chosen, String reason, Path file) {
    return new TransferException(
        TransferException.Cause.MODEL,
        "Pooling what the backbone "
            + file
            + " gives by "
            + chosen.name().toLowerCase(java.util.Locale.ROOT)
            + ": "
            + reason
            + ". Choose another pooling, or name a tensor with places by --feature-tensor.");
  }
}
