package dev.graft.transfer.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.transfer.ToyBundle;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.TransferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Toy models beside copies of themselves that were changed on purpose. */
class ModelComparisonTest {
  @TempDir static Path folder = Path.of(".");
  private static Path model = Path.of(".");

  @BeforeAll
  static void train() {
    model = folder.resolve("model");
    ToyBundle.train(folder).save(model);
  }

  private static Path copy(String name) throws IOException {
    Path target = folder.resolve(name);
    try (var files = Files.walk(model)) {
      for (Path file : files.toList()) {
        Files.copy(file, target.resolve(model.relativize(file).toString()));
      }
    }
    return target;
  }

  private static Comparison compare(Path... bundles) {
    return ModelComparison.of(List.of(bundles), TrainingListener.SILENT);
  }

  @Test
  void of_sameModelTwice_showsNoDifference() {
    Comparison comparison = compare(model, model);
    assertThat(comparison.examples()).isEqualTo(6);
    assertThat(comparison.source()).isEqualTo("the test part that all were tested on");
    assertThat(comparison.differences()).isEmpty();
    PairedResult pair = comparison.pairs().get(0);
    assertThat(pair.p()).isEqualTo(1);
    assertThat(pair.logLoss().difference()).isZero();
    assertThat(comparison.verdict().get(0)).startsWith("No difference in accuracy can be shown");
    assertThat(comparison.notes()).anyMatch(note -> note.startsWith("With 6 examples"));
    assertThat(comparison.models())
        .allSatisfy(
            figures -> {
              assertThat(figures.milliseconds().orElseThrow()).isPositive();
              assertThat(figures.modelBytes()).isPositive();
              assertThat(figures.stated().orElseThrow().examples()).isEqualTo(6);
              assertThat(figures.onCommon().orElseThrow().accuracy())
                  .isEqualTo(figures.stated().orElseThrow().accuracy());
            })
        .extracting(ModelFigures::name)
        .containsExactly("1: " + model, "2: " + model);
  }

  @Test
  void of_otherProvenance_listsOnlyWhatDiffers() throws IOException {
    Path other = copy("other-seed");
    Path file = other.resolve("provenance.json");
    String text = Files.readString(file);
    Files.writeString(
        file,
        text.replace("\"seed\" : 42", "\"seed\" : 43")
            .replaceFirst("\"finished\" : \"[^\"]*\"", "\"finished\" : \"later\""));
    assertThat(compare(model, other).differences())
        .containsExactly(new Difference("seed", List.of(Optional.of("42"), Optional.of("43"))));
  }

  @Test
  void of_noPredictionsKept_saysThatNothingCanBeConcluded() throws IOException {
    Path without = copy("without");
    Files.delete(without.resolve("predictions.csv"));
    Comparison comparison = compare(model, without);
    assertThat(comparison.pairs()).isEmpty();
    assertThat(comparison.examples()).isZero();
    assertThat(comparison.verdict().get(0))
        .startsWith("Which model is better cannot be told")
        .contains("no predictions", "without", "--data");
  }

  @Test
  void of_damagedFiles_areRefusedByName() throws IOException {
    Path damaged = copy("damaged");
    Files.writeString(damaged.resolve("provenance.json"), "{");
    assertThatThrownBy(() -> compare(model, damaged))
        .isInstanceOf(TransferException.class)
        .hasMessageContainingAll("provenance.json", "no valid JSON");
    Files.delete(damaged.resolve("provenance.json"));
    Files.writeString(damaged.resolve("predictions.csv"), "nothing");
    assertThatThrownBy(() -> compare(model, damaged))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("predictions.csv");
  }

  @Test
  void of_oneModel_isRefused() {
    assertThatThrownBy(() -> compare(model))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("at least 2 trained models are expected, found 1");
  }
}
