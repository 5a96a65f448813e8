package dev.graft.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.data.DataException;
import dev.graft.data.DataFix;
import dev.graft.data.DataFixes;
import dev.graft.data.Dataset;
import dev.graft.data.DatasetReader;
import dev.graft.data.Part;
import dev.graft.transfer.doctor.SuggestedFixes;
import dev.graft.transfer.evidence.DataFindings;
import dev.graft.transfer.evidence.DataFindings.DuplicateGroup;
import dev.graft.transfer.evidence.DataFindings.Member;
import dev.graft.transfer.evidence.DataFindings.SuspectLabel;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The data doctor on shapes, some of which were spoilt. */
class DataExaminationTest {
  private static final int EACH = 24;

  @TempDir Path folder = Path.of(".");
  private Path data = Path.of(".");

  @BeforeEach
  void writeData() {
    data = ToyTask.data(folder, EACH, 8);
  }

  /** Three of 72 labels are wrong; a list of few has most of them, with their true classes. */
  @Test
  void of_flippedLabels_listsMostOfThemFirst() throws IOException {
    move("train/bar/image-3.png", "train/disc/was-bar-3.png");
    move("train/disc/image-7.png", "train/square/was-disc-7.png");
    move("train/square/image-9.png", "train/bar/was-square-9.png");
    List<SuspectLabel> suspects = examined().suspectLabels();
    assertThat(suspects).hasSizeBetween(2, 6);
    assertThat(suspects.subList(0, 2))
        .allSatisfy(
            suspect -> {
              assertThat(suspect.id()).contains("/was-" + suspect.suggested() + "-");
              assertThat(suspect.probability()).isLessThan(suspect.suggestedProbability());
            });
  }

  /** Heads that saw so few are wrong more often than labels are. */
  @Test
  void of_fewOfAClass_judgesNoLabelAndSaysSo() {
    data = ToyTask.data(folder.resolve("few"), 19, 8);
    DataFindings findings = examined();
    assertThat(findings.suspectLabels()).isEmpty();
    assertThat(findings.remarks())
        .contains(
            "Labels of classes with fewer than 20 examples to train and validate on are not"
                + " judged.");
  }

  @Test
  void of_copiesAcrossPartsAndClasses_groupsThemAndRemarks() throws IOException {
    copy("train/bar/image-1.png", "test/bar/equal.png");
    copy("train/disc/image-2.png", "train/square/other-label.png");
    recompress("train/square/image-5.png", "test/square/again.jpg");
    DataFindings findings = examined();
    assertThat(group(findings, "test/bar/equal.png"))
        .satisfies(
            group -> {
              assertThat(group.acrossParts()).isTrue();
              assertThat(group.acrossClasses()).isFalse();
              assertThat(group.members())
                  .containsExactly(
                      new Member("train/bar/image-1.png", "bar", "train"),
                      new Member("test/bar/equal.png", "bar", "test"));
            });
    assertThat(group(findings, "train/square/other-label.png").acrossClasses()).isTrue();
    assertThat(group(findings, "test/square/again.jpg").members())
        .extracting(Member::id)
        .contains("train/square/image-5.png");
    assertThat(findings.duplicates()).hasSize(3);
    assertThat(findings.remarks())
        .anyMatch(remark -> remark.startsWith("2 of 26 test examples are nearly the same"));
  }

  @Test
  void of_sizeByClass_isACueAndOtherwiseNot() throws IOException {
    assertThat(examined().cues())
        .extracting(DataFindings.Cue::name)
        .doesNotContain("size", "shape", "format");
    for (int i = 0; i < EACH; i++) {
      enlarge("train/bar/image-" + i + ".png", 40);
    }
    DataFindings findings = examined();
    DataFindings.Cue size =
        findings.cues().stream().filter(cue -> cue.name().equals("size")).findFirst().orElseThrow();
    // Bars are told from the others, which remain as likely as each other: (1 + 1/2 + 1/2) / 3.
    assertThat(size.accuracy()).isBetween(0.6, 0.75);
    assertThat(size.chance()).isEqualTo(1.0 / 3);
    assertThat(size.pValue()).isLessThanOrEqualTo(0.01);
    assertThat(size.sentence()).contains("artefact");
  }

  @Test
  void of_unequalClasses_remarksOnThem() throws IOException {
    for (int i = 4; i < EACH; i++) {
      Files.delete(data.resolve("train/bar/image-" + i + ".png"));
    }
    assertThat(examined().remarks())
        .anyMatch(remark -> remark.contains("\"bar\" has 4 training examples"))
        .anyMatch(remark -> remark.startsWith("Fewer than 20 training examples: \"bar\" (4)"));
  }

  @Test
  void of_sameData_findsTheSame() {
    assertThat(examined()).isEqualTo(examined());
  }

  @Test
  void fit_withFixes_trainsOnTheChangedDataAndRecordsIt() throws IOException {
    move("train/bar/image-3.png", "train/disc/was-bar-3.png");
    Dataset dataset = DatasetReader.read(data);
    DataFixes fixes =
        DataFixes.of(
            List.of(
                decided("train/disc/was-bar-3.png", "disc", "bar", DataFix.Action.RELABEL),
                decided("train/square/image-0.png", "square", "", DataFix.Action.DROP)));
    TrainedModel model = ToyTask.learning(ToyTask.backbone(folder)).fixes(fixes).fit(dataset);
    assertThat(model.record().data().trainCounts())
        .containsEntry("bar", EACH)
        .containsEntry("disc", EACH)
        .containsEntry("square", EACH - 1);
    assertThat(model.record().notes())
        .contains("Fixes: 1 example relabelled, 1 dropped; 0 lines have no action.");
    assertThat(model.record().settings()).containsEntry("fixes", "sha256 " + fixes.sha256());
    model.save(folder.resolve("model"));
    JsonNode metrics = new ObjectMapper().readTree(folder.resolve("model/metrics.json").toFile());
    assertThat(metrics.at("/data/suspect_labels").isArray()).isTrue();
    assertThat(metrics.at("/data/remarks").isArray()).isTrue();
    assertThat(DataFixes.read(folder.resolve("model/fixes.csv")).list())
        .hasSameSizeAs(SuggestedFixes.of(model.record().findings().data().orElseThrow()).list());
  }

  @Test
  void fit_withFixesOfOtherData_isRefused() {
    DataFixes fixes =
        DataFixes.of(List.of(decided("train/cat/1.png", "cat", "", DataFix.Action.DROP)));
    TransferLearning learning = ToyTask.learning(ToyTask.backbone(folder)).fixes(fixes);
    Dataset dataset = DatasetReader.read(data);
    assertThatThrownBy(() -> learning.fit(dataset))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("the data have no example \"train/cat/1.png\"");
  }

  @Test
  void of_dataset_keepsPartsAsTheyAre() {
    Dataset dataset = DatasetReader.read(data);
    DataExamination examined =
        DataExamination.with(ToyTask.backbone(folder)).withoutCache().of(dataset);
    assertThat(examined.dataset().part(Part.TRAIN)).isEqualTo(dataset.part(Part.TRAIN));
    assertThat(examined.notes()).isEmpty();
  }

  private static DataFix decided(
      String path, String label, String suggested, DataFix.Action action) {
    return new DataFix(path, label, suggested, Optional.of(action), "", 0);
  }

  private DataFindings examined() {
    return DataExamination.with(ToyTask.backbone(folder))
        .withoutCache()
        .of(DatasetReader.read(data))
        .findings();
  }

  private static DuplicateGroup group(DataFindings findings, String id) {
    return findings.duplicates().stream()
        .filter(group -> group.members().stream().anyMatch(member -> member.id().equals(id)))
        .findFirst()
        .orElseThrow();
  }

  private void move(String from, String to) throws IOException {
    Files.move(data.resolve(from), data.resolve(to));
  }

  private void copy(String from, String to) throws IOException {
    Files.copy(data.resolve(from), data.resolve(to));
  }

  private void recompress(String from, String to) throws IOException {
    ImageIO.write(ImageIO.read(data.resolve(from).toFile()), "jpg", data.resolve(to).toFile());
  }

  private void enlarge(String file, int side) throws IOException {
    BufferedImage image = ImageIO.read(data.resolve(file).toFile());
    BufferedImage larger = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = larger.createGraphics();
    pen.drawImage(image, 0, 0, side, side, Color.BLACK, null);
    pen.dispose();
    ImageIO.write(larger, "png", data.resolve(file).toFile());
  }
}
