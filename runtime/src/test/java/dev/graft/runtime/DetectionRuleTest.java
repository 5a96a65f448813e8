package dev.graft.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DetectionRuleTest {
  private static final DetectionRule RULE =
      new DetectionRule("hey \"graft\"", 0.62, 16_000, 1_280, 2, 3, 1.5);

  private static final String VALID =
      ("{'modality':'audio','id2label':{'0':'other','1':'go'},'wake_word':{'phrase':'go','threshold':0.5,"
              + "'window_samples':100,'hop_samples':10,'patience':1,'within':1,'refractory_seconds':0}}")
          .replace('\'', '"');

  @TempDir Path folder = Path.of(".");

  private BundleConfig config(Modality modality, DetectionRule rule) {
    return new BundleConfig(
        List.of("other", "hey \"graft\""),
        modality,
        "speech",
        "",
        "head",
        1,
        "0.1.0",
        Optional.empty(),
        Optional.of(rule));
  }

  // --- ranges --------------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|100|10|1|1|0|threshold is 0.0; expected above 0 and below 1",
        "1|100|10|1|1|0|threshold is 1.0; expected above 0 and below 1",
        "NaN|100|10|1|1|0|threshold is NaN; expected above 0 and below 1",
        "0.5|0|10|1|1|0|windowSamples is 0.0; expected at least 1",
        "0.5|100|0|1|1|0|hopSamples is 0.0; expected at least 1",
        "0.5|100|10|0|1|0|patience is 0.0; expected 1 to 1 windows",
        "0.5|100|10|3|2|0|patience is 3.0; expected 1 to 2 windows",
        "0.5|100|10|1|0|0|within is 0.0; expected 1 to 1000 windows",
        "0.5|100|10|1|1001|0|within is 1001.0; expected 1 to 1000 windows",
        "0.5|100|10|1|1|-0.1|refractorySeconds is -0.1; expected 0 to 3600",
        "0.5|100|10|1|1|3601|refractorySeconds is 3601.0; expected 0 to 3600",
        "0.5|100|10|1|1|NaN|refractorySeconds is NaN; expected 0 to 3600",
      })
  void construct_valueOutOfRange_isNamed(
      double threshold,
      int window,
      int hop,
      int patience,
      int within,
      double refractory,
      String reason) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new DetectionRule("go", threshold, window, hop, patience, within, refractory))
        .withMessage("DetectionRule." + reason);
  }

  @Test
  void construct_endsOfTheRanges_areAllowed() {
    DetectionRule widest =
        new DetectionRule(
            "go", Math.nextDown(1.0), Integer.MAX_VALUE, Integer.MAX_VALUE, 1_000, 1_000, 3_600);
    assertThat(widest.within()).isEqualTo(1_000);
    assertThat(new DetectionRule("go", Double.MIN_VALUE, 1, 1, 1, 1, 0).patience()).isOne();
  }

  @Test
  void withThreshold_another_changesNothingElse() {
    assertThat(RULE.withThreshold(0.9))
        .isEqualTo(new DetectionRule("hey \"graft\"", 0.9, 16_000, 1_280, 2, 3, 1.5));
    assertThatIllegalArgumentException().isThrownBy(() -> RULE.withThreshold(1));
  }

  // --- config.json ---------------------------------------------------------------------------

  @Test
  void write_thenRead_givesTheSame() {
    Path file = folder.resolve("config.json");
    config(Modality.AUDIO, RULE).write(file);
    assertThat(BundleConfig.read(file)).isEqualTo(config(Modality.AUDIO, RULE));
    assertThat(BundleConfig.read(file).detection()).contains(RULE);
  }

  @Test
  void read_bundleOfBefore_hasNone() throws IOException {
    assertThat(read(VALID).detection()).contains(new DetectionRule("go", 0.5, 100, 10, 1, 1, 0));
    String without = VALID.replaceAll(",\"wake_word\":\\{[^}]*}", "");
    assertThat(without).doesNotContain("wake_word");
    assertThat(read(without).detection()).isEmpty();
    assertThat(read(without.replace("}}", "},\"wake_word\":null}")).detection()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'phrase':'go'|'x':1|wake_word.phrase is missing; expected a text",
        "'phrase':'go'|'phrase':7|wake_word.phrase is 7; expected a text",
        "'phrase':'go'|'phrase':'Go'|listens for \"Go\", which must be a label of a model for sound",
        "0.5|'0.5'|wake_word.threshold is \"0.5\"; expected a number",
        "0.5|null|wake_word.threshold is null; expected a number",
        "0.5|1.5|DetectionRule.threshold is 1.5; expected above 0 and below 1",
        "0.5|1e999|DetectionRule.threshold is Infinity",
        "'window_samples':100|'window_samples':1e2|window_samples is 100.0; expected a whole number",
        "'window_samples':100|'window_samples':4294967396|is 4294967396; expected a whole number",
        "'window_samples':100|'window_samples':-100|DetectionRule.windowSamples is -100.0",
        "'hop_samples':10|'hop_samples':[10]|wake_word.hop_samples is [10]; expected a whole number",
        "'patience':1|'patience':2|DetectionRule.patience is 2.0; expected 1 to 1 windows",
        "'within':1|'within':2000000000|DetectionRule.within is 2.0E9; expected 1 to 1000",
        "'refractory_seconds':0|'refractory_seconds':true|refractory_seconds is true",
        "'audio'|'image'|must be a label of a model for sound; the labels are [other, go]",
      })
  void read_hostileRule_namesFileAndReason(String from, String to, String reason)
      throws IOException {
    String changed = VALID.replace(from.replace('\'', '"'), to.replace('\'', '"'));
    assertThat(changed).isNotEqualTo(VALID);
    assertRefused(changed, reason);
  }

  @ParameterizedTest
  @CsvSource({"7", "[]", "true", "0.5"})
  void read_ruleThatIsNoObject_isRefused(String rule) throws IOException {
    assertRefused(
        VALID.replaceAll("\"wake_word\":\\{[^}]*}", "\"wake_word\":" + rule),
        "wake_word is " + rule + "; expected an object");
  }

  private void assertRefused(String json, String reason) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining(folder.resolve("config.json").toString())
        .hasMessageContaining(reason)
        .hasMessageContaining("restore the file graft wrote");
  }

  @Test
  void construct_ruleForAModelOfImages_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> config(Modality.IMAGE, RULE))
        .withMessageContaining("BundleConfig.detection listens for \"hey \"graft\"\"");
  }

  private BundleConfig read(String json) throws IOException {
    return BundleConfig.read(Files.writeString(folder.resolve("config.json"), json));
  }
}
