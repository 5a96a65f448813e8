package dev.graft.transfer;

import dev.graft.data.DataException;
import dev.graft.data.Example;
import dev.graft.data.Split;
import dev.graft.data.Splitter;
import dev.graft.data.text.PlainText;
import dev.graft.transfer.bagofwords.BagOfWords;
import dev.graft.transfer.evidence.Baseline.Contender;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.Validated;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Learns from the words of texts alone. */
final class BagOfWordsLearner implements BaselineLearner {
  private static final int FOLDS = 5;
  private static final Contender CONTENDER =
      new Contender(
          Contender.Kind.WITHOUT_BACKBONE,
          BagOfWords.NAME,
          "Counts of words (tf-idf), without any backbone, with logistic regression");

  private final int classes;
  private final long seed;

  BagOfWordsLearner(RunContext context) {
    this.classes = context.tables().dataset().classes().size();
    this.seed = context.settings().seed();
  }

  @Override
  public Contender contender() {
    return CONTENDER;
  }

  @Override
  public boolean prepare(List<ExampleTable> tables) {
    try {
      tables.forEach(BagOfWordsLearner::texts);
      return true;
    } catch (DataException gone) {
      return false;
    }
  }

  /** Its strength is chosen by folds of the training texts, whatever was held out besides. */
  @Override
  public float[] predict(
      ExampleTable train, int[] groups, Optional<ExampleTable> choosing, ExampleTable judged) {
    return BagOfWords.train(texts(train), train.labels(), groups, classes, seed)
        .predict(texts(judged));
  }

  @Override
  public Validated outOfFold(ExampleTable train, int[] groups) {
    List<String> texts = texts(train);
    int[] labels = train.labels();
    int[] rows = new int[labels.length];
    float[] probabilities = new float[labels.length * classes];
    int at = 0;
    List<Split> folds = Splitter.folds(labels, groups, FOLDS, seed);
    for (Split fold : folds) {
      int[] own = fold.train();
      BagOfWords fitted =
          BagOfWords.train(
              chosen(texts, own), chosen(labels, own), chosen(groups, own), classes, seed);
      float[] held = fitted.predict(chosen(texts, fold.validation()));
      System.arraycopy(held, 0, probabilities, at * classes, held.length);
      for (int row : fold.validation()) {
        rows[at++] = row;
      }
    }
    int[] judged = Arrays.copyOf(rows, at);
    return new Validated(
        judged,
        chosen(labels, judged),
        Arrays.copyOf(probabilities, at * classes),
        "",
        folds.size());
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
