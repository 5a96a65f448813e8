package dev.graft.cli;

import dev.graft.data.Dataset;
import dev.graft.data.image.ImagePreprocessing;
import dev.graft.data.image.Resize;
import dev.graft.data.text.Tokenizer;
import dev.graft.data.text.WordPieces;
import dev.graft.onnx.OnnxModel;
import dev.graft.runtime.BundleLayout;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.BackboneOptions;
import dev.graft.transfer.SoundOptions;
import dev.graft.transfer.SuggestedWindow;
import dev.graft.transfer.TransferException;
import dev.graft.zoo.FreshWeights;
import dev.graft.zoo.architecture.ImageArchitecture;
import dev.graft.zoo.architecture.SoundArchitecture;
import dev.graft.zoo.architecture.SoundTask;
import dev.graft.zoo.architecture.TextArchitecture;
import dev.graft.zoo.architecture.TextTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A network that trains from scratch in seconds. For images: ResNet-18 with a quarter of its
 * channels, at {@value #SIDE} pixels. For recordings: a quarter of the network of speech. For
 * texts: a quarter of the network of texts, with pieces of words that the training texts have.
 */
final class SmallNetwork {
  private static final int SIDE = 64;
  private static final List<Integer> CHANNELS_OF_IMAGES = List.of(16, 32, 64, 128);
  private static final double WIDTH_OF_SOUNDS = 0.25;
  private static final double WIDTH_OF_TEXTS = 0.25;
  private static final int PIECES_OF_WORDS = 4_000;

  /** Its own output layer is taken off. */
  private static final int ANY_CLASSES = 2;

  private SmallNetwork() {}

  /**
   * The network with fresh weights; the same data and seed give the same.
   *
   * @param dataset whose training part it shall learn
   */
  static Backbone withFreshWeights(Dataset dataset, long seed) {
    return switch (dataset.kind()) {
      case IMAGE -> ofImages(seed);
      case AUDIO -> ofSounds(dataset, seed);
      case TEXT -> ofTexts(dataset, seed);
    };
  }

  private static Backbone ofImages(long seed) {
    ImageArchitecture architecture =
        ImageArchitecture.named("resnet-18").withChannels(CHANNELS_OF_IMAGES).forSmallImages();
    ImagePreprocessing preprocessing =
        ImagePreprocessing.preset("imagenet", SIDE, SIDE)
            .withSize(new Resize.ShorterSide(SIDE), SIDE, SIDE);
    Backbone built =
        loaded(
            architecture.build(architecture.task(OptionalInt.of(SIDE), ANY_CLASSES), seed),
            Map.of(BundleLayout.PREPROCESSOR_CONFIG, preprocessing.toJson()),
            BackboneOptions.defaults());
    return built.withWeightsOf(FreshWeights.reinitialize(built.model(), seed));
  }

  private static Backbone ofSounds(Dataset dataset, long seed) {
    double window = SuggestedWindow.of(dataset).orElse(1);
    Backbone built =
        loaded(
            SoundArchitecture.named("speech-resnet")
                .withWidthTimes(WIDTH_OF_SOUNDS)
                .build(SoundTask.ofAnyLength(ANY_CLASSES), seed),
            Map.of(),
            BackboneOptions.defaults().withSound(SoundOptions.DEFAULTS.preferringWindow(window)));
    return built.withWeightsOf(built.model());
  }

  private static Backbone ofTexts(Dataset dataset, long seed) {
    Tokenizer tokenizer = WordPieces.learn(TrainingTexts.of(dataset), PIECES_OF_WORDS);
    Backbone built =
        loaded(
            TextArchitecture.named("text-conv")
                .withWidthTimes(WIDTH_OF_TEXTS)
                .build(new TextTask(tokenizer.vocabularySize(), ANY_CLASSES), seed),
            Map.of(BundleLayout.TOKENIZER, tokenizer.json()),
            BackboneOptions.defaults());
    return built.withWeightsOf(built.model());
  }

  /**
   * A network as it is loaded from its files, which go again.
   *
   * @param beside content of what describes it, by name
   */
  private static Backbone loaded(
      OnnxModel network, Map<String, String> beside, BackboneOptions options) {
    try {
      Path folder = Files.createTempDirectory("graft-small-network-");
      Path model = folder.resolve(BundleLayout.MODEL);
      try {
        network.write(model);
        for (Map.Entry<String, String> file : beside.entrySet()) {
          Files.writeString(folder.resolve(file.getKey()), file.getValue());
        }
        return Backbone.load(model, options);
      } finally {
        for (String name : beside.keySet()) {
          Files.deleteIfExists(folder.resolve(name));
        }
        Files.deleteIfExists(model);
        Files.deleteIfExists(folder);
      }
    } catch (IOException failure) {
      throw new TransferException(
          TransferException.Cause.ENVIRONMENT,
          "Making a small network in the temporary folder failed: "
              + FileProblems.reason(failure)
              + ". Free some space, or leave the training from scratch out with --budget none.",
          failure);
    }
  }
}
