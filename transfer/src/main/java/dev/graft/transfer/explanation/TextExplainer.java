package dev.graft.transfer.explanation;

import dev.graft.data.DataException;
import dev.graft.data.text.TextEncoder;
import dev.graft.data.text.TokenSequence;
import dev.graft.runtime.Modality;
import dev.graft.runtime.ModelInput;
import dev.graft.runtime.Prediction;
import dev.graft.runtime.Predictor;
import dev.graft.transfer.TransferException;
import dev.graft.transfer.evidence.ColouredText;
import dev.graft.transfer.evidence.WordEffect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Explains the answers of a trained model of texts by leaving out each word in turn (Li, Monroe and
 * Jurafsky 2016, "Understanding Neural Networks through Representation Erasure"): the change is
 * that of the class's log odds, {@code ln(p / (1 - p))}, since probabilities close to 1 hardly
 * change. The whole file answers, so that nothing is computed differently than where it is used. Of
 * a text that is longer than what the model reads, its beginning is explained.
 *
 * <p>Not thread-safe. Close it.
 */
public final class TextExplainer implements AutoCloseable {
  private static final int NEIGHBOURS = 3;

  /**
   * One run of the model for each word: of a text of more words, some that stand side by side are
   * left out together.
   */
  public static final int MOST_WORDS = 500;

  private static final double LEAST_PROBABILITY = 1e-6;

  private final Predictor predictor;
  private final TextEncoder encoder;

  private TextExplainer(Predictor predictor, TextEncoder encoder) {
    this.predictor = predictor;
    this.encoder = encoder;
  }

  /**
   * Loads a trained model.
   *
   * @throws dev.graft.runtime.BundleException if the folder is no bundle
   * @throws TransferException if it is one of another kind
   */
  public static TextExplainer load(Path bundleFolder) {
    Predictor predictor = Predictor.load(bundleFolder);
    if (predictor.bundle().config().modality() != Modality.TEXT) {
      predictor.close();
      throw new TransferException(
          TransferException.Cause.MODEL,
          "Explaining texts with "
              + bundleFolder
              + ": a model of texts is expected, found one of "
              + predictor.bundle().config().modality().jsonName()
              + ". Explainer explains those.");
    }
    try {
      return new TextExplainer(predictor, predictor.bundle().textEncoder());
    } catch (RuntimeException damaged) {
      predictor.close();
      throw damaged;
    }
  }

  /** The labels that can be explained. */
  public List<String> labels() {
    return predictor.bundle().config().labels();
  }

  /**
   * Explains a class of a text.
   *
   * @param wanted the class; empty for the most probable one
   * @throws DataException if the text is empty or has a single word, of which nothing can be left
   * @throws TransferException if the model knows no such class
   */
  public TextExplanation explain(String text, String name, Optional<String> wanted) {
    return explain(text, name, wanted, MOST_WORDS);
  }

  /**
   * As {@link #explain(String, String, Optional)}, in at most so many parts.
   *
   * @param most how many runs of the model may be spent on the words, 1 or more
   */
  TextExplanation explain(String whole, String name, Optional<String> wanted, int most) {
    wanted.ifPresent(chosen -> ExplainedLabel.require(chosen, labels()));
    String text = readPart(whole);
    List<int[]> words = TextWords.of(text, most);
    if (words.size() < 2) {
      throw new DataException(
          "Explaining "
              + name
              + ": a text of two words or more is expected, found "
              + words.size()
              + ". Nothing can be left out of it.");
    }
    Prediction prediction = predictor.predict(new ModelInput.Text(text));
    String label = wanted.orElse(prediction.label());
    double probability = prediction.probabilityOf(label);
    List<ModelInput> without = new ArrayList<>();
    words.forEach(word -> without.add(new ModelInput.Text(without(text, List.of(word)))));
    List<Prediction> answers = predictor.predictDecoded(without);
    List<WordEffect> effects = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      double drop = logOdds(probability) - logOdds(answers.get(i).probabilityOf(label));
      effects.add(new WordEffect(words.get(i)[0], words.get(i)[1], drop));
    }
    ColouredText coloured = new ColouredText(text, text.length() < whole.length(), effects);
    List<WordEffect> marked = coloured.marked();
    List<WordEffect> others = others(effects, marked);
    return new TextExplanation(
        prediction,
        label,
        probability,
        coloured,
        remaining(text, marked, label, probability),
        remaining(text, others, label, probability),
        predictor.neighbours(new ModelInput.Text(text), NEIGHBOURS));
  }

  /** As much of the text as the model's tokens hold. */
  private String readPart(String text) {
    TokenSequence tokens = encoder.encode(text);
    int end = tokens.truncated() ? Arrays.stream(tokens.ends()).max().orElse(0) : text.length();
    // A token for what is unknown may have no place in the text.
    return end > 0 ? text.substring(0, end) : text;
  }

  /** What a run on the text costs, as a share of one on the longest text that the model reads. */
  double shareOfLongest(String text) {
    int longest = encoder.description().maximumTokens();
    return (double) encoder.paddedLength(encoder.encode(text).length()) / longest;
  }

  /** As many as are marked, evenly from the rest. */
  private static List<WordEffect> others(List<WordEffect> all, List<WordEffect> marked) {
    List<WordEffect> rest = all.stream().filter(word -> !marked.contains(word)).toList();
    int count = Math.min(marked.size(), rest.size());
    List<WordEffect> chosen = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      chosen.add(rest.get((2 * i + 1) * rest.size() / (2 * count)));
    }
    return chosen;
  }

  private double remaining(String text, List<WordEffect> gone, String label, double probability) {
    if (gone.isEmpty()) {
      return probability;
    }
    String rest =
        without(
            text,
            gone.stream()
                .map(word -> new int[] {word.begin(), word.end()})
                .sorted((a, b) -> a[0] - b[0])
                .toList());
    return rest.isBlank()
        ? probability
        : predictor.predict(new ModelInput.Text(rest)).probabilityOf(label);
  }

  /** The text without some of its words, which come in its order. */
  private static String without(String text, List<int[]> words) {
    StringBuilder rest = new StringBuilder();
    int from = 0;
    for (int[] word : words) {
      rest.append(text, from, word[0]);
      from = word[1];
    }
    return rest.append(text, from, text.length()).toString();
  }

  private static double logOdds(double probability) {
    double inside = Math.min(1 - LEAST_PROBABILITY, Math.max(LEAST_PROBABILITY, probability));
    return Math.log(inside / (1 - inside));
  }

  @Override
  public void close() {
    predictor.close();
    encoder.tokenizer().close();
  }
}
