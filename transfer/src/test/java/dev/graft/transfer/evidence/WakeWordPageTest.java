package dev.graft.transfer.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.transfer.TransferException;
import dev.graft.transfer.evidence.StreamScores.Stretch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class WakeWordPageTest {
  private static final String HOSTILE = "<b>hey</b> & \"graft\" </title><script>alert(1)</script>";

  private final Path page;

  WakeWordPageTest(@TempDir Path folder) {
    this.page = folder.resolve("wakeword.html");
  }

  private static StreamScores said(double best) {
    double[] scores = new double[40];
    List<Stretch> phrases = new ArrayList<>();
    for (int i = 4; i < 40; i += 4) {
      scores[i] = best * (1 - i / 100.0);
      phrases.add(new Stretch(i + 0.5, i + 1));
    }
    return new StreamScores(scores, 1, 1, phrases, 0);
  }

  private static StreamScores others(double hours, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] scores = random.doubles(2_000).map(score -> Math.pow(score, 20)).toArray();
    return new StreamScores(scores, 1, 1, List.of(), hours);
  }

  static Stream<OperatingCurve> curves() {
    return Stream.of(
        OperatingCurve.of(List.of(said(0.999), others(5, 1)), 1),
        OperatingCurve.of(List.of(said(1), others(0.001, 2)), 1),
        OperatingCurve.of(List.of(said(0.9)), 1),
        OperatingCurve.of(List.of(others(2, 3)), 1),
        OperatingCurve.of(List.of(), 1));
  }

  private String written(OperatingCurve curve, String phrase, double threshold) throws IOException {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Window", "1.5 s, every 80 ms");
    facts.put("Recordings & <streams>", "other/room 1.wav, ".repeat(20));
    WakeWordPage.write(phrase, "Heard in 5 h of \"radio\" & talk.", curve, threshold, facts, page);
    return Files.readString(page);
  }

  @ParameterizedTest
  @MethodSource("curves")
  void write_anyCurve_isWellFormedAndSelfContained(OperatingCurve curve) throws IOException {
    String html = written(curve, HOSTILE, 0.5);
    assertThat(html).startsWith("<!doctype html>\n<html lang=\"en\">");
    assertThat(ReportPageTest.openTagsAtTheEnd(html)).isEmpty();
    assertThat(html)
        .contains("default-src 'none'")
        .contains("Wake word: &lt;b&gt;hey&lt;/b&gt; &amp; &quot;graft&quot;")
        .contains("Recordings &amp; &lt;streams&gt;")
        .contains("of &quot;radio&quot; &amp; talk.")
        .doesNotContain("<script", "<link", "url(", "@import", "NaN", "Infinity", "src=");
  }

  @Test
  void write_curve_saysWhatItsThresholdLeadsTo() throws IOException {
    OperatingCurve curve = OperatingCurve.of(List.of(said(0.999), others(5, 1)), 1);
    String html = written(curve, "hey graft", 0.5);
    assertThat(html)
        .contains("<h1>Wake word: hey graft</h1>")
        .contains("At its threshold of 0.500: " + shown(WakeWordWords.of(curve.at(0.5))) + ".")
        .contains("1.5 s, every 80 ms")
        .contains("Rates above 20 per hour are left out of the chart.");
    for (List<String> row : WakeWordWords.rows(curve)) {
      assertThat(html).contains(row.stream().map(WakeWordPageTest::shown).toList());
    }
    assertThat(html.split("class=\"mark", -1)).as("its threshold in the chart").hasSize(2);
  }

  /** As the page keeps a figure and its unit on one line. */
  private static String shown(String words) {
    return words.replace(" %", "&nbsp;%");
  }

  /** 0.3 lets some hundred hits an hour through: the chart ends long before that. */
  @Test
  void write_thresholdBeyondTheChart_isNotInIt() throws IOException {
    OperatingCurve curve = OperatingCurve.of(List.of(said(0.999), others(0.5, 1)), 1);
    assertThat(curve.at(0.3).falseAcceptsPerHour()).isGreaterThan(100);
    assertThat(written(curve, "hey graft", 0.3))
        .contains("<svg", "All thresholds")
        .doesNotContain("class=\"mark", "Its threshold");
  }

  @Test
  void write_folderThatIsMissing_saysSo() {
    Path nowhere = page.resolveSibling("nowhere").resolve("page.html");
    OperatingCurve curve = OperatingCurve.of(List.of(), 1);
    assertThatThrownBy(() -> WakeWordPage.write("a", "b", curve, 0.5, Map.of(), nowhere))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("Cannot write " + nowhere);
  }

  @Test
  void write_anyCurve_hasNothingThatOverlapsOverflowsOrIsEmpty() throws IOException {
    assumeTrue(Browser.program().isPresent(), Browser.ABSENT);
    try (Browser browser = new Browser(Browser.program().orElseThrow())) {
      written(curves().findFirst().orElseThrow(), HOSTILE.repeat(3), 0.999999999);
      assertThat(PageLayout.faults(browser, page)).isEmpty();
      written(OperatingCurve.of(List.of(), 1), "hey graft", 0.5);
      assertThat(PageLayout.faults(browser, page)).isEmpty();
      assertThat(browser.requests()).containsExactly(page.toUri().toString());
      assertThat(browser.complaints()).isEmpty();
    }
  }
}
