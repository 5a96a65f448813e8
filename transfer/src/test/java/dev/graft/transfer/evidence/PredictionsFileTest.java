package dev.graft.transfer.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.transfer.TransferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PredictionsFileTest {
  private static final String HASH = "ab".repeat(32);
  private static final String HEADER = "id,sha256,label,predicted,probability,label_probability\n";
  private static final List<String> CLASSES = List.of("cat", SampleRecords.HOSTILE);

  @TempDir Path folder = Path.of(".");

  @Test
  void read_whatWasWritten_isTheSameWhateverTheNames() {
    ExamplePredictions told =
        ExamplePredictions.of(
            CLASSES,
            List.of("test/a,\"b\".png", "größer\r\n蟻.png"),
            List.of(HASH, "0".repeat(64)),
            new int[] {0, 1},
            new float[] {0.75f, 0.25f, 1, 1e-12f});
    Path file = folder.resolve("predictions.csv");
    PredictionsFile.write(told, file);
    assertThat(PredictionsFile.read(file, Set.copyOf(CLASSES))).isEqualTo(told);
    assertThat(told.rows().get(1).predicted()).isEqualTo("cat");
    assertThat(told.rows().get(1).isRight()).isFalse();
  }

  /** From the compact rows come the same figures as from all probabilities. */
  @Test
  void evaluation_ofRows_equalsThatOfAllProbabilities() {
    List<String> classes = List.of("a", "b", "c");
    int[] labels = {0, 1, 2, 2, 1, 0};
    float[] probabilities = {
      .5f, .3f, .2f, .1f, .8f, .1f, .6f, .2f, .2f, .1f, .1f, .8f, .4f, .35f, .25f, .9f, .1f, 0
    };
    Evaluation whole = Evaluation.of(classes, labels, probabilities);
    Evaluation compact =
        ExamplePredictions.of(
                classes,
                List.of("1", "2", "3", "4", "5", "6"),
                List.of(HASH, HASH, HASH, HASH, HASH, HASH),
                labels,
                probabilities)
            .evaluation(classes);
    assertThat(compact.toJson()).isEqualTo(whole.toJson());
    assertThat(compact.logLoss()).isCloseTo(whole.logLoss(), within(1e-12));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a.png,HASH,cat,cat,0.5|it has 5 columns",
        "a.png,xyz,cat,cat,0.5,0.5|the hash is no SHA-256",
        "a.png,HASH,horse,cat,0.5,0.5|no class \"horse\"",
        "a.png,HASH,cat,cat,2,0.5|\"2\" is no probability",
        "a.png,HASH,cat,cat,NaN,0.5|\"NaN\" is no probability",
        "a.png,HASH,cat,cat,0.5,much|\"much\" is no probability",
        "\"a.png,HASH,cat,cat,0.5,0.5|line 2"
      })
  void read_damagedRow_isRefusedByItsNumber(String row, String message) throws IOException {
    Path file = folder.resolve("predictions.csv");
    Files.writeString(file, HEADER + row.replace("HASH", HASH) + "\n");

    assertThatThrownBy(() -> PredictionsFile.read(file, Set.of("cat", "dog")))
        .isInstanceOf(TransferException.class)
        .hasMessageContainingAll("predictions.csv", message, "or delete it and give --data");
  }

  @Test
  void read_otherHeader_isRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("p.csv"), "path,label\na,b\n");
    assertThatThrownBy(() -> PredictionsFile.read(file, Set.of("cat")))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("the header is not");
  }
}
