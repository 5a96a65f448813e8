package dev.graft.transfer.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.graft.runtime.Bundle;
import dev.graft.runtime.GoldenExample;
import dev.graft.runtime.GoldenExamples;
import dev.graft.runtime.ParityException;
import dev.graft.runtime.trust.Verification;
import dev.graft.transfer.ToyBundle;
import dev.graft.transfer.TrainedModel;
import dev.graft.transfer.TransferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BundleWriterTest {
  private final Path folder;
  private final Path output;

  BundleWriterTest(@TempDir Path folder) {
    this.folder = folder;
    this.output = folder.resolve("bundles/model");
  }

  @Test
  void save_newFolder_isACompleteBundleAndNothingBeside() throws IOException {
    ToyBundle.train(folder).save(output);

    assertThat(Bundle.open(output).goldenExamples().examples()).hasSize(3);
    assertThat(names(output))
        .containsExactlyInAnyOrder(
            "model.onnx",
            "config.json",
            "preprocessor_config.json",
            "README.md",
            "report.html",
            "metrics.json",
            "training-features.bin",
            "predictions.csv",
            "examples",
            "fixes.csv",
            "provenance.json",
            "files.sha256");
    assertThat(Verification.of(output, Optional.empty()).problems()).isEmpty();
    assertThat(names(folder.resolve("bundles"))).containsExactly("model");
  }

  @Test
  void save_folderExists_isRefusedAndUntouched() throws IOException {
    TrainedModel model = ToyBundle.train(folder);
    Files.createDirectories(output);
    Files.writeString(output.resolve("letter.txt"), "mine");

    assertEnvironment(() -> model.save(output), "exists already", "--overwrite");
    assertEnvironment(() -> model.saveReplacing(output), "is no bundle, so it is not replaced");
    assertThat(output.resolve("letter.txt")).hasContent("mine");
    assertThat(names(folder.resolve("bundles"))).containsExactly("model");
  }

  @Test
  void saveReplacing_bundleThere_isReplaced() throws IOException {
    TrainedModel model = ToyBundle.train(folder);
    model.save(output);
    Files.writeString(output.resolve("old.txt"), "of before");

    model.saveReplacing(output);

    assertThat(output.resolve("old.txt")).doesNotExist();
    assertThat(Bundle.open(output).config().labels()).containsExactly("bar", "disc", "square");
    assertThat(names(folder.resolve("bundles"))).containsExactly("model");
  }

  @Test
  void save_emptyFolderThere_isFilled() throws IOException {
    Files.createDirectories(output);

    ToyBundle.train(folder).save(output);

    assertThat(Bundle.open(output).goldenExamples().examples()).hasSize(3);
  }

  @Test
  void save_killedSaveBefore_itsLeftoversAreGone() throws IOException {
    Path partial = folder.resolve("bundles/.model.partial-00112233445566aa");
    Files.createDirectories(partial.resolve("examples"));
    Files.writeString(partial.resolve("model.onnx"), "half");

    ToyBundle.train(folder).save(output);

    assertThat(names(folder.resolve("bundles"))).containsExactly("model");
  }

  @Test
  void save_killedReplacementBefore_itsBundleIsKept() throws IOException {
    TrainedModel model = ToyBundle.train(folder);
    model.save(output);
    Files.move(output, folder.resolve("bundles/.model.replaced-00112233445566aa"));

    assertEnvironment(() -> model.save(output), "exists already");
    assertThat(Bundle.open(output).goldenExamples().examples()).hasSize(3);
    assertThat(names(folder.resolve("bundles"))).containsExactly("model");
  }

  @Test
  void save_parentIsAFile_isRefused() throws IOException {
    TrainedModel model = ToyBundle.train(folder);
    Path file = Files.writeString(folder.resolve("file"), "no folder");

    assertEnvironment(() -> model.save(file.resolve("model")), "cannot be written to", "file");
    assertThat(file).hasContent("no folder");
  }

  @Test
  void write_goldenOutputsNotRepeated_nothingIsLeft() throws IOException {
    TrainedModel model = ToyBundle.train(folder);
    Path saved = folder.resolve("saved");
    model.save(saved);
    BundleWriter wrong =
        new BundleWriter(
            model.record(),
            model.model(),
            Bundle.open(saved).config(),
            ToyBundle.preprocessing(folder),
            otherOutputs(Bundle.open(saved).goldenExamples()),
            Optional.empty());

    assertThatThrownBy(() -> wrong.write(output, BundleWriter.Existing.REFUSE))
        .isInstanceOf(ParityException.class);

    assertThat(names(folder.resolve("bundles"))).isEmpty();
  }

  private static GoldenExamples otherOutputs(GoldenExamples golden) {
    List<GoldenExample> changed = new ArrayList<>();
    for (GoldenExample example : golden.examples()) {
      List<Double> turned = new ArrayList<>(example.probabilities());
      turned.set(0, 1 - turned.get(0));
      changed.add(new GoldenExample(example.name(), example.input(), example.logits(), turned));
    }
    return new GoldenExamples(golden.tolerance(), changed);
  }

  private static void assertEnvironment(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String... parts) {
    assertThatThrownBy(call)
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("Writing the bundle")
        .hasMessageContainingAll(parts)
        .asInstanceOf(type(TransferException.class))
        .extracting(TransferException::reason)
        .isEqualTo(TransferException.Cause.ENVIRONMENT);
  }

  private static List<String> names(Path parent) throws IOException {
    try (Stream<Path> entries = Files.list(parent)) {
      return entries.map(entry -> entry.toFile().getName()).sorted().toList();
    }
  }
}
