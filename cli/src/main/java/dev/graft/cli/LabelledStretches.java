package dev.graft.cli;

import dev.graft.data.DataException;
import dev.graft.data.Dataset;
import dev.graft.data.DatasetReader;
import dev.graft.data.Example;
import dev.graft.data.ExampleSource;
import dev.graft.data.Segment;
import dev.graft.transfer.evidence.StreamScores.Stretch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where a phrase is said in long recordings, as a table of path, label, start and end tells. */
final class LabelledStretches {
  static final LabelledStretches NONE = new LabelledStretches(Map.of());

  private final Map<Path, List<Stretch>> byFile;

  private LabelledStretches(Map<Path, List<Stretch>> byFile) {
    this.byFile = byFile;
  }

  /**
   * Reads a table.
   *
   * @param streams the recordings that it may name
   * @throws DataException if it cannot be read, or names the phrase in none of them
   */
  static LabelledStretches read(Path table, String phrase, List<Path> streams) {
    Dataset dataset = DatasetReader.read(table);
    Map<Path, List<Stretch>> found = new HashMap<>();
    for (List<Example> examples : dataset.parts().values()) {
      for (Example example : examples) {
        if (example.label().equals(phrase)
            && example.source() instanceof ExampleSource.SegmentSource part
            && part.file() instanceof ExampleSource.FileSource file) {
          Segment segment = part.segment().orElseThrow();
          found
              .computeIfAbsent(place(file.file()), path -> new ArrayList<>())
              .add(new Stretch(segment.startSeconds(), segment.endSeconds()));
        }
      }
    }
    found.values().forEach(stretches -> stretches.sort(Comparator.comparing(Stretch::start)));
    LabelledStretches stretches = new LabelledStretches(found);
    if (streams.stream().allMatch(stream -> stretches.in(stream).isEmpty())) {
      throw new DataException(
          "Reading "
              + table
              + ": rows with the label \""
              + phrase
              + "\", start and end are expected for the recordings of --stream, but there are none."
              + " Name their files in the column path, relative to the table.");
    }
    return stretches;
  }

  /** Those of one recording, by their starts. */
  List<Stretch> in(Path stream) {
    return byFile.getOrDefault(place(stream), List.of());
  }

  private static Path place(Path file) {
    return file.toAbsolutePath().normalize();
  }
}
