package dev.graft.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.data.Dataset;
import dev.graft.data.image.ImageDecoder;
import dev.graft.data.image.PixelImage;
import dev.graft.transfer.evidence.Browser;
import dev.graft.transfer.evidence.DataFindings;
import dev.graft.transfer.evidence.DataFindings.DuplicateGroup;
import dev.graft.transfer.evidence.DataFindings.Member;
import dev.graft.transfer.evidence.DataFindings.Outlier;
import dev.graft.transfer.evidence.DataFindings.SuspectLabel;
import dev.graft.transfer.evidence.Findings;
import dev.graft.transfer.evidence.Findings.Mistake;
import dev.graft.transfer.evidence.PageLayout;
import dev.graft.transfer.evidence.ShownExamples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report of a run, and the pictures in it. */
final class TrainingReportTest {

  private final Path folder;

  TrainingReportTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void report_ofARun_hasNothingThatOverlapsOverflowsOrIsEmpty() throws IOException {
    assumeTrue(Browser.program().isPresent(), Browser.ABSENT);
    ToyTask.learning(ToyTask.backbone(folder))
        .strategy(Strategy.parse("head-then-all"))
        .fit(ToyTask.dataset(folder, 12, 6))
        .save(folder.resolve("model"));
    try (Browser browser = new Browser(Browser.program().orElseThrow())) {
      assertThat(PageLayout.faults(browser, folder.resolve("model/report.html"))).isEmpty();
    }
  }

  @Test
  void thumbnails_examplesOfEachKind_areSmallJpegs() {
    ExampleTables tables = tables(4, 2);
    Findings findings =
        findings(
            List.of(mistake("test/bar/image-0.png")),
            new DataFindings(
                List.of(new SuspectLabel("train/bar/image-1.png", "bar", "disc", 0.1, 0.8)),
                List.of(
                    new DuplicateGroup(
                        List.of(
                            new Member("train/disc/image-0.png", "disc", "train"),
                            new Member("train/disc/image-1.png", "disc", "train")),
                        false,
                        false,
                        false)),
                List.of(new Outlier("train/square/image-3.png", "square", 0.9, 0.2)),
                List.of(),
                List.of()));

    Map<String, byte[]> pictures = ExampleThumbnails.added(findings, tables).shown().pictures();

    assertThat(pictures)
        .containsOnlyKeys(
            "test/bar/image-0.png",
            "train/bar/image-1.png",
            "train/disc/image-0.png",
            "train/disc/image-1.png",
            "train/square/image-3.png");
    PixelImage picture =
        new ImageDecoder()
            .decode(Objects.requireNonNull(pictures.get("train/bar/image-1.png")), "thumbnail");
    assertThat(picture.width()).isEqualTo(32);
    assertThat(pictures.values()).allSatisfy(file -> assertThat(file).hasSizeLessThan(4_000));
    assertThat(
            ExampleThumbnails.added(findings, tables)
                .shown()
                .pictures()
                .get("test/bar/image-0.png"))
        .isEqualTo(pictures.get("test/bar/image-0.png"));
  }

  @Test
  void thumbnails_exampleThatIsGone_isLeftOut() throws IOException {
    ExampleTables tables = tables(4, 2);
    Files.delete(folder.resolve("shapes/test/bar/image-0.png"));
    List<Mistake> mistakes =
        List.of(
            mistake("test/bar/image-0.png"),
            mistake("test/bar/image-1.png"),
            mistake("test/bar/never-there.png"));
    assertThat(ExampleThumbnails.added(findings(mistakes, nothingOdd()), tables).shown().pictures())
        .containsOnlyKeys("test/bar/image-1.png");
  }

  @Test
  void thumbnails_manyMistakes_areOfTheFirst() {
    ExampleTables tables = tables(2, 30);
    List<Mistake> mistakes =
        IntStream.range(0, 30)
            .mapToObj(number -> mistake("test/disc/image-" + number + ".png"))
            .toList();
    assertThat(
            ExampleThumbnails.added(findings(mistakes, nothingOdd()), tables)
                .shown()
                .pictures()
                .keySet())
        .containsExactlyInAnyOrderElementsOf(
            mistakes.subList(0, 12).stream().map(Mistake::id).toList());
  }

  @Test
  void thumbnails_nothingFound_areNone() {
    assertThat(ExampleThumbnails.added(Findings.NONE, tables(2, 1))).isSameAs(Findings.NONE);
  }

  private ExampleTables tables(int trainPerClass, int testPerClass) {
    Dataset data = ToyTask.dataset(folder, trainPerClass, testPerClass);
    return ExampleTables.read(data, OptionalInt.empty(), 1, TrainingListener.SILENT);
  }

  private static Mistake mistake(String id) {
    return new Mistake(id, "bar", "disc", 0.9, "test");
  }

  private static DataFindings nothingOdd() {
    return new DataFindings(List.of(), List.of(), List.of(), List.of(), List.of());
  }

  private static Findings findings(List<Mistake> mistakes, DataFindings data) {
    return new Findings(
        Optional.empty(),
        Optional.of(data),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        mistakes,
        List.of(),
        ShownExamples.NONE);
  }
}
