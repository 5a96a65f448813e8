package dev.graft.benchmarks.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.benchmarks.speech.ClipRecord.Outcome;
import dev.graft.benchmarks.speech.CorpusPlan.PlannedClip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CorpusFolderTest {
  private static final CorpusPlan PLAN = new CorpusPlan(1, 3, 2);

  @TempDir private Path folder = Path.of("");

  private Path root() {
    return folder.resolve("corpus");
  }

  private static List<ClipRecord> records(String word) {
    return PLAN.clips(word).stream()
        .map(clip -> ClipRecord.of(clip, Outcome.KEPT, 0.5, 0.7))
        .toList();
  }

  private static void make(CorpusFolder corpus, String word) throws IOException {
    Path made = corpus.work().resolve("made");
    for (PlannedClip clip : PLAN.clips(word)) {
      Path file = made.resolve(clip.path());
      Files.createDirectories(file.getParent());
      Files.writeString(file, word);
    }
    corpus.finish(word, made, records(word));
  }

  @Test
  void finish_word_putsItsClipsInPlaceAndRemembersThem() throws IOException {
    CorpusFolder corpus = CorpusFolder.open(root(), "card");
    assertThat(corpus.finished("window")).isEmpty();
    make(corpus, "window");
    assertThat(root().resolve("train/window")).isDirectoryContaining("glob:**001-*.wav");
    assertThat(root().resolve("validation/window")).isDirectoryContaining("glob:**002-*.wav");
    List<ClipRecord> again = CorpusFolder.open(root(), "card").finished("window").orElseThrow();
    assertThat(again.stream().map(ClipRecord::line))
        .isEqualTo(records("window").stream().map(ClipRecord::line).toList());
  }

  @Test
  void open_interruptedBeforeTheRecord_makesTheWordAnew() throws IOException {
    make(CorpusFolder.open(root(), "card"), "window");
    Files.delete(root().resolve(".words/window.csv"));
    Path stale = Files.writeString(root().resolve("train/window/099-stale.wav"), "stale");
    CorpusFolder corpus = CorpusFolder.open(root(), "card");
    assertThat(corpus.finished("window")).isEmpty();
    make(corpus, "window");
    assertThat(stale).doesNotExist();
    assertThat(root().resolve("train/window")).isDirectoryContaining("glob:**001-*.wav");
  }

  @Test
  void complete_allWords_leavesTheTableAndNoWork() throws IOException {
    CorpusFolder corpus = CorpusFolder.open(root(), "card");
    make(corpus, "window");
    corpus.complete(records("window"));
    List<String> table = Files.readAllLines(root().resolve("clips.csv"));
    assertThat(table).hasSize(6).startsWith(ClipRecord.HEADER);
    assertThat(corpus.work()).doesNotExist();
    assertThat(root().resolve("README.md")).hasContent("card");
  }

  @Test
  void open_othersSettings_isRefused() throws IOException {
    CorpusFolder.open(root(), "seed 1");
    assertThatThrownBy(() -> CorpusFolder.open(root(), "seed 2"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("begun with other settings")
        .hasMessageContaining("Give the same settings, or another folder");
  }

  @Test
  void open_folderOfSomethingElse_isRefused() throws IOException {
    Files.createDirectories(root());
    Files.writeString(root().resolve("thesis.txt"), "mine");
    assertThatThrownBy(() -> CorpusFolder.open(root(), "card"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("holds other files");
    assertThat(root().resolve("thesis.txt")).hasContent("mine");
  }

  @Test
  void record_lineWithCommasInTheText_isReadBack() {
    ClipRecord record =
        new ClipRecord(
            "train/a/1.wav",
            "a",
            "a, b,",
            "flite",
            "slt",
            "",
            1.25,
            120,
            0.95,
            0.512,
            0.7,
            Outcome.TOO_LONG);
    assertThat(ClipRecord.parse(record.line())).isEqualTo(record);
  }

  @Test
  void record_damagedLine_isShown() {
    assertThatThrownBy(() -> ClipRecord.parse("train/a/1.wav,a,\"a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found train/a/1.wav,a");
  }

  @Test
  void card_sameSettings_isTheSameAndTellsTerms() {
    Vocabulary words = Vocabulary.load().draw(10, 1);
    Map<String, String> versions = Map.of("flite", "flite 2.2");
    String card = CorpusCard.text(PLAN, words, 1.6, versions);
    assertThat(card)
        .isEqualTo(CorpusCard.text(PLAN, words, 1.6, versions))
        .contains(
            "--words 10 --variants 3 --validation 2 --seed 1", "GPL-3.0-or-later", "flite 2.2");
    assertThat(CorpusCard.text(PLAN, words, 1.6, Map.of())).isNotEqualTo(card);
  }

  @Test
  void figures_someLeftOut_areCounted() {
    List<ClipRecord> all = new ArrayList<>(records("window"));
    all.add(ClipRecord.of(PLAN.clips("basket").get(0), Outcome.TOO_LONG, 1.7, 0.9));
    assertThat(String.join("\n", CorpusFigures.of(all)))
        .contains("train: 3 clips of 1 words", "4 planned, left out: 1 too long")
        .contains("validation: 2 clips of 1 words");
  }
}
