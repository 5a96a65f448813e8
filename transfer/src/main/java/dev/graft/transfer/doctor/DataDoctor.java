package dev.graft.transfer.doctor;

import dev.graft.data.Example;
import dev.graft.transfer.evidence.DataFindings;
import dev.graft.transfer.evidence.DataFindings.Cue;
import dev.graft.transfer.evidence.DataFindings.DuplicateGroup;
import dev.graft.transfer.evidence.DataFindings.Member;
import dev.graft.transfer.evidence.DataFindings.SuspectLabel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Looks for what is odd about data, in their features and in the examples themselves.
 *
 * <p>Labels of the training and the validation part are judged. Those of the test part are not: if
 * they were corrected by what a model believes, the test would flatter the next one.
 */
public final class DataDoctor {
  /** Of more examples a sample is looked at. */
  private static final int MOST_EXAMPLES = 20_000;

  private static final int NEIGHBOURS = 8;

  /**
   * In a class of fewer examples too little is known to call a label wrong: of right labels of
   * digits, 24 % were called so with 5 a class, 11 % with 10, 1 % with 20.
   */
  private static final int FEWEST_JUDGED = 20;

  private static final int MOST_OUTLIERS = 50;

  private final ExaminedData data;
  private final List<Example> examples = new ArrayList<>();
  private final List<String> hashes = new ArrayList<>();
  private final List<String> parts = new ArrayList<>();

  private DataDoctor(ExaminedData data) {
    this.data = data;
    for (ExaminedPart part : data.parts()) {
      examples.addAll(part.table().examples());
      hashes.addAll(part.table().contentHashes());
      part.table().examples().forEach(example -> parts.add(part.name()));
    }
  }

  /**
   * Examines data whose features have been computed. Reads those examples that may be copies, and
   * at most 300 training examples.
   *
   * @throws dev.graft.data.DataException if a stored feature is damaged and cannot be computed anew
   */
  public static DataFindings examine(ExaminedData data) {
    ExaminedData some = data.atMost(MOST_EXAMPLES);
    return new DataDoctor(some).findings(data.size());
  }

  private DataFindings findings(int all) {
    ExampleRows rows = ExampleRows.of(data.parts());
    ContentDoctor content = ContentDoctor.of(data, examples, hashes);
    List<SuspectLabel> suspects = suspects(rows);
    Neighbours neighbours = Neighbours.find(rows, NEIGHBOURS);
    List<Cue> cues = content.cues();
    List<DuplicateGroup> duplicates =
        content.copies(neighbours).stream().map(this::duplicates).toList();
    List<DataFindings.Outlier> outliers =
        Outliers.of(neighbours.distances()).stream()
            .limit(MOST_OUTLIERS)
            .map(
                far ->
                    new DataFindings.Outlier(
                        examples.get(far.row()).id(),
                        examples.get(far.row()).label(),
                        far.distance(),
                        far.usual()))
            .toList();
    List<String> remarks = new ArrayList<>(DataRemarks.of(data, duplicates));
    remarks.addAll(content.remarks());
    notJudged().ifPresent(remarks::add);
    if (examples.size() < all) {
      remarks.add("Of " + all + " examples, a sample of " + examples.size() + " was examined.");
    }
    return new DataFindings(suspects, duplicates, outliers, cues, remarks);
  }

  private Optional<String> notJudged() {
    int[] counts = new int[data.classes().size()];
    Arrays.stream(data.train().table().labels()).forEach(label -> counts[label]++);
    Arrays.stream(data.validation().table().labels()).forEach(label -> counts[label]++);
    return Arrays.stream(counts).allMatch(count -> count >= FEWEST_JUDGED)
        ? Optional.empty()
        : Optional.of(
            "Labels of classes with fewer than "
                + FEWEST_JUDGED
                + " examples to train and validate on are not judged.");
  }

  private List<SuspectLabel> suspects(ExampleRows rows) {
    int[] labels = data.train().table().labels();
    int others = data.validation().size();
    int classes = data.classes().size();
    Optional<float[]> judged =
        new LabelJudging(rows, labels, data.groups(), others, classes, data.seed()).probabilities();
    if (judged.isEmpty()) {
      return List.of();
    }
    float[] probabilities = judged.get();
    int[] all = Arrays.copyOf(labels, labels.length + others);
    System.arraycopy(data.validation().table().labels(), 0, all, labels.length, others);
    return SuspectLabels.of(all, probabilities, classes, FEWEST_JUDGED).stream()
        .map(
            suspect ->
                new SuspectLabel(
                    examples.get(suspect.row()).id(),
                    examples.get(suspect.row()).label(),
                    data.classes().get(suspect.suggested()),
                    probabilities[suspect.row() * classes + all[suspect.row()]],
                    probabilities[suspect.row() * classes + suspect.suggested()]))
        .toList();
  }

  private DuplicateGroup duplicates(int[] rows) {
    List<Member> members =
        Arrays.stream(rows)
            .mapToObj(
                row ->
                    new Member(examples.get(row).id(), examples.get(row).label(), parts.get(row)))
            .toList();
    return new DuplicateGroup(
        members,
        members.stream().map(Member::label).distinct().count() > 1,
        members.stream().map(Member::part).distinct().count() > 1,
        // Rows of the training part come first.
        Arrays.stream(rows)
                .filter(row -> row < data.train().size())
                .map(row -> data.groups()[row])
                .distinct()
                .count()
            > 1);
  }
}
