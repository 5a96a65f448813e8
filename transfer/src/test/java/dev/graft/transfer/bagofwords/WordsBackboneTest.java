package dev.graft.transfer.bagofwords;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.data.text.TextEncoder;
import dev.graft.engine.FloatTensor;
import dev.graft.engine.Network;
import dev.graft.engine.Precision;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.BackboneOptions;
import dev.graft.transfer.TextOptions;
import dev.graft.transfer.ToyTexts;
import dev.graft.transfer.TrainedModel;
import dev.graft.transfer.TransferLearning;
import dev.graft.transfer.training.ExampleViews;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WordsBackboneTest {
  private static final List<String> TEXTS =
      List.of(
          "the card is lost",
          "the card the card was stolen",
          "where is the money",
          "my money was lost",
          "who has stolen my card");

  private final Path folder;

  WordsBackboneTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private Backbone backbone(List<String> texts) throws IOException {
    Path place = Files.createDirectory(folder.resolve("words"));
    WordsBackbone.write(place, texts, 1);
    return Backbone.load(place, BackboneOptions.defaults());
  }

  private static float[][] features(Backbone backbone, List<String> texts) {
    TextEncoder encoder = (TextEncoder) backbone.preprocessing();
    float[][] features = new float[texts.size()][];
    try (Network network = Network.load(backbone.trunk(), Precision.FP32)) {
      for (int i = 0; i < texts.size(); i++) {
        float[] row = new float[encoder.valueCount()];
        encoder.write(encoder.encode(texts.get(i)), row, 0);
        FloatTensor input = ExampleViews.plain(encoder).batch(row, 1);
        features[i] = network.run(input).values();
      }
    }
    return features;
  }

  private static double product(float[] some, float[] others) {
    double sum = 0;
    for (int i = 0; i < some.length; i++) {
      sum += some[i] * others[i];
    }
    return sum;
  }

  @Test
  void write_fewTexts_productsOfFeaturesAreThoseOfTheirWeightedCounts() throws IOException {
    float[][] features = features(backbone(TEXTS), TEXTS);
    List<List<String>> words = new ArrayList<>();
    TEXTS.forEach(text -> words.add(Words.of(text)));
    WordWeights weights = WordWeights.of(words);
    for (int i = 0; i < TEXTS.size(); i++) {
      for (int j = 0; j < TEXTS.size(); j++) {
        double expected = 0;
        for (var some : weights.vector(words.get(i))) {
          for (var other : weights.vector(words.get(j))) {
            expected +=
                some.getIndex() == other.getIndex() ? some.getValue() * other.getValue() : 0;
          }
        }
        // Weights are stored in 16 bits.
        assertThat(product(features[i], features[j])).isCloseTo(expected, within(3e-3));
      }
    }
  }

  @Test
  void write_longTexts_countsWordsUpToTheFiveHundredthUnlessFewerAreAskedFor() throws IOException {
    List<String> texts =
        List.of("the ".repeat(300) + "card", "the ".repeat(300) + "money", "where is it");
    Backbone words = backbone(texts);
    assertThat(words.preprocessing().valueCount()).isEqualTo(512);
    float[][] features = features(words, texts);
    assertThat(features[0]).isNotEqualTo(features[1]);

    Backbone shorter =
        Backbone.load(
            folder.resolve("words"),
            BackboneOptions.defaults().withText(TextOptions.DEFAULTS.withMaximumTokens(64)));
    assertThat(shorter.preprocessing().valueCount()).isEqualTo(64);
  }

  @Test
  void write_textOfUnknownWords_givesZeros() throws IOException {
    assertThat(features(backbone(TEXTS), List.of("zebra ?"))[0])
        .usingComparatorWithPrecision(0f)
        .containsOnly(0);
  }

  @Test
  void write_sameTexts_sameFiles() throws IOException {
    Path some = Files.createDirectory(folder.resolve("some"));
    Path others = Files.createDirectory(folder.resolve("others"));
    WordsBackbone.write(some, TEXTS, 1);
    WordsBackbone.write(others, TEXTS, 1);
    for (String name : List.of("model.onnx", "tokenizer.json", "config.json")) {
      assertThat(some.resolve(name)).hasSameBinaryContentAs(others.resolve(name));
    }
  }

  @Test
  void fit_headOnCounts_tellsTopicsAndIsHeldAgainstNoCountsAgain() throws IOException {
    SplittableRandom random = new SplittableRandom(2);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      texts.add(ToyTexts.text(i % 3, random));
    }
    Backbone words = backbone(texts);
    assertThat(words.id()).isEqualTo(WordsBackbone.ID);
    TrainedModel model =
        TransferLearning.from(words).withoutCache().seed(1).fit(ToyTexts.dataset(folder, 20, 10));
    assertThat(model.record().test().orElseThrow().accuracy()).isGreaterThan(0.9);
    assertThat(model.record().findings().baselines()).isEmpty();
    model.save(folder.resolve("model"));
  }
}
