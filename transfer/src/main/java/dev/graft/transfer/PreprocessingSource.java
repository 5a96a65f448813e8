package dev.graft.transfer;

import dev.graft.data.image.ImagePreprocessing;
import dev.graft.data.image.Resize;
import dev.graft.onnx.OnnxModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where the description of a backbone's preprocessing comes from, in order of trust. */
final class PreprocessingSource {
  private PreprocessingSource() {}

  /** What was said; else the file beside the backbone; else what is known of exactly this file. */
  static ImagePreprocessing find(
      OnnxModel model, Path file, String sha256, BackboneOptions options) {
    Optional<String> preset =
        options.preprocessing().filter(ImagePreprocessing.presetNames()::contains);
    Optional<ImagePreprocessing> described =
        preset.isPresent() ? Optional.empty() : described(file, options);
    ImageInput input = ImageInput.of(model, file, options.inputSize(), described);
    ImagePreprocessing found =
        preset
            .map(name -> ImagePreprocessing.preset(name, input.height(), input.width()))
            .or(() -> described)
            .or(() -> KnownBackbones.preprocessing(sha256, input.height(), input.width()))
            .orElseThrow(() -> unknown(file));
    return fitted(found, input, file);
  }

  /** Whether how large images are was said, by a number or a description. */
  static boolean saysSide(BackboneOptions options) {
    return options.inputSize().isPresent()
        || options
            .preprocessing()
            .filter(said -> !ImagePreprocessing.presetNames().contains(said))
            .isPresent();
  }

  private static Optional<ImagePreprocessing> described(Path file, BackboneOptions options) {
    return options.preprocessing().map(PreprocessingSource::named).or(() -> beside(file));
  }

  private static ImagePreprocessing named(String said) {
    Path path = Path.of(said);
    if (BackboneFolder.isReadableFile(path)) {
      return ImagePreprocessing.read(path);
    }
    throw new TransferException(
        TransferException.Cause.SETTINGS,
        "Choosing the preprocessing: expected one of "
            + ImagePreprocessing.presetNames()
            + " or the path of a preprocessor_config.json, found \""
            + said
            + "\".");
  }

  /** That of transformers, else timm's, which stands in the config.json. */
  private static Optional<ImagePreprocessing> beside(Path file) {
    return BackboneFolder.description(file)
        .map(ImagePreprocessing::read)
        .or(
            () ->
                BackboneFolder.describing(file, "config.json")
                    .filter(PreprocessingSource::isOfTimm)
                    .map(ImagePreprocessing::read));
  }

  private static boolean isOfTimm(Path config) {
    return BackboneFolder.json(config)
        .filter(json -> json.at("/pretrained_cfg/input_size").isArray())
        .isPresent();
  }

  private static PreprocessingUnknownException unknown(Path file) {
    List<String> presets = ImagePreprocessing.presetNames();
    return new PreprocessingUnknownException(
        "Loading the backbone "
            + file
            + ": how its images must be prepared is not known, since no preprocessor_config.json lies"
            + " beside it. Name a preset with --preprocessing (imagenet: most PyTorch models; tf: most"
            + " TensorFlow and Keras models, pixels from -1 to 1; all: "
            + String.join(", ", presets)
            + ") or give the path of a preprocessor_config.json.",
        presets);
  }

  /** Where the description's crop is not the graph's input, the whole image is scaled to fit it. */
  private static ImagePreprocessing fitted(
      ImagePreprocessing described, ImageInput input, Path file) {
    if (described.channelOrder().channels() != input.channels()) {
      throw new TransferException(
          TransferException.Cause.MODEL,
          "Loading the backbone "
              + file
              + ": its graph takes "
              + input.channels()
              + " channels, but the preprocessing describes "
              + described.channelOrder()
              + ". Give a preprocessing that fits.");
    }
    boolean fits =
        described.cropHeight() == input.height() && described.cropWidth() == input.width();
    Resize resize =
        ImagePreprocessing.resizeFor(
            input.height(), input.width(), ImagePreprocessing.DEFAULT_CROP_FRACTION);
    return fits ? described : described.withSize(resize, input.height(), input.width());
  }
}
