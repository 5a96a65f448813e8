package dev.graft.transfer.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.transfer.evidence.DataFindings.DuplicateGroup;
import dev.graft.transfer.evidence.DataFindings.Member;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
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
  private static final Set<String> WITHOUT_END = Set.of("meta", "br", "img");

  private final Path folder;

  ReportPageTest(@TempDir Path folder) {
    this.folder = folder;
  }

  static Stream<TrainingRecord> records() {
    return Stream.of(
        SampleRecords.headOnly(),
        SampleRecords.rich(),
        SampleRecords.with(SampleRecords.headOnly(), SampleFindings.nothingOdd()),
        SampleRecords.withoutTest(),
        SampleRecords.manyClasses(12),
        SampleRecords.manyClasses(60),
        SampleRecords.ofRecordings(),
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
        .doesNotContain("<script", "<link", "url(", "@import", "NaN", "Infinity");
    Matcher sources = Pattern.compile("src=\"([^\"]*?,)").matcher(page);
    while (sources.find()) {
      assertThat(sources.group(1)).isIn("data:image/jpeg;base64,", "data:audio/wav;base64,");
    }
    Matcher links = Pattern.compile("href=\"([^\"]*)\"").matcher(page);
    while (links.find()) {
      assertThat(links.group(1)).startsWith("#");
      assertThat(page).contains("<section id=\"" + links.group(1).substring(1) + "\"");
    }
  }

  @Test
  void page_ofRecordings_speaksOfThemAlone() throws IOException {
    String words =
        page(SampleRecords.ofRecordings())
            .replaceAll("(?s)<style>.*</style>", "")
            .replaceAll("src=\"[^\"]*\"", "")
            .replaceAll("class=\"[^\"]*\"", "")
            .replaceAll("<meta[^>]*>", "");
    assertThat(words)
        .contains("On 153 test recordings that training never saw")
        .contains("1 group of nearly the same recordings")
        .contains("Spectrograms: time to the right", "alt=\"Spectrogram of recording test/jarvis")
        .contains(
            "<audio controls", "aria-label=\"Listen to test/jarvis/clip-3.wav, labelled jarvis")
        .contains("The model is better, beyond chance: 40 only the model tells right")
        .contains(
            "judge it by ear", "multiply-adds a recording", "1 recording is unlike all others")
        .doesNotContainPattern("(?i)\\b(image|photo|picture|pixel)s?\\b");
  }

  @Test
  void page_ofTexts_marksTheWordsThatAnswersRestOn() throws IOException {
    String page = page(SampleRecords.ofTexts());
    assertThat(page)
        .contains(
            "<mark class=\"for\" style=\"--share:1.00\" title=\"+3.00 log odds\">My</mark>",
            "<mark class=\"against\" style=\"--share:0.25\" title=\"-0.75 log odds\">was</mark>")
        .contains(
            "Blue words with a solid line speak for the class, orange ones with a dotted line")
        .contains("For “exchange rate”: <bdi>My</bdi> (+3.0), <bdi>card</bdi> (+1.5)")
        .contains("Against it: <bdi>was</bdi> (−0.8)")
        .contains(
            "The saved model gives it 97.0&nbsp;%, without these 4 words 31.0&nbsp;%, without as"
                + " many others 95.0&nbsp;%.")
        .contains("Right, and sure of it", "“card lost”, rightly")
        .contains("\ud83d\udc69\u200d\ud83d\udcbb", "\u05d1\u05d1\u05d9\u05ea \u2026")
        .contains("&lt;b&gt;now&lt;/b&gt;")
        .doesNotContain("<b>", "\ufffd");
    // The fifth mistake was not explained.
    assertThat(page.split("<figure class=\"text marked\">", -1)).hasSize(7);
    assertThat(page.split("<figure class=\"text\">", -1)).hasSize(2);
    assertThat(openTagsAtTheEnd(page)).isEmpty();
  }

  @Test
  void page_marksOfHeldOutTexts_saysWhoseTheyAre() throws IOException {
    TrainingRecord record = SampleRecords.ofTexts();
    List<ExplainedText> heldOut =
        record.findings().explained().stream()
            .map(
                text ->
                    new ExplainedText(
                        text.id(),
                        text.label(),
                        "validation",
                        text.explained(),
                        0.2,
                        "card lost",
                        new ColouredText(text.words().text(), false, List.of()),
                        0.2,
                        0.2))
            .toList();
    assertThat(page(SampleRecords.with(record, record.findings().with(heldOut))))
        .contains("which has learned from these texts since or was chosen by them")
        .contains("No single word speaks for “exchange rate”.")
        .contains("The saved model gives it 20.0&nbsp;%. It answers “card lost” instead.");
  }

  @Test
  void page_withTest_beginsWithTheFindingInWords() throws IOException {
    String page = page(SampleRecords.headOnly());
    assertThat(page)
        .contains(
            "<p class=\"lead\">On 153 test images that training never saw, 144 were right:"
                + " 94.1&nbsp;% (95&nbsp;% interval 89.2&nbsp;% to 96.9&nbsp;%).</p>");
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

  // Findings

  @Test
  void page_nothingLookedFor_hasNoSectionsOfFindings() throws IOException {
    assertThat(page(SampleRecords.headOnly()))
        .doesNotContain(
            "id=\"calibration\"",
            "id=\"curve\"",
            "id=\"ladder\"",
            "id=\"mistakes\"",
            "id=\"doctor\"")
        .contains("took no part in training.</p>");
  }

  @Test
  void page_everythingFound_tellsItInWordsAndFigures() throws IOException {
    assertThat(page(SampleRecords.rich()))
        .contains(
            "Take these figures with care:",
            "1 group of nearly the same images lies in several parts",
            "14 labels are likely wrong",
            "fixes.csv beside this page has a line for each image named here; write relabel or drop",
            "Label more images. With twice as many images",
            "<a href=\"#doctor\">See below</a>",
            "The model was too sure of itself",
            "logits are divided by 1.62",
            "in 90&nbsp;% of images like these, with 1.12 classes",
            "On the test images it held in 92.2&nbsp;% (95&nbsp;% interval 86.8&nbsp;% to"
                + " 95.4&nbsp;%)",
            "<polygon class=\"band1\"",
            "11 only it tells right, 4 only the other",
            "“ants” taken for “bees”<br>99.3&nbsp;% sure",
            "alt=\"Image train/ants/suspect-0.jpg, labelled ants\"",
            "Group 1: 2 images, different labels",
            "Group 2: 2 images, in different parts of the data",
            "trying the last 3 of 9 blocks");
  }

  @Test
  void page_lookedForAndNothingFound_saysSo() throws IOException {
    assertThat(page(SampleRecords.with(SampleRecords.headOnly(), SampleFindings.nothingOdd())))
        .contains(
            "No label that was judged looks wrong.",
            "No images are nearly the same.",
            "No image is unlike all others.",
            "do not tell the classes apart",
            "and nothing odd was found in the data.")
        .doesNotContain("See below");
  }

  @Test
  void page_copiesWithinTheTrainingPart_areOddButNoCaution() throws IOException {
    assertThat(pageWithCopies(SampleRecords.headOnly(), false, "train", "train"))
        .contains("Each group was kept on one side of every split", "can be trusted")
        .doesNotContain("nothing odd was found", "too good");
  }

  @Test
  void page_copiesThatSplitsMayHavePartedWithoutTestPart_isACaution() throws IOException {
    assertThat(pageWithCopies(SampleRecords.withoutTest(), true, "train", "train"))
        .contains(
            "1 group of these was not kept together when training split its examples",
            "1 group of nearly the same images was not kept together when training split its examples: what"
                + " was held out may partly have been seen in training")
        .doesNotContain("Each group was kept on one side", "can be trusted for");
    assertThat(pageWithCopies(SampleRecords.headOnly(), true, "train", "train"))
        .doesNotContain("what was held out may partly");
  }

  @Test
  void page_copiesInTest_areACaution_copiesInValidationBesideATestPart_areNot() throws IOException {
    String leak = "what was tested on was partly seen in training";
    assertThat(pageWithCopies(SampleRecords.headOnly(), false, "train", "test")).contains(leak);
    assertThat(pageWithCopies(SampleRecords.headOnly(), false, "train", "validation"))
        .doesNotContain(leak)
        .contains("in one part of the data, so that the test is a test");
  }

  private String pageWithCopies(TrainingRecord record, boolean acrossSplits, String... parts)
      throws IOException {
    List<Member> members = new ArrayList<>();
    for (String part : parts) {
      members.add(new Member(part + "/ants/" + members.size() + ".jpg", "ants", part));
    }
    DuplicateGroup group =
        new DuplicateGroup(members, false, !parts[0].equals(parts[1]), acrossSplits);
    Findings clean = SampleFindings.nothingOdd();
    Findings found =
        new Findings(
            clean.calibration(),
            Optional.of(
                new DataFindings(List.of(), List.of(group), List.of(), List.of(), List.of())),
            clean.learningCurve(),
            clean.ladder(),
            List.of(),
            List.of(),
            List.of(),
            ShownExamples.NONE);
    return page(SampleRecords.with(record, found));
  }

  @Test
  void page_mistakeWithoutPicture_standsInTheTableOnly() throws IOException {
    Findings rich = SampleFindings.rich(List.of("ants", "bees"));
    String page = page(SampleRecords.with(SampleRecords.headOnly(), rich.with(ShownExamples.NONE)));
    assertThat(page).doesNotContain("<img").contains("The surest mistakes</caption>");
  }

  @Test
  void page_dataInAFolder_isNamedWithoutItInTheTitle() throws IOException {
    assertThat(EvidenceWords.dataName(SampleRecords.named("/home/anna/ants-bees.zip")))
        .isEqualTo("ants-bees.zip");
    assertThat(EvidenceWords.dataName(SampleRecords.named("C:\\data\\insects\\")))
        .isEqualTo("insects");
    assertThat(EvidenceWords.dataName(SampleRecords.named("/"))).isEqualTo("/");
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
                .map(ChartAxis::format))
        .containsExactly(
            "0", "1", "0.01", "0.0001", "0.25", "250", "1e-05", "1e+06", "-3", "2.5e-07");
  }

  @Test
  void ticks_shortLogarithmicAxis_areOneTwoAndFiveTimesPowersOfTen() {
    ChartAxis axis = new ChartAxis("", ChartAxis.Scale.LOGARITHMIC, "", 24, 976);
    assertThat(axis.ticks(6)).containsExactly(50.0, 100.0, 200.0, 500.0);
    assertThat(axis.share(24)).isEqualTo(0);
    assertThat(axis.share(Math.sqrt(24 * 976))).isCloseTo(0.5, within(1e-12));
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
        record.testPredictions(),
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
  static Deque<String> openTagsAtTheEnd(String page) {
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
