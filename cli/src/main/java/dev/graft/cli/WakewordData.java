package dev.graft.cli;

import dev.graft.data.DataException;
import dev.graft.data.Dataset;
import dev.graft.data.DatasetKind;
import dev.graft.data.DatasetReader;
import dev.graft.data.Example;
import dev.graft.data.ExampleSource;
import dev.graft.data.LeftOut;
import dev.graft.data.Part;
import dev.graft.data.UnlabelledFile;
import dev.graft.data.UnlabelledFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Recordings as the commands of wake words name them: folders and archives of recordings, or a
 * class of a data set.
 *
 * @param phrases recordings of the phrase
 * @param others other recordings
 * @param leftOut what was found and is no recording
 */
record WakewordData(
    List<ExampleSource> phrases, List<ExampleSource> others, List<LeftOut> leftOut) {
  private static final String SEPARATOR = "/";

  /** All recordings of a folder or an archive are the phrase. */
  static WakewordData ofFolder(Path phrase) {
    List<LeftOut> leftOut = new ArrayList<>();
    return new WakewordData(recordings(phrase, leftOut), new ArrayList<>(), leftOut);
  }

  /**
   * One class of a data set is the phrase, the others are other sound.
   *
   * @param part of the data; all examples where it has no such part
   * @throws DataException if there is no such class
   */
  static WakewordData ofClass(Path data, String phrase, Part part) {
    Dataset dataset = DatasetReader.read(data);
    if (dataset.kind() != DatasetKind.AUDIO) {
      throw new DataException(
          "Reading "
              + data
              + ": recordings are expected, but these are "
              + dataset.kind().many()
              + ". Give recordings.");
    }
    List<Example> examples = new ArrayList<>(dataset.part(part));
    if (examples.isEmpty()) {
      dataset.parts().values().forEach(examples::addAll);
    }
    List<ExampleSource> phrases = new ArrayList<>();
    List<ExampleSource> others = new ArrayList<>();
    TreeSet<String> classes = new TreeSet<>();
    for (Example example : examples) {
      classes.add(example.label());
      (example.label().equals(phrase) ? phrases : others).add(example.source());
    }
    if (phrases.isEmpty()) {
      throw new DataException(
          "Reading "
              + data
              + ": a class \""
              + phrase
              + "\" is expected, but there are "
              + classes
              + ". Name one of them with --phrase.");
    }
    return new WakewordData(phrases, others, new ArrayList<>(dataset.leftOut()));
  }

  /** Adds other recordings from a folder, an archive or a file. */
  void addOthers(Path location) {
    others.addAll(recordings(location, leftOut));
  }

  /** Where there is a train part, what lies in the other parts is kept for judging. */
  private static List<ExampleSource> recordings(Path location, List<LeftOut> leftOut) {
    UnlabelledFiles found = UnlabelledFiles.list(DatasetKind.AUDIO, location);
    leftOut.addAll(found.leftOut());
    String shown = location.toString().replace('\\', '/');
    String prefix = shown.endsWith(SEPARATOR) ? shown : shown + SEPARATOR;
    boolean parted =
        found.files().stream().anyMatch(file -> file.id().startsWith(prefix + "train/"));
    List<ExampleSource> sources = new ArrayList<>();
    for (UnlabelledFile file : found.files()) {
      if (!parted || file.id().startsWith(prefix + "train/")) {
        sources.add(file.source());
      }
    }
    return sources;
  }
}
