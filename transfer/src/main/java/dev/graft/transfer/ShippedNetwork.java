package dev.graft.transfer;

import dev.graft.data.DataException;
import dev.graft.data.image.ImagePreprocessing;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxModelException;
import dev.graft.runtime.BundleLayout;
import dev.graft.runtime.Modality;
import dev.graft.transfer.export.ModelAssembler;
import java.nio.file.Path;
import java.util.Map;

/**
 * The network inside a model that training wrote, so that one model can be the backbone of the
 * next: what prepares images lies in the file and is taken off, as are probabilities and features.
 * Stateless.
 */
final class ShippedNetwork {
  private ShippedNetwork() {}

  /** Whether training wrote a file, by what lies beside it. */
  static boolean isAt(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    return folder != null && file.endsWith(BundleLayout.MODEL) && BackboneFolder.isTrained(folder);
  }

  /**
   * The network: prepared images, samples or numbers of tokens in, logits out.
   *
   * @throws TransferException if the files of the model do not fit each other
   */
  static OnnxModel of(OnnxModel shipped, Path file) {
    try {
      Map<String, String> metadata = shipped.metadata();
      String modality = metadata.getOrDefault(BundleLayout.METADATA_MODALITY, "");
      return modality.equals(Modality.IMAGE.jsonName())
          ? ModelAssembler.withoutPreprocessing(
              shipped,
              ImagePreprocessing.read(file.resolveSibling(BundleLayout.PREPROCESSOR_CONFIG)))
          : ModelAssembler.logitsOf(shipped);
    } catch (OnnxModelException | DataException damaged) {
      throw new TransferException(
          TransferException.Cause.MODEL,
          "Loading the backbone "
              + file
              + ": a model as training wrote it is expected, with all its files. "
              + damaged.getMessage(),
          damaged);
    }
  }
}
