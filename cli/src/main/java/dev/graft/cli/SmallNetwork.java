package dev.graft.cli;

import dev.graft.data.image.ImagePreprocessing;
import dev.graft.data.image.Resize;
import dev.graft.runtime.BundleLayout;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.BackboneOptions;
import dev.graft.transfer.TransferException;
import dev.graft.zoo.FreshWeights;
import dev.graft.zoo.architecture.ImageArchitecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * A network that trains from scratch in seconds: ResNet-18 with a quarter of its channels, for
 * images of {@value #SIDE} pixels.
 */
final class SmallNetwork {
  private static final int SIDE = 64;
  private static final List<Integer> CHANNELS = List.of(16, 32, 64, 128);

  /** Its own output layer is taken off. */
  private static final int ANY_CLASSES = 2;

  private SmallNetwork() {}

  /** The network with fresh weights; the same seed gives the same. */
  static Backbone withFreshWeights(long seed) {
    ImageArchitecture architecture =
        ImageArchitecture.named("resnet-18").withChannels(CHANNELS).forSmallImages();
    ImagePreprocessing preprocessing =
        ImagePreprocessing.preset("imagenet", SIDE, SIDE)
            .withSize(new Resize.ShorterSide(SIDE), SIDE, SIDE);
    try {
      Path folder = Files.createTempDirectory("graft-small-network-");
      Path model = folder.resolve(BundleLayout.MODEL);
      Path description = folder.resolve(BundleLayout.PREPROCESSOR_CONFIG);
      try {
        architecture.build(architecture.task(OptionalInt.of(SIDE), ANY_CLASSES), seed).write(model);
        Files.writeString(description, preprocessing.toJson());
        Backbone built = Backbone.load(model, BackboneOptions.defaults());
        return built.withWeightsOf(FreshWeights.reinitialize(built.model(), seed));
      } finally {
        Files.deleteIfExists(model);
        Files.deleteIfExists(description);
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
