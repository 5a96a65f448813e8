package dev.graft.data;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Collects what a layout finds, and settles at the end which kind of data it is. */
final class LabelledFiles {

  private record Found(
      Part part, String label, FileTree.Entry file, Optional<Segment> segment, DatasetKind kind) {}

  private final List<Found> found = new ArrayList<>();
  private final Set<String> trainingClasses = new TreeSet<>();
  private final List<LeftOut> leftOut;

  private final Charset charset;

  /**
   * Begins with what was left out before.
   *
   * @param charset the encoding of texts
   */
  LabelledFiles(List<LeftOut> leftOut, Charset charset) {
    this.leftOut = new ArrayList<>(leftOut);
    this.charset = charset;
  }

  void leaveOut(String path, String reason) {
    leftOut.add(new LeftOut(path, reason));
  }

  /** Notes that a class is meant to exist, whether or not a usable example turns up. */
  void expectClass(Part part, String label) {
    if (part == Part.TRAIN) {
      trainingClasses.add(label);
    }
  }

  void add(Part part, String label, FileTree.Entry file) {
    add(part, label, file, Optional.empty());
  }

  void add(Part part, String label, FileTree.Entry file, Optional<Segment> segment) {
    if (file.size() == 0) {
      leaveOut(file.path(), "the file is empty (0 bytes)");
      return;
    }
    if (file.size() > ExampleSource.MAXIMUM_BYTES) {
      leaveOut(
          file.path(), "it has " + file.size() + " bytes, the limit for one example is 256 MiB");
      return;
    }
    FileKinds.of(file)
        .ifPresentOrElse(
            kind -> found.add(new Found(part, label, file, segment, kind)),
            () ->
                leaveOut(
                    file.path(),
                    "neither its name nor its content is that of an image, a recording or a text"));
  }

  Dataset toDataset(String name) {
    if (found.isEmpty()) {
      throw new DataException(noExamples(name));
    }
    DatasetKind kind = mostFrequentKind();
    Map<Part, List<Example>> parts = new EnumMap<>(Part.class);
    Map<String, ExampleSource.SegmentSource> segmented = new HashMap<>();
    for (Found one : found) {
      String path = one.file().path();
      if (one.kind() == kind) {
        parts.computeIfAbsent(one.part(), part -> new ArrayList<>()).add(example(one, segmented));
      } else {
        leaveOut(
            path, "its kind is " + one.kind().word() + ", that of the data set is " + kind.word());
      }
    }
    Set<String> empty = new TreeSet<>(trainingClasses);
    parts.getOrDefault(Part.TRAIN, List.of()).forEach(example -> empty.remove(example.label()));
    leftOut.sort(Comparator.comparing(LeftOut::path));
    return new Dataset(name, kind, parts, empty, leftOut);
  }

  private Example example(Found one, Map<String, ExampleSource.SegmentSource> segmentsByPath) {
    String path = one.file().path();
    if (one.segment().isEmpty()) {
      ExampleSource source = one.file().source();
      boolean transcoded =
          one.kind() == DatasetKind.TEXT && !charset.equals(StandardCharsets.UTF_8);
      return new Example(
          path,
          one.label(),
          transcoded ? new ExampleSource.TranscodedSource(source, charset) : source);
    }
    Segment segment = one.segment().get();
    ExampleSource.SegmentSource source =
        segmentsByPath
            .computeIfAbsent(
                path, p -> ExampleSource.SegmentSource.of(one.file().source(), segment))
            .other(segment);
    return new Example(path + "#" + segment, one.label(), source);
  }

  private DatasetKind mostFrequentKind() {
    Map<DatasetKind, Integer> counts = new EnumMap<>(DatasetKind.class);
    found.forEach(one -> counts.merge(one.kind(), 1, Integer::sum));
    // Of equal counts the first constant wins: images.
    return counts.entrySet().stream()
        .max(
            Map.Entry.<DatasetKind, Integer>comparingByValue()
                .thenComparing(Map.Entry.<DatasetKind, Integer>comparingByKey().reversed()))
        .orElseThrow()
        .getKey();
  }

  private String noExamples(String name) {
    StringBuilder message =
        new StringBuilder("Cannot use ")
            .append(name)
            .append(
                ": no labelled example was found. Expected one folder per class (inside train and test folders where there"
                    + " are parts), a metadata.csv or metadata.jsonl with file_name and label, a CSV with path and label, or one with text and label.");
    if (!leftOut.isEmpty()) {
      LeftOut first = leftOut.get(0);
      message
          .append(" Left out: ")
          .append(leftOut.size())
          .append(leftOut.size() == 1 ? " item, " : " items, first ")
          .append(first.path())
          .append(": ")
          .append(first.reason())
          .append('.');
    }
    return message.toString();
  }
}
