package dev.graft.transfer.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ReportPageTest {

  private static final Pattern TAG = Pattern.compile("<(/?)([a-zA-Z0-9]+)([^<>]*?)(/?)>");
  private static final Set<String> WITHOUT_END = Set.of("meta");

  private final Path folder;

  ReportPageTest(@TempDir Path folder) {
    this.folder = folder;
  }

  static Stream<TrainingRecord> records() {
    return Stream.of(
        SampleRecords.headOnly(),
        SampleRecords.withoutTest(),
        SampleRecords.manyClasses(12),
        SampleRecords.manyClasses(60),
        SampleRecords.hostile());
  }

  @ParameterizedTest
  @MethodSource("records")
  void page_anyRecord_isWellFormedAndSelfContained(TrainingRecord record) throws IOException {
    String page = page(record);
    assertThat(page).startsWith("<!doctype html>\n<html lang=\"en\">");
    assertThat(openTagsAtTheEnd(page)).isEmpty();
    assertThat(page)
        .contains("default-src 'none'")
        .doesNotContain("<script", "<link", "<img", "src=", "url(", "@import", "NaN", "Infinity");
    Matcher links = Pattern.compile("href=\"([^\"]*)\"").matcher(page);
    while (links.find()) {
      assertThat(links.group(1)).startsWith("#");
      assertThat(page).contains("<section id=\"" + links.group(1).substring(1) + "\"");
    }
  }

  @Test
  void page_withTest_beginsWithTheFindingInWords() throws IOException {
    String page = page(SampleRecords.headOnly());
    assertThat(page)
        .contains(
            "<p class=\"lead\">On 153 test images that training never saw, 144 were right: 94.1&nbsp;%"
                + " (95&nbsp;% interval 89.2&nbsp;% to 96.9&nbsp;%).</p>");
    assertThat(page.indexOf("class=\"lead\"")).isLessThan(page.indexOf("<table"));
    assertThat(page).contains("train/ants/broken.jpg", "the file ends in the middle of the image");
    assertThat(page).contains("2026-03-01 10:15:30 UTC");
  }

  @Test
  void page_withoutTest_hasNoTestSectionAndWarns() throws IOException {
    assertThat(page(SampleRecords.withoutTest()))
        .doesNotContain("id=\"test\"", "href=\"#test\"")
        .contains("The data have no test part.");
  }

  @Test
  void page_headOnly_drawsTheCandidates() throws IOException {
    assertThat(page(SampleRecords.headOnly()))
        .contains("Validation log loss by regularisation strength")
        .contains("<circle class=\"mark series0\"", ">0.0001</text>", ">1</text>")
        .doesNotContain("Training of the unfrozen layers");
  }

  @Test
  void page_trainingThatDiverged_leavesTheMissingValuesOut() throws IOException {
    String page = page(SampleRecords.manyClasses(12));
    assertThat(page).contains("Training of the unfrozen layers", "Loss by epoch");
    Matcher curve =
        Pattern.compile("<polyline class=\"series1\" points=\"([^\"]*)\"")
            .matcher(page.substring(page.indexOf("Loss by epoch")));
    assertThat(curve.find()).isTrue();
    assertThat(curve.group(1).split(" ")).hasSize(13);
  }

  @Test
  void page_twelveClasses_showsTheMatrix() throws IOException {
    assertThat(page(SampleRecords.manyClasses(12)))
        .contains("confusion matrix")
        .contains("class=\"number hit\"", "class=\"number miss\"");
  }

  @Test
  void page_sixtyClasses_listsConfusionsInstead() throws IOException {
    assertThat(page(SampleRecords.manyClasses(60)))
        .contains("the most frequent confusions")
        .doesNotContain("confusion matrix");
  }

  @Test
  void page_hostileNames_areText() throws IOException {
    String page = page(SampleRecords.hostile());
    assertThat(page)
        .contains("&lt;/td&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;")
        .doesNotContain("<script", "\u202E");
  }

  @Test
  void page_laterRunOfTheSame_differsInTheTimeTableOnly() throws IOException {
    TrainingRecord record = SampleRecords.headOnly();
    List<String> first = page(record).lines().toList();
    List<String> second = page(SampleRecords.later(record)).lines().toList();
    assertThat(first).hasSameSizeAs(second);
    int table = first.indexOf("<caption>Time</caption>");
    assertThat(first.subList(0, table)).isEqualTo(second.subList(0, table));
    assertThat(first.subList(table, first.size()))
        .isNotEqualTo(second.subList(table, first.size()));
  }

  // Words

  @Test
  void baseline_modelNoBetterThanGuessing_isSaid() {
    Evaluation weak = SampleRecords.evaluation(List.of("a", "b"), 40, 18, 1);
    assertThat(EvidenceWords.baseline(weak))
        .contains("would be right in 50.0 %")
        .contains("do not show that the model does better");
  }

  @Test
  void cautions_rareClassMissed_nameIt() {
    int[] labels = new int[200];
    float[] probabilities = new float[400];
    for (int example = 0; example < 200; example++) {
      labels[example] = example < 6 ? 1 : 0;
      probabilities[2 * example] = 1;
    }
    Evaluation imbalanced = Evaluation.of(List.of("common", "rare"), labels, probabilities);
    TrainingRecord record = withTest(imbalanced);
    assertThat(EvidenceWords.cautions(record))
        .anySatisfy(text -> assertThat(text).contains("“rare” (6)"))
        .anySatisfy(text -> assertThat(text).contains("Balanced accuracy", "only 50.0 %"));
    assertThat(EvidenceWords.weakest(imbalanced))
        .hasValueSatisfying(
            text ->
                assertThat(text)
                    .contains("“rare” (0 of 6)", "“rare” taken for “common” (6 times)"));
  }

  @Test
  void format_numbers_areShort() {
    assertThat(
            Stream.of(0.0, 1.0, 0.01, 1e-4, 0.25, 250.0, 1e-5, 1e6, -3.0, 2.5e-7)
                .map(LineChart::format))
        .containsExactly(
            "0", "1", "0.01", "0.0001", "0.25", "250", "1e-05", "1e+06", "-3", "2.5e-07");
  }

  private static TrainingRecord withTest(Evaluation test) {
    TrainingRecord record = SampleRecords.headOnly();
    return new TrainingRecord(
        record.data(),
        record.backbone(),
        record.strategy(),
        record.head(),
        record.settings(),
        record.precision(),
        record.candidates(),
        record.history(),
        record.validation(),
        record.validationMethod(),
        Optional.of(test),
        record.findings(),
        record.notes(),
        record.seconds(),
        record.environment(),
        record.seed(),
        record.finished());
  }

  private String page(TrainingRecord record) throws IOException {
    Path file = folder.resolve("report.html");
    ReportPage.write(record, file);
    return Files.readString(file);
  }

  /** The elements that are never closed; fails where an end does not fit the last beginning. */
  private static Deque<String> openTagsAtTheEnd(String page) {
    String markup = page.replaceAll("(?s)<style>.*?</style>", "").replace("<!doctype html>", "");
    Deque<String> open = new ArrayDeque<>();
    Matcher tags = TAG.matcher(markup);
    while (tags.find()) {
      String name = tags.group(2);
      if (tags.group(4).equals("/") || WITHOUT_END.contains(name)) {
        continue;
      }
      if (tags.group(1).isEmpty()) {
        open.push(name);
      } else {
        assertThat(open.pop()).as("at %d", tags.start()).isEqualTo(name);
      }
    }
    return open;
  }
}
