package dev.graft.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.data.DatasetReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On what rungs are compared. */
final class LadderFoldTest {
  @TempDir Path folder = Path.of(".");

  private static LadderFold.Folds folds(Path data) {
    TransferSettings settings = TransferSettings.defaults();
    ExampleTables tables =
        ExampleTables.read(
            DatasetReader.read(data), OptionalInt.empty(), 1, TrainingListener.SILENT);
    int[] groups = IntStream.range(0, tables.train().size()).toArray();
    return LadderFold.of(tables, settings, groups);
  }

  /** Ten copies of one image tell what one image tells. */
  @Test
  void of_ownValidationPartWithCopies_eachImageCountsOnce() throws IOException {
    Path data = ToyTask.data(folder, 4, 2);
    Path copied;
    try (Stream<Path> files = Files.list(data.resolve("test/disc"))) {
      copied = files.sorted().findFirst().orElseThrow();
    }
    Path validation = Files.createDirectories(data.resolve("validation/disc"));
    for (int copy = 0; copy < 10; copy++) {
      Files.copy(copied, validation.resolve(copy + ".png"));
    }

    LadderFold.Folds folds = folds(data);

    assertThat(folds.rows()).hasSize(10);
    assertThat(Arrays.stream(folds.groups()).distinct().count()).isEqualTo(1);
    assertThat(folds.methodOfChosen())
        .isEqualTo("the data's own validation part, by which the strategy was chosen as well");
  }

  @Test
  void of_fewExamples_foldsOfThemThatNoModelSawWhole() throws IOException {
    LadderFold.Folds folds = folds(ToyTask.data(folder, 10, 2));

    assertThat(folds.all()).hasSize(3);
    assertThat(Arrays.stream(folds.rows()).sorted().toArray())
        .isEqualTo(IntStream.range(0, 30).toArray());
    assertThat(folds.first(1).methodOfChosen())
        .isEqualTo(
            "the first of 3 folds of the training examples (the time allowed no more), by which the"
                + " strategy was chosen as well; the model was then trained on all of them");
    assertThat(folds.method()).doesNotContain("strategy");
  }
}
