package dev.graft.transfer.explanation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.data.DataException;
import dev.graft.transfer.Strategy;
import dev.graft.transfer.ToyTexts;
import dev.graft.transfer.TransferException;
import dev.graft.transfer.TransferLearning;
import dev.graft.transfer.explanation.TextExplanation.WordEffect;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
  void words_anyScript_areFoundByTheirPlaces() {
    assertThat(words("Ob's gut, na\u00efv \u05e9\u05dc\u05d5\u05dd \ud83d\ude00 42!"))
        .containsExactly("Ob's", "gut", "na\u00efv", "\u05e9\u05dc\u05d5\u05dd", "42");
    assertThat(words("")).isEmpty();
    assertThat(words("?! ...")).isEmpty();
    assertThat(words("a ".repeat(2_000))).hasSize(TextExplainer.MOST_WORDS);
  }

  private static List<String> words(String text) {
    return TextExplainer.words(text).stream()
        .map(place -> text.substring(place[0], place[1]))
        .toList();
  }

  @Test
  void page_hostileText_isEscaped() {
    String page = explain("<script>alert(1)</script> bread\nsoup & wine").page();
    assertThat(page)
        .doesNotContain("<script>")
        .contains("&lt;<mark", "<br>", "&amp;", "Blue words speak for the class");
  }
}
