package dev.graft.cli;

import dev.graft.transfer.Backbone;
import dev.graft.transfer.BackboneOptions;
import dev.graft.transfer.TransferException;
import dev.graft.transfer.export.ModelAssembler;
import dev.graft.transfer.pretraining.SourceNetwork;
import dev.graft.transfer.pretraining.TokenVectors;
import dev.graft.transfer.training.ClassifierHead;
import dev.graft.zoo.FreshWeights;
import dev.graft.zoo.architecture.Architecture;
import dev.graft.zoo.architecture.ImageArchitecture;
import dev.graft.zoo.architecture.ImageScale;
import dev.graft.zoo.architecture.SoundArchitecture;
import dev.graft.zoo.architecture.SoundTask;
import dev.graft.zoo.architecture.TextArchitecture;
import dev.graft.zoo.architecture.TextTask;
import dev.graft.zoo.architecture.VisionTransformer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code pretrain} about the network. */
final class ArchitectureChoices {
  private static final int LARGEST_SMALL_IMAGE = 128;
  private static final String USUAL_OF_IMAGES = "resnet-18";
  private static final String USUAL_OF_SOUNDS = "speech-resnet";
  private static final String USUAL_OF_TEXTS = "text-conv";

  @Option(
      names = "--architecture",
      paramLabel = "NAME|FILE",
      description =
          "resnet-18, resnet-34, resnet-50, mobilenet-v3-small, vit-ti, vit-s, or an ONNX file whose"
              + " graph is taken with fresh weights; of sound, speech-resnet; of text, text-conv (default:"
              + " resnet-18, speech-resnet or text-conv).")
  private @Nullable String chosen;

  @Option(
      names = "--widths",
      split = ",",
      paramLabel = "N",
      description =
          "Channels of each stage of a residual network, such as 32,64,128,256; of text-conv, the"
              + " numbers of a token and the filters, such as 192,256.")
  private @Nullable List<Integer> widths;

  @Option(
      names = "--width-times",
      paramLabel = "FACTOR",
      description = "All channels times this, such as 0.5.")
  private @Nullable Double widthTimes;

  @Option(
      names = "--scale",
      paramLabel = "small|photo",
      description =
          "small: the first layers shrink the images less (default: small up to 128 pixels).")
  private @Nullable ImageScale scale;

  private @Nullable Backbone file;

  /** Whether the network is a transformer, which learns hardly anything by SGD. */
  boolean isTransformer() {
    return !isFile() && named() instanceof VisionTransformer;
  }

  /** Whether its images keep one size during training. */
  boolean takesOneSizeOnly() {
    return isTransformer() || fixedSide().isPresent();
  }

  /** The side of the images that an ONNX file is made for; empty where it takes any. */
  OptionalInt fixedSide() {
    if (!isFile()) {
      return OptionalInt.empty();
    }
    long side = loaded().model().graph().inputs().get(0).size(2);
    return side > 0 ? OptionalInt.of(Math.toIntExact(side)) : OptionalInt.empty();
  }

  private String nameOr(String usual) {
    return chosen == null ? usual : chosen;
  }

  private boolean isFile() {
    return nameOr(USUAL_OF_IMAGES).toLowerCase(Locale.ROOT).endsWith(".onnx");
  }

  private Backbone loaded() {
    if (file == null) {
      file =
          Backbone.load(
              Path.of(nameOr(USUAL_OF_IMAGES)),
              BackboneOptions.defaults().withPreprocessing("imagenet"));
    }
    return file;
  }

  private Architecture named() {
    return refusing(() -> Architecture.named(nameOr(USUAL_OF_IMAGES)));
  }

  /**
   * The network of sound.
   *
   * @throws TransferException if there is no such network
   */
  SoundArchitecture ofSounds() {
    if (chosen != null && isFile()) {
      throw refused("a network of sound is named, such as " + USUAL_OF_SOUNDS + ", and no file");
    }
    if (scale != null) {
      throw refused("--scale is for networks of images");
    }
    return refusing(
        () -> {
          SoundArchitecture shaped = SoundArchitecture.named(nameOr(USUAL_OF_SOUNDS));
          shaped = widths == null ? shaped : shaped.withChannels(widths);
          return widthTimes == null ? shaped : shaped.withWidthTimes(widthTimes);
        });
  }

  /**
   * A network of sound that takes windows of any length.
   *
   * @param seed of its weights
   */
  SourceNetwork network(SoundArchitecture sounds, long seed) {
    return new SourceNetwork(
        nameOr(USUAL_OF_SOUNDS),
        sounds.describe() + " (" + sounds.reference() + ").",
        classes -> refusing(() -> sounds.build(SoundTask.ofAnyLength(classes), seed)));
  }

  /**
   * The network of text.
   *
   * @throws TransferException if there is no such network
   */
  TextArchitecture ofTexts() {
    if (chosen != null && isFile()) {
      throw refused("a network of text is named, such as " + USUAL_OF_TEXTS + ", and no file");
    }
    if (scale != null) {
      throw refused("--scale is for networks of images");
    }
    return refusing(
        () -> {
          TextArchitecture shaped = TextArchitecture.named(nameOr(USUAL_OF_TEXTS));
          shaped = widths == null ? shaped : shaped.withChannels(widths);
          return widthTimes == null ? shaped : shaped.withWidthTimes(widthTimes);
        });
  }

  /**
   * A network of text that begins with what the neighbours of its tokens tell.
   *
   * @param seed of its other weights
   */
  SourceNetwork network(TextArchitecture texts, TokenVectors tokens, long seed) {
    int vocabularySize = tokens.rarity().length;
    return new SourceNetwork(
        nameOr(USUAL_OF_TEXTS),
        texts.describe() + " (" + texts.reference() + ").",
        classes ->
            refusing(
                () ->
                    texts.beginningWith(
                        texts.build(new TextTask(vocabularySize, classes), seed),
                        tokens.vectors(),
                        tokens.rarity())));
  }

  /**
   * The network of images.
   *
   * @param side of the largest training images
   * @param seed of its weights
   * @throws TransferException if there is no such network
   */
  SourceNetwork ofImages(int side, long seed) {
    return isFile() ? ofFile(side, seed) : ofName(side, seed);
  }

  private SourceNetwork ofName(int side, long seed) {
    ImageArchitecture network =
        refusing(
            () -> {
              ImageArchitecture shaped = ImageArchitecture.named(nameOr(USUAL_OF_IMAGES));
              shaped = widths == null ? shaped : shaped.withChannels(widths);
              shaped = widthTimes == null ? shaped : shaped.withWidthTimes(widthTimes);
              ImageScale suited = side <= LARGEST_SMALL_IMAGE ? ImageScale.SMALL : ImageScale.PHOTO;
              return shaped.at(scale == null ? suited : scale);
            });
    OptionalInt declared = takesOneSizeOnly() ? OptionalInt.of(side) : OptionalInt.empty();
    return new SourceNetwork(
        nameOr(USUAL_OF_IMAGES),
        network.describe() + " (" + network.reference() + ").",
        classes -> refusing(() -> network.build(network.task(declared, classes), seed)));
  }

  private SourceNetwork ofFile(int side, long seed) {
    if (widths != null || widthTimes != null || scale != null) {
      throw refused("--widths, --width-times and --scale are for named networks, not for a file");
    }
    if (fixedSide().orElse(side) != side) {
      throw refused(
          "the graph of %s takes images of %d pixels, but --size is %d"
              .formatted(nameOr(USUAL_OF_IMAGES), fixedSide().getAsInt(), side));
    }
    Backbone backbone = loaded();
    return new SourceNetwork(
        backbone.id(),
        "The graph of " + backbone.id() + " with fresh weights.",
        classes ->
            FreshWeights.reinitialize(
                ModelAssembler.network(
                    backbone.trunk(),
                    ClassifierHead.create(backbone.featureWidth(), List.of(), classes, seed)),
                seed));
  }

  private static <T> T refusing(Supplier<T> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException refused) {
      throw refused(String.valueOf(refused.getMessage()));
    }
  }

  private static TransferException refused(String reason) {
    return new TransferException(
        TransferException.Cause.SETTINGS, "Choosing the network: " + reason + ".");
  }
}
