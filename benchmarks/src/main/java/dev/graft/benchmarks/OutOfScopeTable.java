package dev.graft.benchmarks;

import dev.graft.data.Dataset;
import dev.graft.data.Example;
import dev.graft.data.Part;
import dev.graft.data.text.PlainText;
import dev.graft.runtime.ModelInput;
import dev.graft.runtime.Prediction;
import dev.graft.runtime.Predictor;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.Strategy;
import dev.graft.transfer.TransferLearning;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Trains on the 150 intents of CLINC150 and asks the model about questions that are none of them:
 * how well the distance to the training texts, and the probability of the answer, tell those from
 * its test questions. The area under the ROC curve is the share of pairs, one question of each
 * kind, whose order is right.
 */
@Command(
    name = "out-of-scope",
    description = "Measures how well questions of no known intent are told from those of one.",
    mixinStandardHelpOptions = true)
public final class OutOfScopeTable implements Callable<Integer> {
  private static final String DATA = "clinc150";
  private static final int TOGETHER = 64;

  @Option(
      names = "--backbones",
      split = ",",
      description = "backbones (default: word2vec-8k,text-small)")
  private List<String> backbones = List.of(SharedMaterial.WORD_VECTORS, MeasuredBackbone.TEXT);

  @Option(names = "--seed", description = "seed (default: 1)")
  private long seed = 1;

  private final PrintStream out;

  private OutOfScopeTable(PrintStream out) {
    this.out = out;
  }

  /** Measures and prints. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new OutOfScopeTable(System.out)).execute(arguments));
  }

  @Override
  public Integer call() {
    Dataset dataset = SharedMaterial.texts(DATA);
    List<ModelInput> known = inputs(dataset.part(Part.TEST));
    List<ModelInput> strange = inputs(SharedMaterial.textTable(DATA + "-out-of-scope"));
    out.println(
        "| backbone | test questions | of no known intent | AUROC of the distance | AUROC of the"
            + " probability |");
    out.println("|---|---|---|---|---|");
    for (String name : backbones) {
      Backbone backbone = MeasuredBackbone.load(name, DATA, dataset);
      Path folder = Folders.work().resolve("out-of-scope-" + name);
      TransferLearning.from(backbone)
          .strategy(new Strategy.HeadOnly())
          .seed(seed)
          .cache(Folders.work().resolve("accuracy-cache"))
          .fit(dataset)
          .saveReplacing(folder);
      try (Predictor predictor = Predictor.load(folder)) {
        List<Prediction> ofKnown = predictions(predictor, known);
        List<Prediction> ofStrange = predictions(predictor, strange);
        out.printf(
            Locale.ROOT,
            "| %s | %,d | %,d | %.3f | %.3f |%n",
            name,
            known.size(),
            strange.size(),
            area(ofKnown, ofStrange, one -> one.trainingDistance().orElseThrow().distance()),
            area(ofKnown, ofStrange, one -> -one.probability()));
      }
    }
    return 0;
  }

  private static List<ModelInput> inputs(List<Example> examples) {
    return examples.stream()
        .map(example -> (ModelInput) new ModelInput.Text(PlainText.of(example.source())))
        .toList();
  }

  private static List<Prediction> predictions(Predictor predictor, List<ModelInput> inputs) {
    List<Prediction> all = new ArrayList<>();
    for (int from = 0; from < inputs.size(); from += TOGETHER) {
      all.addAll(
          predictor.predictDecoded(inputs.subList(from, Math.min(inputs.size(), from + TOGETHER))));
    }
    return all;
  }

  /** The share of pairs in which what is strange has the higher score; ties count a half. */
  private static double area(
      List<Prediction> known, List<Prediction> strange, ToDoubleFunction<Prediction> score) {
    double[] low = known.stream().mapToDouble(score).sorted().toArray();
    double pairs = 0;
    for (Prediction one : strange) {
      double value = score.applyAsDouble(one);
      int below = lowerBound(low, value);
      int upTo = lowerBound(low, Math.nextUp(value));
      pairs += below + (upTo - below) / 2.0;
    }
    return pairs / ((double) known.size() * strange.size());
  }

  private static int lowerBound(double[] sorted, double value) {
    int found = Arrays.binarySearch(sorted, value);
    int at = found < 0 ? -found - 1 : found;
    while (at > 0 && sorted[at - 1] == value) {
      at--;
    }
    return at;
  }
}
