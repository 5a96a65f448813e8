package dev.graft.cli;

import dev.graft.data.DataException;
import dev.graft.engine.EngineException;
import dev.graft.onnx.OnnxModelException;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.BackboneFolder;
import dev.graft.transfer.BackboneOptions;
import dev.graft.transfer.PreprocessingUnknownException;
import dev.graft.transfer.TransferException;
import dev.graft.transfer.advice.Candidate;
import dev.graft.zoo.BundledBackbone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Loads the backbones that advice is asked about: the one that comes with Graft, those that are
 * named, and those in a folder. A named one that cannot be used ends the command; one that was only
 * found is named and left out.
 */
final class CandidateBackbones {
  private static final int MOST_IN_FOLDER = 100;

  private final Path cache;
  private final Optional<String> preprocessing;
  private final Progress progress;
  private final HubAccess hub;
  private final List<Candidate> candidates = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();
  private final Set<String> helped = new HashSet<>();

  /**
   * Loads nothing yet.
   *
   * @param cache where the one that comes with Graft is unpacked
   * @param preprocessing for backbones whose files do not tell theirs
   */
  CandidateBackbones(Path cache, Optional<String> preprocessing, Progress progress, HubAccess hub) {
    this.cache = cache;
    this.preprocessing = preprocessing;
    this.progress = progress;
    this.hub = hub;
  }

  /** The one that comes with Graft, where this build holds it. */
  void addBundled() {
    if (BundledBackbone.PHOTO_SMALL.isPresent()) {
      addNamed(NamedBackbone.of(BundledBackbone.PHOTO_SMALL));
    }
  }

  /**
   * One that the user named.
   *
   * @throws RuntimeException as {@link Backbone#load} throws it
   */
  void addNamed(NamedBackbone name) {
    progress.phase("Loading " + Wording.name(name.toString()));
    candidates.add(new Candidate(name.toString(), load(name)));
  }

  /**
   * Those that lie in a folder: ONNX files, and folders with a model.onnx.
   *
   * @throws TransferException if it is no folder that can be listed, or holds too many
   */
  void addFrom(Path folder) {
    for (Path place : backbonesIn(folder)) {
      progress.phase("Loading " + Wording.name(place.toString()));
      try {
        candidates.add(new Candidate(place.toString(), load(new NamedBackbone(place.toString()))));
      } catch (TransferException
          | PreprocessingUnknownException
          | OnnxModelException
          | EngineException
          | DataException unusable) {
        String reason = String.valueOf(unusable.getMessage());
        leftOut.add(reason.contains(place.toString()) ? reason : place + ": " + reason);
      }
    }
  }

  private static List<Path> backbonesIn(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw refused(folder, "there is no such folder");
    }
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> found =
          entries
              .filter(entry -> isModelFile(entry) || BackboneFolder.isAt(entry))
              .sorted()
              .toList();
      if (found.size() > MOST_IN_FOLDER) {
        throw refused(
            folder,
            "it holds "
                + found.size()
                + " backbones, at most "
                + MOST_IN_FOLDER
                + " can be compared");
      }
      return found;
    } catch (IOException failure) {
      throw refused(folder, FileProblems.reason(failure));
    }
  }

  private static boolean isModelFile(Path entry) {
    return Files.isRegularFile(entry)
        && entry.toString().toLowerCase(Locale.ROOT).endsWith(".onnx");
  }

  private static TransferException refused(Path folder, String reason) {
    return new TransferException(
        TransferException.Cause.SETTINGS,
        "Looking for backbones in "
            + folder
            + ": "
            + reason
            + ". Name a folder with ONNX files, or each file with --backbone.");
  }

  /** What was said about the preprocessing is for those whose files do not tell. */
  private Backbone load(NamedBackbone name) {
    Path place = name.locate(cache, hub);
    try {
      return Backbone.load(place, BackboneOptions.defaults());
    } catch (PreprocessingUnknownException unknown) {
      if (preprocessing.isEmpty()) {
        throw unknown;
      }
      helped.add(name.toString());
      return Backbone.load(
          place, BackboneOptions.defaults().withPreprocessing(preprocessing.get()));
    }
  }

  /** What was loaded, in the order of the calls. */
  List<Candidate> candidates() {
    return List.copyOf(candidates);
  }

  /** Files in a folder that are no usable backbones, with the reason. */
  List<String> leftOut() {
    return List.copyOf(leftOut);
  }

  /** Whether a candidate needed to be told its preprocessing. */
  boolean neededPreprocessing(String name) {
    return helped.contains(name);
  }
}
