package dev.graft.transfer.explanation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.data.DataException;
import dev.graft.transfer.Strategy;
import dev.graft.transfer.ToyTexts;
import dev.graft.transfer.TransferException;
import dev.graft.transfer.TransferLearning;
import dev.graft.transfer.evidence.ExplainedText;
import dev.graft.transfer.evidence.WordEffect;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(Lifecycle.PER_CLASS)
final class TextExplainerTest {
  private final Path folder;
  private TextExplainer explainer;

  @SuppressWarnings("NullAway.Init") // loaded before the first test
  TextExplainerTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeAll
  void train() {
    Path bundle = folder.resolve("model");
    TransferLearning.from(ToyTexts.backbone(folder))
        .seed(3)
        .withoutCache()
        .strategy(new Strategy.HeadThenAll())
        .epochs(10)
        .fit(ToyTexts.dataset(folder, 60, 5))
        .save(bundle);
    explainer = TextExplainer.load(bundle);
  }

  @AfterAll
  void close() {
    explainer.close();
  }

  private TextExplanation explain(String text) {
    return explainer.explain(text, "a text", Optional.empty());
  }

  @Test
  void explain_topicWords_areMarkedAndMatter() {
    TextExplanation found = explain("we had some bread and the very good soup today, more cheese");

    assertThat(found.label()).isEqualTo("food");
    assertThat(found.words()).hasSize(12);
    // At most a quarter of the words, and only what speaks for the class.
    assertThat(found.marked())
        .hasSizeBetween(1, 3)
        .extracting(found::word)
        .containsAnyOf("bread", "soup", "cheese");
    assertThat(found.isConfirmed()).isTrue();
    assertThat(found.withoutMarked()).isLessThan(found.probability());
    assertThat(found.neighbours()).isNotEmpty();
  }

  @Test
  void load_explainerOfPictures_namesTheOneOfTexts() {
    Path bundle = folder.resolve("model");
    assertThatThrownBy(() -> Explainer.load(bundle, ExplanationOptions.defaults()))
        .isInstanceOf(TransferException.class)
        .hasMessageContainingAll("found one of texts", "TextExplainer explains those");
  }

  @Test
  void explain_otherClass_marksWhatSpeaksForThatOne() {
    TextExplanation found =
        explainer.explain(
            "rain bread snow and storm bread with wind", "a text", Optional.of("food"));
    WordEffect strongest = found.marked().get(0);
    assertThat(found.label()).isEqualTo("food");
    assertThat(found.word(strongest)).isEqualTo("bread");
  }

  @Test
  void explain_sameText_sameAnswer() {
    String text = "violin and drum with rain";
    assertThat(explain(text)).isEqualTo(explain(text));
  }

  @Test
  void explain_singleWord_isRefused() {
    assertThatThrownBy(() -> explain("bread!"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("a text of two words or more is expected, found 1");
  }

  @Test
  void explain_unknownClass_isRefusedWithTheKnownOnes() {
    assertThatThrownBy(() -> explainer.explain("bread soup", "a text", Optional.of("sports")))
        .isInstanceOf(TransferException.class)
        .hasMessageContainingAll("\"sports\"", "food, music, weather");
  }

  @Test
  void explain_longText_isCutToWhatTheModelReads() {
    String read = "bread soup ".repeat(ToyTexts.PLACES / 2);
    TextExplanation found = explain(read + "violin ".repeat(500));
    assertThat(found.coloured().text()).isEqualTo(read.strip());
    assertThat(found.coloured().cut()).isTrue();
    assertThat(found.probability()).isEqualTo(explain(read).probability());
    assertThat(found.page())
        .contains("more than the model reads", " \u2026</p>")
        .doesNotContain("violin");
  }

  @Test
  void explain_fewParts_leavesNeighboursOutTogether() {
    TextExplanation found =
        explainer.explain("we had bread, soup and cheese today", "a text", Optional.of("food"), 3);
    assertThat(found.words())
        .extracting(found::word)
        .containsExactly("we had bread", "soup and cheese", "today");
    assertThat(found.marked()).hasSize(1);
  }

  @Test
  void words_anyScript_areFoundByTheirPlaces() {
    assertThat(words("Ob's gut, na\u00efv \u05e9\u05dc\u05d5\u05dd 42!"))
        .containsExactly("Ob's", "gut", "na\u00efv", "\u05e9\u05dc\u05d5\u05dd", "42");
    assertThat(words("")).isEmpty();
    assertThat(words("?! ...")).isEmpty();
    assertThat(words("a ".repeat(2_000))).hasSize(TextExplainer.MOST_WORDS);
  }

  @Test
  void words_emoji_areWordsAndStayWhole() {
    String programmer = "\ud83d\udc69\u200d\ud83d\udcbb";
    String darkThumb = "\ud83d\udc4d\ud83c\udffd";
    assertThat(words("so " + programmer + " " + darkThumb + ", \u2764\ufe0f!"))
        .containsExactly("so", programmer, darkThumb, "\u2764\ufe0f");
  }

  private static List<String> words(String text) {
    return TextWords.of(text, TextExplainer.MOST_WORDS).stream()
        .map(place -> text.substring(place[0], place[1]))
        .toList();
  }

  // reports

  private static ChosenText chosen(String id, String text) {
    return new ChosenText(id, "food", "test", "food", text);
  }

  private List<ExplainedText> reported(List<ChosenText> texts, long multiplyAdds) {
    return ReportExplanations.of(folder.resolve("model"), texts, multiplyAdds);
  }

  @Test
  void report_texts_areExplainedAsByTheCommand() {
    ExplainedText found = reported(List.of(chosen("1", "bread with snow and soup")), 1_000).get(0);
    TextExplanation same = explainer.explain("bread with snow and soup", "1", Optional.of("food"));
    assertThat(found.words()).isEqualTo(same.coloured());
    assertThat(found.probability()).isEqualTo(same.probability());
    assertThat(found.withoutMarked()).isEqualTo(same.withoutMarked());
    assertThat(found.isRight()).isTrue();
    assertThat(found.words().word(found.words().marked().get(0))).isIn("bread", "soup");
  }

  @Test
  void report_singleWord_isLeftOut() {
    assertThat(reported(List.of(chosen("1", "bread"), chosen("2", "bread soup")), 1_000))
        .extracting(ExplainedText::id)
        .containsExactly("2");
    assertThat(reported(List.of(), 1_000)).isEmpty();
  }

  @Test
  void report_costlyModel_explainsFewerTextsInCoarserParts() {
    String text = "the bread and soup was good today with cheese and more apple taste we had";
    List<ChosenText> texts = IntStream.range(0, 12).mapToObj(i -> chosen("" + i, text)).toList();
    assertThat(reported(texts, 1_000_000))
        .hasSize(12)
        .allSatisfy(one -> assertThat(one.words().words()).hasSize(15));
    assertThat(reported(texts, 100_000_000_000L))
        .hasSize(3)
        .allSatisfy(one -> assertThat(one.words().words()).hasSize(8));
  }

  @Test
  void page_hostileText_isEscaped() {
    String page = explain("<script>alert(1)</script> bread\nsoup & wine").page();
    assertThat(page)
        .doesNotContain("<script>")
        .contains("&lt;", "<br>", "&amp;", "Blue words with a solid line speak for the class");
  }
}
