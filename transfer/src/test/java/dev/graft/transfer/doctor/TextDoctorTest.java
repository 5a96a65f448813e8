package dev.graft.transfer.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.data.DatasetReader;
import dev.graft.transfer.Strategy;
import dev.graft.transfer.ToyTexts;
import dev.graft.transfer.TransferLearning;
import dev.graft.transfer.evidence.DataFindings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TextDoctorTest {
  private final Path folder;

  TextDoctorTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private DataFindings findings() {
    return TransferLearning.from(ToyTexts.backbone(folder))
        .seed(3)
        .withoutCache()
        .strategy(new Strategy.HeadOnly())
        .fit(DatasetReader.read(folder.resolve("texts")))
        .record()
        .findings()
        .data()
        .orElseThrow();
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(folder.resolve("texts").resolve(file), text);
  }

  @Test
  void examine_copiesAcrossParts_areGroupedWhateverTheirCaseAndPunctuation() throws IOException {
    ToyTexts.dataset(folder, 15, 15);
    String text = "we had some very good bread and cheese with the apple soup today";
    write("train/food/one.txt", text);
    write(
        "test/food/other.txt",
        text.toUpperCase(java.util.Locale.ROOT).replace(" and", ", and") + "!");
    assertThat(findings().duplicates())
        .anySatisfy(
            group ->
                assertThat(group.members())
                    .extracting(DataFindings.Member::id)
                    .contains("train/food/one.txt", "test/food/other.txt"));
  }

  @Test
  void examine_oddTexts_areCountedAndNamed() throws IOException {
    ToyTexts.dataset(folder, 15, 15);
    write("train/food/html.txt", "bread &amp; <b>cheese</b> with soup");
    write("train/music/shouted.txt", "THE VIOLIN AND THE DRUM");
    assertThat(findings().remarks())
        .anyMatch(
            one -> one.contains("what is left of HTML") && one.contains("train/food/html.txt"))
        .anyMatch(one -> one.contains("all in capitals") && one.contains("shouted.txt"))
        .anyMatch(one -> one.startsWith("Half of the texts have at most"));
  }

  @Test
  void examine_lengthThatTellsTheClass_isACue() throws IOException {
    for (String part : new String[] {"train", "test"}) {
      for (int label = 0; label < 3; label++) {
        Path texts =
            Files.createDirectories(
                folder.resolve("texts/" + part + "/" + ToyTexts.CLASSES.get(label)));
        for (int i = 0; i < 25; i++) {
          Files.writeString(
              texts.resolve(i + ".txt"), ("more some " + i + " ").repeat(1 + 4 * label + i % 3));
        }
      }
    }
    assertThat(findings().cues())
        .first()
        .satisfies(cue -> assertThat(cue.name()).isEqualTo("length"));
  }
}
