package dev.graft.transfer.baseline;

import dev.graft.data.DataException;
import dev.graft.data.Example;
import dev.graft.data.LeftOut;
import dev.graft.data.Split;
import dev.graft.data.text.PlainText;
import dev.graft.transfer.bagofwords.BagOfWords;
import dev.graft.transfer.evidence.Baseline.Contender;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.HeadSplits;
import dev.graft.transfer.training.Validated;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Learns from the words of texts alone. */
public final class BagOfWordsLearner implements BaselineLearner {
  private static final Contender CONTENDER =
      new Contender(
          Contender.Kind.WITHOUT_BACKBONE,
          BagOfWords.NAME,
          "Counts of words (tf-idf), without any backbone, with logistic regression");

  private final BaselineTask task;

  /** Reads nothing yet. All examples weigh the same, whatever the task says. */
  public BagOfWordsLearner(BaselineTask task) {
    this.task = task;
  }

  @Override
  public Contender contender() {
    return CONTENDER;
  }

  @Override
  public List<LeftOut> prepare(List<ExampleTable> tables) {
    List<LeftOut> unreadable = new ArrayList<>();
    for (ExampleTable table : tables) {
      for (Example example : table.examples()) {
        try {
          PlainText.of(example.source());
        } catch (DataException gone) {
          unreadable.add(new LeftOut(example.id(), String.valueOf(gone.getMessage())));
        }
      }
    }
    return unreadable;
  }

  /** Its strength is chosen by folds of the training texts, whatever was held out besides. */
  @Override
  public float[] predict(
      ExampleTable train, int[] groups, Optional<ExampleTable> choosing, ExampleTable judged) {
    return BagOfWords.train(texts(train), train.labels(), groups, task.classes(), task.seed())
        .predict(texts(judged));
  }

  @Override
  public Validated heldOut(ExampleTable train, int[] groups) {
    List<String> texts = texts(train);
    int[] labels = train.labels();
    int classes = task.classes();
    int[] rows = new int[labels.length];
    float[] probabilities = new float[labels.length * classes];
    int at = 0;
    List<Split> splits = HeadSplits.of(labels, groups, task.validationFraction(), task.seed());
    for (Split split : splits) {
      int[] own = split.train();
      BagOfWords fitted =
          BagOfWords.train(
              chosen(texts, own), chosen(labels, own), chosen(groups, own), classes, task.seed());
      float[] held = fitted.predict(chosen(texts, split.validation()));
      System.arraycopy(held, 0, probabilities, at * classes, held.length);
      for (int row : split.validation()) {
        rows[at++] = row;
      }
    }
    int[] judged = Arrays.copyOf(rows, at);
    return new Validated(
        judged,
        chosen(labels, judged),
        Arrays.copyOf(probabilities, at * classes),
        "",
        splits.size());
  }

  private static int[] chosen(int[] values, int[] rows) {
    return Arrays.stream(rows).map(row -> values[row]).toArray();
  }

  private static List<String> chosen(List<String> values, int[] rows) {
    return Arrays.stream(rows).mapToObj(values::get).toList();
  }

  private static List<String> texts(ExampleTable table) {
    return table.examples().stream().map(Example::source).map(PlainText::of).toList();
  }

  @Override
  public void close() {}
}
