package dev.graft.transfer.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report as a browser shows it; skipped where no Chromium is installed. */
final class ReportLayoutTest {
  private static @Nullable Browser started;

  private final Path folder;

  ReportLayoutTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeAll
  static void start() throws IOException {
    assumeTrue(Browser.program().isPresent(), Browser.ABSENT);
    started = new Browser(Browser.program().orElseThrow());
  }

  @AfterAll
  static void stop() throws IOException {
    if (started != null) {
      started.close();
    }
  }

  @Test
  void page_everythingFound_hasNothingThatOverlapsOverflowsOrIsEmpty() throws IOException {
    assertThat(faults(SampleRecords.rich())).isEmpty();
  }

  @Test
  void page_ofRecordings_hasNothingThatOverlapsOverflowsOrIsEmpty() throws IOException {
    assertThat(faults(SampleRecords.ofRecordings())).isEmpty();
  }

  @Test
  void page_ofTexts_hasNothingThatOverlapsOverflowsOrIsEmpty() throws IOException {
    assertThat(faults(SampleRecords.ofTexts())).isEmpty();
  }

  @Test
  void page_ofTexts_marksCanBeToldWithoutColours() throws IOException {
    browser().open(page(SampleRecords.ofTexts()));
    for (String kind : List.of("for", "against")) {
      String style = "getComputedStyle(document.querySelector('mark." + kind + "'))";
      assertThat(browser().evaluate(style + ".textDecorationLine").asText()).isEqualTo("underline");
      assertThat(browser().evaluate(style + ".textDecorationStyle").asText())
          .isEqualTo(kind.equals("for") ? "solid" : "dotted");
    }
    assertThat(
            browser()
                .evaluate("getComputedStyle(document.querySelector('.explained')).direction")
                .asText())
        .isEqualTo("ltr");
    assertThat(
            browser()
                .evaluate("getComputedStyle(document.querySelectorAll('.explained')[1]).direction")
                .asText())
        .isEqualTo("rtl");
  }

  @Test
  void page_ofRecordings_asksForNothingElseAndCanBePlayed() throws IOException {
    Path page = page(SampleRecords.ofRecordings());
    browser().open(page);
    assertThat(browser().requests())
        .allMatch(asked -> asked.equals(page.toUri().toString()) || asked.startsWith("data:"));
    assertThat(browser().complaints()).isEmpty();
    String playable =
        "[...document.querySelectorAll('audio')].every(a => a.error === null && a.duration > 0.09)";
    assertThat(browser().evaluate(playable).asBoolean()).isTrue();
  }

  @Test
  void page_twelveClassesAndEpochs_hasNothingThatOverlapsOverflowsOrIsEmpty() throws IOException {
    assertThat(faults(SampleRecords.richWithManyClasses())).isEmpty();
  }

  @Test
  void page_nothingFound_hasNothingThatOverlapsOverflowsOrIsEmpty() throws IOException {
    Findings nothing = SampleFindings.nothingOdd();
    assertThat(faults(SampleRecords.with(SampleRecords.withoutTest(), nothing))).isEmpty();
  }

  @Test
  void page_hostileNames_hasNothingThatOverlapsOverflowsOrIsEmpty() throws IOException {
    assertThat(faults(SampleRecords.hostile())).isEmpty();
  }

  @Test
  void page_opened_asksForNothingElseAndBreaksNoRuleOfItsPolicy() throws IOException {
    Path page = page(SampleRecords.rich());
    browser().open(page);
    assertThat(browser().requests()).containsExactly(page.toUri().toString());
    assertThat(browser().complaints()).isEmpty();
  }

  @Test
  void page_darkScheme_isDark() throws IOException {
    browser().prefer("dark");
    browser().open(page(SampleRecords.rich()));
    String background = "getComputedStyle(document.body).backgroundColor";
    assertThat(browser().evaluate(background).asText()).isEqualTo("rgb(20, 23, 28)");
    browser().prefer("light");
    assertThat(browser().evaluate(background).asText()).isEqualTo("rgb(255, 255, 255)");
  }

  @Test
  void page_printed_hasSeveralPages() throws IOException {
    browser().open(page(SampleRecords.rich()));
    byte[] pdf = browser().pdf();
    assertThat(new String(pdf, StandardCharsets.ISO_8859_1)).startsWith("%PDF-");
    assertThat(new String(pdf, StandardCharsets.ISO_8859_1).split("/Type /Page\\b").length)
        .isGreaterThan(3);
  }

  @Test
  void layout_pageWithFaults_namesEachOfThem() throws IOException {
    Path page = folder.resolve("faulty.html");
    Files.writeString(
        page,
        """
        <!doctype html><meta name="viewport" content="width=device-width"><body style="margin:0">
        <section id="bare"><h2>Bare</h2></section>
        <p style="width:2000px">wide</p>
        <img src="data:image/png;base64,AAAA" alt="broken">
        <p style="position:absolute;top:300px">one piece of writing</p>
        <p style="position:absolute;top:303px">another piece of writing</p>
        <p style="color:#999999">pale</p>
        """);
    assertThat(PageLayout.faults(browser(), page))
        .anySatisfy(fault -> assertThat(fault).contains("the section bare is empty"))
        .anySatisfy(fault -> assertThat(fault).contains("2000 of 360"))
        .anySatisfy(fault -> assertThat(fault).contains("broken shows nothing"))
        .anySatisfy(fault -> assertThat(fault).contains("lie on each other"))
        .anySatisfy(fault -> assertThat(fault).contains("has a contrast of 2.8"));
  }

  private Path page(TrainingRecord record) {
    Path page = folder.resolve("report.html");
    ReportPage.write(record, page);
    return page;
  }

  private List<String> faults(TrainingRecord record) throws IOException {
    return PageLayout.faults(browser(), page(record));
  }

  private static Browser browser() {
    return Objects.requireNonNull(started);
  }
}
