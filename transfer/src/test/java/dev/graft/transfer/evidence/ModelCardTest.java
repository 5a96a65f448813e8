package dev.graft.transfer.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModelCardTest {

  private final Path folder;

  ModelCardTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void frontMatter_headOnly_isWhatHubsRead() throws IOException {
    String card = card(SampleRecords.headOnly());
    assertThat(card)
        .startsWith(
            """
            ---
            library_name: graft
            license: apache-2.0
            base_model: "mobilenetv2-0.35-imagenet-headless"
            pipeline_tag: image-classification
            tags:
            - image-classification
            """)
        .contains(
            """
            datasets:
            - "ants-bees.zip"
            """)
        .contains(
            """
                dataset:
                  name: "ants-bees.zip"
                  type: imagefolder
                  split: test
                metrics:
                - type: accuracy
                  name: Accuracy
                  value: 0.941176
            """)
        .contains("      split: validation\n");
  }

  @Test
  void card_everythingFound_hasTheKeyFiguresInShort() throws IOException {
    assertThat(card(SampleRecords.rich()))
        .contains("On test images, probabilities are off by 2.7 % on average")
        .contains("such a set holds the true class in 90 % of images like these")
        .contains("With twice as many images, 488, about 93.9 % are expected")
        .contains("> **Caution.** 14 labels are likely wrong");
  }

  @ParameterizedTest
  @CsvSource({
    "MIT, 'license: mit\n'",
    "cc-by-4.0, 'license: cc-by-4.0\n'",
    "Our own terms: \"A\", 'license: other\nlicense_name: \"Our own terms: \\\"A\\\"\"\n'"
  })
  void frontMatter_licence_isAnIdentifierOrOther(String licence, String expected)
      throws IOException {
    assertThat(card(withLicence(Optional.of(licence)))).contains("\n" + expected);
  }

  @Test
  void frontMatter_noLicence_isUnknown() throws IOException {
    assertThat(card(withLicence(Optional.empty())))
        .contains("\nlicense: unknown\n")
        .contains("| its licence | unknown |");
  }

  @Test
  void card_withTest_saysHowGoodInWords() throws IOException {
    assertThat(card(SampleRecords.headOnly()))
        .contains(
            "On 153 test images that training never saw, 144 were right: 94.1 % (95 % interval 89.2"
                + " % to 96.9 %).")
        .contains("Always answering “ants”, the most frequent class, would be right in 50.3 %.")
        .contains("| test | 153 | 94.1 % | 89.2 % to 96.9 % |")
        .contains("| ants | 121 | 76 |")
        .contains("2 files of the data were left out")
        .doesNotContain("Caution");
  }

  @Test
  void card_withoutTest_warnsThatValidationIsTooGood() throws IOException {
    assertThat(card(SampleRecords.withoutTest()))
        .contains("On 80 validation images (5 folds")
        .contains("> **Caution.** The data have no test part.")
        .contains("> **Caution.** 80 images are few")
        .doesNotContain("split: test");
  }

  @Test
  void card_usage_namesTheModelsTensors() throws IOException {
    assertThat(card(SampleRecords.headOnly()))
        .contains("Predictor.load(Path.of(\".\"))")
        .contains("session.run([\"probabilities\"], {\"image\": pixels})")
        .doesNotContain("{input}", "{probabilities}", "{model}", "{config}");
  }

  @Test
  void card_ofRecordings_speaksOfThemAlone() throws IOException {
    assertThat(card(SampleRecords.ofRecordings()))
        .contains("pipeline_tag: audio-classification\n", "      type: audiofolder\n")
        .contains("# Sound classifier: wake-words.zip", "takes raw samples and gives")
        .contains("On 153 test recordings that training never saw")
        .contains("| class | train recordings | test recordings |")
        .contains("graft predict . recording.wav", "Path.of(\"recording.wav\")")
        .contains("session.run([\"probabilities\"], {\"waveform\": waveform})")
        .doesNotContainPattern("(?i)image|photo|picture|pixel")
        .doesNotContain("{input}", "{probabilities}", "{model}", "{config}", "{preprocessor}");
  }

  @Test
  void card_manyClasses_listsTheFirstFifty() throws IOException {
    assertThat(card(SampleRecords.manyClasses(60)))
        .contains("| species number 50 |")
        .doesNotContain("| species number 51 |")
        .contains("and 10 more; `config.json` lists all of them.");
  }

  @Test
  void card_hostileNames_areText() throws IOException {
    String card = card(SampleRecords.hostile());
    assertThat(card).doesNotContain("\u202E");
    String body = card.substring(card.indexOf("\n---\n"));
    // Inside back-ticks everything is text; everywhere else it must be escaped.
    assertThat(body.replaceAll("(?<!\\\\)`[^`\n]*`", "").replace("\\]", ""))
        .doesNotContain("<script", "<td", "](", "http://");
    assertThat(body.lines().filter(line -> line.startsWith("| &lt;/td&gt;")))
        .singleElement()
        .satisfies(line -> assertThat(line.replace("\\|", "")).matches("[^|]*\\|[^|]*\\|[^|]*\\|"));
  }

  @Test
  void card_laterRunOfTheSame_isTheSame() throws IOException {
    TrainingRecord record = SampleRecords.headOnly();
    assertThat(card(SampleRecords.later(record))).isEqualTo(card(record));
  }

  @ParameterizedTest
  @CsvSource({
    "plain, '\"plain\"'",
    "'a\"b\\c: #', '\"a\\\"b\\\\c: #\"'",
    "猫, '\"猫\"'",
    "'\n\t', '\"\\U0000000A\\U00000009\"'"
  })
  void quoted_anyText_isOneLineOfYaml(String value, String expected) {
    assertThat(FrontMatter.quoted(value)).isEqualTo(expected);
  }

  private String card(TrainingRecord record) throws IOException {
    Path file = folder.resolve("README.md");
    ModelCard.write(record, file);
    return Files.readString(file);
  }

  private static TrainingRecord withLicence(Optional<String> licence) {
    TrainingRecord record = SampleRecords.headOnly();
    TrainingRecord.Source old = record.backbone();
    TrainingRecord.Source backbone =
        new TrainingRecord.Source(
            old.id(),
            old.sha256(),
            licence,
            old.inputShape(),
            old.featureTensor(),
            old.features(),
            old.removedHead(),
            old.parameters(),
            old.multiplyAdds(),
            old.trainedBlocks(),
            Optional.empty(),
            java.util.Map.of("model.onnx", "0".repeat(64)));
    return new TrainingRecord(
        record.data(),
        backbone,
        record.strategy(),
        record.head(),
        record.settings(),
        record.precision(),
        record.candidates(),
        record.history(),
        record.validation(),
        record.validationMethod(),
        record.test(),
        record.testPredictions(),
        record.findings(),
        record.notes(),
        record.seconds(),
        record.environment(),
        record.seed(),
        record.finished());
  }
}
