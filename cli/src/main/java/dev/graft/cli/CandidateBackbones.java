package dev.graft.cli;

import dev.graft.data.DataException;
import dev.graft.data.Dataset;
import dev.graft.engine.EngineException;
import dev.graft.onnx.OnnxModelException;
import dev.graft.transfer.BackboneFolder;
import dev.graft.transfer.PreprocessingUnknownException;
import dev.graft.transfer.TransferException;
import dev.graft.transfer.advice.Candidate;
import dev.graft.zoo.BundledBackbone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Loads the backbones that advice is asked about: the one that comes with Graft, those that are
 * named, and those in a folder. A named one that cannot be used ends the command; one that was only
 * found is named and left out.
 */
final class CandidateBackbones {
  private static final int MOST_IN_FOLDER = 100;

  private final Dataset dataset;
  private final CandidateChoices choices;
  private final Path cache;
  private final Progress progress;
  private final HubAccess hub;
  private final List<Candidate> candidates = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();
  private final Map<String, List<String>> words = new HashMap<>();

  /**
   * Loads nothing yet.
   *
   * @param dataset what they shall take
   * @param choices for those whose files do not tell enough
   * @param cache where the one that comes with Graft is unpacked
   */
  CandidateBackbones(
      Dataset dataset, CandidateChoices choices, Path cache, Progress progress, HubAccess hub) {
    this.dataset = dataset;
    this.choices = choices;
    this.cache = cache;
    this.progress = progress;
    this.hub = hub;
  }

  /** The one that comes with Graft for this kind of data, where this build holds it. */
  void addBundled() {
    BundledBackbone bundled = NamedBackbone.bundledFor(dataset.kind());
    if (bundled.isPresent()) {
      addNamed(NamedBackbone.of(bundled));
    }
  }

  /**
   * One that the user named. Counts of words are no candidate, but what all candidates of texts are
   * compared with.
   *
   * @throws RuntimeException as {@link CandidateChoices#load} throws it
   */
  void addNamed(NamedBackbone name) {
    if (CountsOfWords.isMeant(name)) {
      CountsOfWords.requireTexts(dataset);
      progress.note(name + " needs not be named: all backbones are compared with words alone.");
      return;
    }
    progress.phase("Loading " + Wording.name(name.toString()));
    load(name);
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
        load(new NamedBackbone(place.toString()));
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

  private void load(NamedBackbone name) {
    CandidateChoices.Loaded loaded = choices.load(name.locate(cache, hub), dataset);
    candidates.add(new Candidate(name.toString(), loaded.backbone()));
    words.put(name.toString(), loaded.words());
  }

  /**
   * What was loaded, in the order of the calls.
   *
   * @throws TransferException if nothing was that takes the data
   */
  List<Candidate> candidates() {
    if (candidates.isEmpty()) {
      throw new TransferException(
          TransferException.Cause.DATA,
          "Advising on "
              + dataset.name()
              + ": there is no backbone to start from that takes "
              + dataset.kind().many()
              + ". "
              + (leftOut.isEmpty()
                  ? "Name an ONNX file that does with --backbone FILE."
                  : String.join(" ", leftOut)));
    }
    return List.copyOf(candidates);
  }

  /** Files in a folder that are no usable backbones, with the reason. */
  List<String> leftOut() {
    return List.copyOf(leftOut);
  }

  /** What {@code train} has to be told about a candidate, as it is typed. */
  List<String> words(String name) {
    return words.getOrDefault(name, List.of());
  }
}
