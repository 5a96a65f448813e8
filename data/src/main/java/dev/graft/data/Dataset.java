package dev.graft.data;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Labelled examples in their parts, with an account of what was left out.
 *
 * <p>Classes are in lexicographic order of their names (by UTF-16 code unit, as folder-based
 * readers of other tools order them), examples in that of their ids. Immutable and thread-safe.
 */
public final class Dataset {
  private final String name;
  private final DatasetKind kind;
  private final List<String> classes;
  private final Map<Part, List<Example>> parts;
  private final List<String> emptyClasses;
  private final List<LeftOut> leftOut;

  Dataset(
      String name,
      DatasetKind kind,
      Map<Part, List<Example>> parts,
      Collection<String> emptyClasses,
      List<LeftOut> leftOut) {
    this.name = name;
    this.kind = kind;
    this.parts = sorted(parts);
    this.emptyClasses = List.copyOf(new TreeSet<>(emptyClasses));
    this.leftOut = List.copyOf(leftOut);
    TreeSet<String> labels = new TreeSet<>();
    this.parts.values().forEach(part -> part.forEach(example -> labels.add(example.label())));
    this.classes = List.copyOf(labels);
  }

  private static Map<Part, List<Example>> sorted(Map<Part, List<Example>> parts) {
    EnumMap<Part, List<Example>> result = new EnumMap<>(Part.class);
    parts.forEach(
        (part, examples) -> {
          if (!examples.isEmpty()) {
            List<Example> ordered = new ArrayList<>(examples);
            ordered.sort((a, b) -> a.id().compareTo(b.id()));
            result.put(part, Collections.unmodifiableList(ordered));
          }
        });
    return Collections.unmodifiableMap(result);
  }

  /** The name of the location it was read from, for messages. */
  public String name() {
    return name;
  }

  /** The kind of content of its examples. */
  public DatasetKind kind() {
    return kind;
  }

  /** The names of all classes that have an example in any part, in lexicographic order. */
  public List<String> classes() {
    return classes;
  }

  /** The parts that hold examples. */
  public Map<Part, List<Example>> parts() {
    return parts;
  }

  /** The examples of one part, in the order of their ids; empty where the data has no such part. */
  public List<Example> part(Part part) {
    return parts.getOrDefault(part, List.of());
  }

  /** The number of examples in all parts. */
  public int size() {
    return parts.values().stream().mapToInt(List::size).sum();
  }

  /**
   * The number of examples of each class in one part, in the order of {@link #classes()}; zero for
   * a class that it lacks.
   */
  public SortedMap<String, Integer> counts(Part part) {
    TreeMap<String, Integer> counts = new TreeMap<>();
    classes.forEach(label -> counts.put(label, 0));
    part(part).forEach(example -> counts.merge(example.label(), 1, Integer::sum));
    return Collections.unmodifiableSortedMap(counts);
  }

  /** Everything that was not used, with the reason. */
  public List<LeftOut> leftOut() {
    return leftOut;
  }

  /**
   * The same data without the examples that turned out to be unusable, which are added to {@link
   * #leftOut()}.
   *
   * @param reasons the reason why an example cannot be used, by its id
   */
  public Dataset without(Map<String, String> reasons) {
    Map<Part, List<Example>> kept = new EnumMap<>(Part.class);
    List<LeftOut> gone = new ArrayList<>(leftOut);
    Map<String, Boolean> survives = new HashMap<>();
    parts.forEach(
        (part, examples) -> {
          for (Example example : examples) {
            String reason = reasons.get(example.id());
            if (reason == null) {
              kept.computeIfAbsent(part, p -> new ArrayList<>()).add(example);
            } else {
              gone.add(new LeftOut(example.id(), reason));
            }
            if (part == Part.TRAIN) {
              survives.merge(example.label(), reason == null, Boolean::logicalOr);
            }
          }
        });
    TreeSet<String> empty = new TreeSet<>(emptyClasses);
    survives.forEach(
        (label, alive) -> {
          if (!alive) {
            empty.add(label);
          }
        });
    return new Dataset(name, kind, kept, empty, gone);
  }

  /** The same data with other classes for some examples, which the map names by their ids. */
  Dataset relabelled(Map<String, String> labels) {
    Map<Part, List<Example>> changed = new EnumMap<>(Part.class);
    parts.forEach(
        (part, examples) ->
            changed.put(
                part,
                examples.stream()
                    .map(
                        one ->
                            new Example(
                                one.id(), labels.getOrDefault(one.id(), one.label()), one.source()))
                    .toList()));
    return new Dataset(name, kind, changed, emptyClasses, leftOut);
  }

  /** The same data with some of its training examples only, as for a learning curve. */
  public Dataset withTrainingExamples(List<Example> training) {
    return with(Part.TRAIN, training);
  }

  /** The same data with other examples in one part; without examples there is no such part. */
  public Dataset with(Part part, List<Example> examples) {
    Map<Part, List<Example>> changed = new EnumMap<>(Part.class);
    changed.putAll(parts);
    changed.put(part, examples);
    return new Dataset(name, kind, changed, emptyClasses, leftOut);
  }

  /** The same data with other examples in its parts, as for a cross-validation. */
  public Dataset withParts(Map<Part, List<Example>> changed) {
    return new Dataset(name, kind, changed, emptyClasses, leftOut);
  }

  /**
   * Checks that a classifier can be trained on the training part and judged on the others.
   *
   * @throws DataException where there is no training part, a class without usable examples, only
   *     one class, fewer than 2 usable examples in a class, or a class in another part that the
   *     training part lacks
   */
  public void requireTrainable() {
    List<Example> training = part(Part.TRAIN);
    if (training.isEmpty()) {
      throw new DataException(
          "Cannot train on "
              + name
              + ": it has no usable training example. "
              + (fromTable()
                  ? "Expected rows of the train part, which a column split names, or a table of its own."
                  : "Expected a folder per class, inside a folder named train where there are several parts.")
              + leftOutHint());
    }
    if (!emptyClasses.isEmpty()) {
      throw new DataException(
          "Cannot train on "
              + name
              + ": no usable example in "
              + named(emptyClasses)
              + ". Add examples, or remove the folder."
              + leftOutHint());
    }
    Map<String, Long> counts =
        training.stream()
            .collect(Collectors.groupingBy(Example::label, TreeMap::new, Collectors.counting()));
    if (counts.size() < 2) {
      throw new DataException(
          "Cannot train on "
              + name
              + ": expected at least 2 classes, found 1 ("
              + counts.keySet().iterator().next()
              + ", "
              + training.size()
              + " examples). Add "
              + (fromTable() ? "rows" : "a folder with examples")
              + " of another class."
              + leftOutHint());
    }
    List<String> small =
        counts.entrySet().stream().filter(e -> e.getValue() < 2).map(Map.Entry::getKey).toList();
    if (!small.isEmpty()) {
      throw new DataException(
          "Cannot train on "
              + name
              + ": expected at least 2 usable examples in each class, found 1 in "
              + named(small)
              + ". Add examples, or remove "
              + (fromTable() ? "these." : "the folder.")
              + leftOutHint());
    }
    parts.forEach((part, examples) -> requireKnown(part, examples, counts));
  }

  private void requireKnown(Part part, List<Example> examples, Map<String, Long> known) {
    TreeSet<String> unknown = new TreeSet<>();
    examples.forEach(example -> unknown.add(example.label()));
    unknown.removeAll(known.keySet());
    if (!unknown.isEmpty()) {
      throw new DataException(
          "Cannot use the "
              + part.label()
              + " part of "
              + name
              + ": it has "
              + named(unknown)
              + ", which the train part does not know (it has "
              + abbreviated(known.keySet())
              + "). Rename or remove "
              + (fromTable() ? "its rows" : "the folder")
              + ", or add training examples.");
    }
  }

  /** Whether its examples are rows, and not files in folders. */
  private boolean fromTable() {
    return parts.values().stream()
        .anyMatch(examples -> examples.get(0).source() instanceof ExampleSource.RowSource);
  }

  private static String named(Collection<String> labels) {
    return (labels.size() == 1 ? "class " : "classes ") + abbreviated(labels);
  }

  private static String abbreviated(Collection<String> labels) {
    String first = labels.stream().limit(10).collect(Collectors.joining(", "));
    return labels.size() <= 10 ? first : first + " and " + (labels.size() - 10) + " more";
  }

  private String leftOutHint() {
    if (leftOut.isEmpty()) {
      return "";
    }
    LeftOut first = leftOut.get(0);
    return " Left out: "
        + leftOut.size()
        + (leftOut.size() == 1 ? " item (" : " items, first ")
        + first.path()
        + ": "
        + first.reason()
        + (leftOut.size() == 1 ? ")." : ".");
  }
}
