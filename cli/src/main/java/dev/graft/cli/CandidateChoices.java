package dev.graft.cli;

import dev.graft.data.Dataset;
import dev.graft.data.DatasetKind;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.BackboneOptions;
import dev.graft.transfer.PreprocessingUnknownException;
import dev.graft.transfer.SameKind;
import dev.graft.transfer.SoundOptions;
import dev.graft.transfer.SuggestedWindow;
import dev.graft.transfer.TransferException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code advise} about candidates whose files do not tell enough. */
final class CandidateChoices {
  @Option(
      names = "--preprocessing",
      order = 3,
      paramLabel = "NAME|FILE",
      description =
          "How images are prepared for candidates whose files do not tell: imagenet, tf, inception,"
              + " unit, clip, none, or a preprocessor_config.json.")
  private @Nullable String preprocessing;

  @Option(
      names = "--front-end",
      order = 3,
      paramLabel = "NAME",
      description =
          "What makes spectrograms of sound for candidates that take them and whose files do not"
              + " tell: google-speech-embedding/1, open-wake-word/1, ast/1, whisper/1 or log-mel/1.")
  private @Nullable String frontEnd;

  @Option(
      names = "--sample-rate",
      order = 3,
      paramLabel = "HZ",
      description =
          "Samples a second that candidates of sound take whose files do not tell, such as 16000.")
  private @Nullable Integer sampleRate;

  @Option(
      names = "--as-image",
      order = 3,
      description =
          "Let networks of images see spectrograms of the recordings; those of sound are usually"
              + " better.")
  private boolean asImage;

  /**
   * A candidate with the options of {@code train} that it takes.
   *
   * @param words as they are typed
   */
  record Loaded(Backbone backbone, List<String> words) {}

  /**
   * Loads a backbone for some data. What was said about it counts where its files do not tell.
   *
   * @throws TransferException as {@link Backbone#load}, or where it takes data of another kind
   * @throws PreprocessingUnknownException where nothing tells how its images are prepared
   */
  Loaded load(Path place, Dataset dataset) {
    SoundOptions heard = sound(dataset);
    SoundOptions said = saidOf(heard);
    BackboneOptions told = BackboneOptions.defaults().withSound(heard);
    try {
      return fitting(Backbone.load(place, told), dataset, List.of());
    } catch (PreprocessingUnknownException unknown) {
      return fitting(
          Backbone.load(place, told.withPreprocessing(preprocessing(dataset, unknown))),
          dataset,
          List.of("--preprocessing", String.valueOf(preprocessing)));
    } catch (TransferException refused) {
      if (refused.reason() != TransferException.Cause.SETTINGS || wordsOfSound().isEmpty()) {
        throw refused;
      }
      return fitting(Backbone.load(place, told.withSound(said)), dataset, wordsOfSound());
    }
  }

  /** Any will do for a network of images that is refused because the data are none. */
  private String preprocessing(Dataset dataset, PreprocessingUnknownException unknown) {
    if (preprocessing != null) {
      return preprocessing;
    }
    if (dataset.kind() == DatasetKind.IMAGE || asImage) {
      throw unknown;
    }
    return unknown.presets().get(0);
  }

  private SoundOptions sound(Dataset dataset) {
    OptionalDouble window = SuggestedWindow.of(dataset);
    SoundOptions heard =
        window.isPresent()
            ? SoundOptions.DEFAULTS.preferringWindow(window.getAsDouble())
            : SoundOptions.DEFAULTS;
    return asImage ? heard.withPictures() : heard;
  }

  private SoundOptions saidOf(SoundOptions heard) {
    try {
      return new SoundOptions(
          Optional.ofNullable(frontEnd),
          heard.windowSeconds(),
          sampleRate == null ? OptionalInt.empty() : OptionalInt.of(sampleRate),
          heard.usualSeconds(),
          heard.asImage());
    } catch (IllegalArgumentException unknown) {
      throw new TransferException(
          TransferException.Cause.SETTINGS,
          "Checking the settings: " + unknown.getMessage() + ".",
          unknown);
    }
  }

  private List<String> wordsOfSound() {
    List<String> words = new ArrayList<>();
    if (frontEnd != null) {
      words.addAll(List.of("--front-end", frontEnd));
    }
    if (sampleRate != null) {
      words.addAll(List.of("--sample-rate", String.valueOf(sampleRate)));
    }
    return words;
  }

  private static Loaded fitting(Backbone backbone, Dataset dataset, List<String> words) {
    SameKind.require(backbone, dataset);
    List<String> all = new ArrayList<>(words);
    if (backbone.seesSound()) {
      all.add("--as-image");
    }
    return new Loaded(backbone, all);
  }
}
