package dev.graft.transfer.pretraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.data.Dataset;
import dev.graft.data.text.TextEncoder;
import dev.graft.data.text.Tokenizer;
import dev.graft.engine.OptimizerSettings;
import dev.graft.onnx.InputKind;
import dev.graft.onnx.OnnxModel;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.BackboneOptions;
import dev.graft.transfer.PrecisionChoice;
import dev.graft.transfer.Strategy;
import dev.graft.transfer.ToyTexts;
import dev.graft.transfer.TrainedModel;
import dev.graft.transfer.TransferLearning;
import dev.graft.transfer.pretraining.BackboneDescription.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A small network learns what sentences are about, from fresh weights. */
final class TextPretrainingTest {
  private static final int TOKENS = 24;
  private static final int BATCH = 8;

  private final Path folder;
  private final Dataset data;

  TextPretrainingTest(@TempDir Path folder) {
    this.folder = folder;
    this.data = ToyTexts.dataset(folder, 24, 12);
  }

  /** The same for each run, as for each start of a process. */
  private SourceTexts texts() {
    Tokenizer tokenizer =
        SourceVocabulary.learn(data, 150, 0.25, 3, PretrainingListener.SILENT).tokenizer();
    return new SourceTexts(TextEncoder.of(tokenizer, TOKENS), 0.1);
  }

  private static PretrainingSettings settings(SourceTexts texts, PrecisionChoice precision) {
    return new PretrainingSettings(
        new OptimizerSettings.AdamW(0.1),
        0.01,
        8,
        0.5,
        BATCH,
        texts,
        0.05,
        0,
        0.8,
        precision,
        0.25,
        3);
  }

  private Pretraining pretraining(
      String run, PrecisionChoice precision, boolean resume, PretrainingListener listener) {
    SourceTexts texts = texts();
    SourceNetwork network =
        new SourceNetwork(
            "text-conv",
            "A toy.",
            classes -> ToyTexts.classifier(1, texts.vocabularySize(), classes));
    BackboneDescription description =
        new BackboneDescription(
            "test/reader",
            OptionalInt.empty(),
            Storage.FP16,
            Optional.empty(),
            Optional.of("apache-2.0"),
            Optional.empty(),
            "graft pretrain x");
    return new Pretraining(
        network,
        settings(texts, precision),
        description,
        new Pretraining.Continuation(folder.resolve(run), resume, Duration.ZERO),
        listener);
  }

  private PretrainedBackbone run(PrecisionChoice precision) {
    return pretraining("run", precision, false, PretrainingListener.SILENT).run(data);
  }

  @ParameterizedTest
  @ValueSource(strings = {"FP32", "BF16"})
  void run_sentences_learnsThemInEitherPrecision(String precision) {
    PretrainedBackbone backbone = run(PrecisionChoice.valueOf(precision));
    assertThat(backbone.record().validation().accuracy()).isGreaterThan(0.8);
    assertThat(backbone.record().validation().examples()).isEqualTo(18);
    assertThat(backbone.record().features()).isEqualTo(8);
    assertThat(backbone.record().multiplyAdds()).isPositive();
    assertThat(InputKind.detect(backbone.model())).isEqualTo(InputKind.TOKENS);
    assertThat(backbone.record().settings())
        .containsEntry("max-tokens", "24")
        .containsEntry("token-drop", "0.1");
  }

  @Test
  void save_folder_isABackboneThatTransfersAndTellsWhatItIs() throws IOException {
    PretrainedBackbone made = run(PrecisionChoice.FP32);
    Path out = folder.resolve("backbone");
    made.save(out);

    JsonNode config = new ObjectMapper().readTree(out.resolve("config.json").toFile());
    assertThat(config.get("modality").asText()).isEqualTo("text");
    assertThat(config.get("max_position_embeddings").asInt()).isEqualTo(TOKENS);
    assertThat(config.get("vocab_size").asInt())
        .isEqualTo(made.record().vocabulary().orElseThrow())
        .isBetween(60, 150);
    assertThat(out.resolve("README.md"))
        .content()
        .contains("# Text backbone", "texts of up to 24 tokens", "pieces of words")
        .doesNotContain("images", "recordings", "windows");

    Backbone loaded = Backbone.load(out, BackboneOptions.defaults());
    assertThat(loaded.featureWidth()).isEqualTo(8);
    assertThat(loaded.headDescription()).startsWith("linear layer fc.weight (8 features");
    assertThat(loaded.preprocessing().valueCount()).isEqualTo(TOKENS);
    TrainedModel trained =
        TransferLearning.from(loaded)
            .seed(3)
            .withoutCache()
            .strategy(new Strategy.HeadOnly())
            .fit(data);
    assertThat(trained.record().test().orElseThrow().accuracy()).isGreaterThan(0.8);
    trained.save(folder.resolve("model"));
  }

  /** What a power cut is to a listener. */
  private static final class Interruption extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  // 54 training texts in batches of 8: 6 steps an epoch.
  @ParameterizedTest
  @ValueSource(ints = {1, 6, 9})
  void resume_afterAnyStep_sameWeightsAsUninterrupted(int steps) {
    OnnxModel whole =
        pretraining("whole", PrecisionChoice.FP32, false, PretrainingListener.SILENT)
            .run(data)
            .model();
    PretrainingListener failing =
        new PretrainingListener() {
          private int taken;

          @Override
          public void step(Position position) {
            if (++taken == steps) {
              throw new Interruption();
            }
          }
        };
    assertThatThrownBy(() -> pretraining("run", PrecisionChoice.FP32, false, failing).run(data))
        .isInstanceOf(Interruption.class);
    OnnxModel resumed =
        pretraining("run", PrecisionChoice.FP32, true, PretrainingListener.SILENT)
            .run(data)
            .model();
    assertThat(resumed.toBytes()).isEqualTo(whole.toBytes());
  }

  @Test
  void learn_textsHeldOut_haveNoPartInTheVocabulary() throws IOException {
    Path texts = folder.resolve("own");
    for (String part : List.of("train", "validation")) {
      for (String label : List.of("a", "b")) {
        for (int i = 0; i < 4; i++) {
          Path file = texts.resolve(part).resolve(label).resolve(i + ".txt");
          Files.createDirectories(file.getParent());
          Files.writeString(file, part.equals("train") ? "hello " + label : "Zebra zebra");
        }
      }
    }
    Tokenizer tokenizer =
        SourceVocabulary.learn(
                dev.graft.data.DatasetReader.read(texts), 100, 0.1, 1, PretrainingListener.SILENT)
            .tokenizer();
    assertThat(tokenizer.json()).contains("\"hello\"").doesNotContain("\"z\"", "ebra");
  }

  @Test
  void vectors_wordsOfOneTopic_areCloserThanThoseOfOthers() {
    SourceVocabulary learned =
        SourceVocabulary.learn(data, 150, 0.25, 3, PretrainingListener.SILENT);
    TokenVectors vectors = learned.vectors(12, TOKENS, 1);
    assertThat(vectors.rarity()).hasSize(learned.tokenizer().vocabularySize());
    List<String> food = List.of("bread", "soup", "cheese", "apple", "kitchen", "taste");
    List<String> music = List.of("violin", "song", "drum", "choir", "concert", "melody");
    assertThat(closeness(learned.tokenizer(), vectors, food, food))
        .isGreaterThan(closeness(learned.tokenizer(), vectors, food, music) + 0.1);
    // [CLS] and [SEP], which stand in every text, are none of its words.
    assertThat(vectors.rarity()[2]).isZero();
    assertThat(vectors.rarity()[3]).isZero();
    assertThat(vectors.rarity()[id(learned.tokenizer(), "bread")]).isPositive();
  }

  /** The mean cosine of all pairs of different words. */
  private static double closeness(
      Tokenizer tokenizer, TokenVectors vectors, List<String> some, List<String> others) {
    return some.stream()
        .flatMapToDouble(
            one ->
                others.stream()
                    .filter(other -> !other.equals(one))
                    .mapToDouble(
                        other -> product(vectors, id(tokenizer, one), id(tokenizer, other))))
        .average()
        .orElseThrow();
  }

  private static int id(Tokenizer tokenizer, String word) {
    int[] ids = tokenizer.encode(word, 8).ids();
    assertThat(ids).hasSize(3);
    return ids[1];
  }

  private static double product(TokenVectors vectors, int token, int other) {
    double sum = 0;
    for (int i = 0; i < vectors.width(); i++) {
      sum +=
          vectors.vectors()[token * vectors.width() + i]
              * vectors.vectors()[other * vectors.width() + i];
    }
    return sum;
  }

  @Test
  void new_settingsThatTextsCannotHave_areRefused() {
    SourceTexts texts = texts();
    assertThatThrownBy(
            () ->
                new PretrainingSettings(
                    new OptimizerSettings.AdamW(0.01),
                    0,
                    2,
                    0,
                    8,
                    texts,
                    0,
                    0.2,
                    0,
                    PrecisionChoice.FP32,
                    0.25,
                    3))
        .hasMessageContaining("MixUp: expected 0 for texts")
        .hasMessageContaining("found 0.2");
    TextEncoder encoder = (TextEncoder) texts.preprocessing(OptionalInt.empty());
    assertThatThrownBy(() -> new SourceTexts(encoder, 1))
        .hasMessage("the share of dropped tokens must be at least 0 and below 1 but is 1.0");
  }
}
