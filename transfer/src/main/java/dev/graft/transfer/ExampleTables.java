package dev.graft.transfer;

import dev.graft.data.DataException;
import dev.graft.data.Dataset;
import dev.graft.data.DuplicateConflict;
import dev.graft.data.Example;
import dev.graft.data.ExampleSource;
import dev.graft.data.LeftOut;
import dev.graft.data.NearDuplicates;
import dev.graft.data.Part;
import dev.graft.data.Splitter;
import dev.graft.transfer.evidence.TrainingRecord;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.ExampleTable.Decoding;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The dataset as tables, with the content hash of each example.
 *
 * @param dataset what remains after unreadable examples were left out
 * @param train training examples, sampled where that was asked for
 * @param validation the data's own validation part, perhaps empty
 * @param test the test part, perhaps empty; it is only ever evaluated on
 * @param notes remarks about the data
 */
public record ExampleTables(
    Dataset dataset,
    ExampleTable train,
    ExampleTable validation,
    ExampleTable test,
    List<String> notes) {
  /** How what judges was chosen, in words, where {@link #validation} does. */
  static final String OWN_VALIDATION = "the data's own validation part";

  private static final String PHASE = "Reading examples";
  private static final int CONFLICTS_NAMED = 5;

  /**
   * Reads all examples once.
   *
   * @param examplesPerClass trains on a seeded sample of so many of each class
   * @throws DataException if no classifier can be trained on what is readable
   */
  public static ExampleTables read(
      Dataset dataset, OptionalInt examplesPerClass, long seed, TrainingListener listener) {
    listener.phase(PHASE);
    dataset.requireTrainable();
    List<Example> all = new ArrayList<>();
    dataset.parts().values().forEach(all::addAll);
    Hashing hashing = new Hashing(all, listener);
    hashing.run();
    Dataset readable = dataset.without(hashing.unreadable);
    readable.requireTrainable();
    List<String> notes = new ArrayList<>();
    ExampleTable train = table(readable, Part.TRAIN, hashing.hashes, Decoding.REDUCED);
    notes.addAll(conflicts(train));
    if (examplesPerClass.isPresent()) {
      int[] groups = NearDuplicates.exact(train.contentHashes()).groups();
      int[] sample = Splitter.sample(train.labels(), groups, examplesPerClass.getAsInt(), seed);
      train = train.rows(sample);
    }
    return new ExampleTables(
        readable,
        train,
        table(readable, Part.VALIDATION, hashing.hashes, Decoding.FULL),
        table(readable, Part.TEST, hashing.hashes, Decoding.FULL),
        notes);
  }

  private static ExampleTable table(
      Dataset dataset, Part part, Map<Example, String> hashes, Decoding decoding) {
    List<Example> examples = dataset.part(part);
    Map<String, Integer> classes = new HashMap<>();
    dataset.classes().forEach(label -> classes.put(label, classes.size()));
    int[] labels = new int[examples.size()];
    List<String> theirHashes = new ArrayList<>();
    for (int i = 0; i < labels.length; i++) {
      labels[i] = Objects.requireNonNull(classes.get(examples.get(i).label()));
      theirHashes.add(Objects.requireNonNull(hashes.get(examples.get(i))));
    }
    return new ExampleTable(examples, labels, theirHashes, decoding);
  }

  private static List<String> conflicts(ExampleTable train) {
    List<DuplicateConflict> conflicts =
        DuplicateConflict.find(train.examples(), train.contentHashes());
    List<String> notes = new ArrayList<>();
    for (DuplicateConflict conflict :
        conflicts.subList(0, Math.min(CONFLICTS_NAMED, conflicts.size()))) {
      notes.add(
          "The same file has different labels: "
              + String.join(
                  ", ",
                  conflict.examples().stream().map(e -> e.id() + " (" + e.label() + ")").toList())
              + ".");
    }
    if (conflicts.size() > CONFLICTS_NAMED) {
      notes.add((conflicts.size() - CONFLICTS_NAMED) + " more files have different labels.");
    }
    return notes;
  }

  /** The tables without examples that turned out to be damaged. */
  public ExampleTables without(List<LeftOut> damaged) {
    if (damaged.isEmpty()) {
      return this;
    }
    Map<String, String> reasons = new HashMap<>();
    damaged.forEach(one -> reasons.put(one.path(), one.reason()));
    Dataset remaining = dataset.without(reasons);
    remaining.requireTrainable();
    ExampleTables kept =
        new ExampleTables(
            remaining,
            without(train, damaged),
            without(validation, damaged),
            without(test, damaged),
            notes);
    kept.requireTwoOfEachClass();
    return kept;
  }

  /** A sample may have lost so many examples that a class is empty, though the dataset has more. */
  private void requireTwoOfEachClass() {
    int[] counts = new int[dataset.classes().size()];
    for (int label : train.labels()) {
      counts[label]++;
    }
    for (int label = 0; label < counts.length; label++) {
      if (counts[label] < 2) {
        throw new DataException(
            "Training: class \""
                + dataset.classes().get(label)
                + "\" has "
                + counts[label]
                + " usable training examples, at least 2 are needed. Add examples or remove the"
                + " class.");
      }
    }
  }

  /** The rows of a table that are not damaged. */
  static ExampleTable without(ExampleTable table, List<LeftOut> damaged) {
    if (damaged.isEmpty()) {
      return table;
    }
    Set<String> paths = damaged.stream().map(LeftOut::path).collect(Collectors.toSet());
    return table.rows(
        IntStream.range(0, table.size())
            .filter(row -> !paths.contains(table.examples().get(row).id()))
            .toArray());
  }

  /** SHA-256 over identifier, label and content of all examples that are used. */
  public String hash() {
    StringBuilder text = new StringBuilder();
    for (ExampleTable table : List.of(train, validation, test)) {
      for (int row = 0; row < table.size(); row++) {
        Example example = table.examples().get(row);
        text.append(example.id()).append('\t').append(example.label()).append('\t');
        text.append(table.contentHashes().get(row)).append('\n');
      }
      text.append('\n');
    }
    return ExampleSource.hash(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * What was read, for a record.
   *
   * @param trained the training examples that are trained on
   * @param hash what {@link #hash()} gives, which takes a while
   */
  public TrainingRecord.Data described(ExampleTable trained, String hash) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    dataset.classes().forEach(label -> counts.put(label, 0));
    trained.examples().forEach(example -> counts.merge(example.label(), 1, Integer::sum));
    return new TrainingRecord.Data(
        dataset.name(),
        dataset.kind(),
        hash,
        dataset.classes(),
        counts,
        dataset.counts(Part.VALIDATION),
        dataset.counts(Part.TEST),
        dataset.leftOut());
  }

  /** Reads all examples once, in parallel; results do not depend on the order of the threads. */
  private static final class Hashing {
    private final List<Example> examples;
    private final TrainingListener listener;
    private final Map<Example, String> hashes = new HashMap<>();
    private final Map<String, String> unreadable = new HashMap<>();

    Hashing(List<Example> examples, TrainingListener listener) {
      this.examples = examples;
      this.listener = listener;
    }

    void run() {
      int chunk = 512;
      for (int from = 0; from < examples.size(); from += chunk) {
        List<Example> some = examples.subList(from, Math.min(examples.size(), from + chunk));
        List<Object> results = some.parallelStream().map(Hashing::hash).toList();
        for (int i = 0; i < some.size(); i++) {
          if (results.get(i) instanceof DataException failure) {
            unreadable.put(some.get(i).id(), String.valueOf(failure.getMessage()));
          } else {
            hashes.put(some.get(i), (String) results.get(i));
          }
        }
        listener.progress(PHASE, from + some.size(), examples.size(), "files");
      }
    }

    /** The hash, or the failure. */
    private static Object hash(Example example) {
      try {
        return example.source().contentHash();
      } catch (DataException failure) {
        return failure;
      }
    }
  }
}
