package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.cli.Commands.Outcome;
import dev.graft.data.Part;
import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxTensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be used is refused with a message that helps and the exit code of its kind. */
class BadInputTest {
  @TempDir Path folder = Path.of(".");
  private Path data = Path.of(".");
  private Path backbone = Path.of(".");

  @BeforeEach
  void writeUsableInput() {
    data = RehearsalData.writeImages(folder.resolve("data"));
    backbone = RehearsalData.writeBackbone(folder.resolve("backbone.onnx"));
  }

  private Outcome train(Path data, Path backbone, Path out, Object... further) {
    Object[] first = {
      "train", data, "--backbone", backbone, "--preprocessing", "unit", "--out", out, "--no-cache"
    };
    Object[] all = Arrays.copyOf(first, first.length + further.length);
    System.arraycopy(further, 0, all, first.length, further.length);
    return Commands.run(all);
  }

  private Path out() {
    return folder.resolve("model");
  }

  private void assertRefused(Outcome outcome, int exitCode, String... parts) {
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(exitCode);
    assertThat(outcome.err()).contains("graft: error: ").contains(parts).doesNotContain("\tat ");
    assertThat(outcome.out()).isEmpty();
    assertThat(out()).doesNotExist();
  }

  // --- data --------------------------------------------------------------------------------------

  @Test
  void train_missingData_isDataError() {
    Path missing = folder.resolve("nowhere");
    assertRefused(
        train(missing, backbone, out()), ExitCode.DATA, "nowhere", "there is no such file");
  }

  @Test
  void train_textNamedZip_isDataError() throws IOException {
    Path archive = Files.writeString(folder.resolve("photos.zip"), "no archive at all");
    assertRefused(train(archive, backbone, out()), ExitCode.DATA, "photos.zip");
  }

  @Test
  void train_emptyFolder_isDataError() throws IOException {
    Path empty = Files.createDirectories(folder.resolve("empty"));
    assertRefused(train(empty, backbone, out()), ExitCode.DATA, "empty");
  }

  @Test
  void train_singleClass_isDataErrorThatNamesIt() throws IOException {
    for (Part part : Part.values()) {
      deleteFolder(data.resolve(part.label()).resolve("blue"));
    }
    assertRefused(
        train(data, backbone, out()), ExitCode.DATA, "expected at least 2 classes, found 1 (red");
  }

  @Test
  void train_oneExampleInClass_isDataErrorThatNamesIt() throws IOException {
    for (int i = 1; i < 4; i++) {
      Files.delete(data.resolve("train/blue").resolve(i + ".bmp"));
    }
    assertRefused(
        train(data, backbone, out()),
        ExitCode.DATA,
        "at least 2 usable examples in each class",
        "class blue");
  }

  @Test
  void train_classOfDamagedFiles_isDataErrorThatNamesIt() throws IOException {
    for (int i = 0; i < 4; i++) {
      Files.write(data.resolve("train/blue").resolve(i + ".bmp"), new byte[] {'B', 'M', 1, 2});
    }
    assertRefused(train(data, backbone, out()), ExitCode.DATA, "blue", ".bmp");
  }

  @Test
  void train_testClassThatTrainingLacks_isDataErrorThatNamesIt() throws IOException {
    Files.move(data.resolve("test/red"), data.resolve("test/green"));
    assertRefused(train(data, backbone, out()), ExitCode.DATA, "green", "test part");
  }

  @Test
  void train_soundData_isRefusedForImageBackbone() throws IOException {
    Path sounds = folder.resolve("sounds");
    for (String label : List.of("yes", "no")) {
      for (String name : List.of("a.wav", "b.wav")) {
        Path file = sounds.resolve(label).resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, "RIFF....WAVEfmt ".getBytes(StandardCharsets.US_ASCII));
      }
    }
    assertRefused(train(sounds, backbone, out()), ExitCode.DATA, "audio", "image");
  }

  @Test
  void train_tableWithEscapingPaths_isDataError() throws IOException {
    Path table = folder.resolve("table.csv");
    Files.writeString(table, "path,label\n../../etc/passwd,a\n/etc/hosts,b\nmissing.png,b\n");
    assertRefused(train(table, backbone, out()), ExitCode.DATA, "table.csv");
  }

  // --- models ------------------------------------------------------------------------------------

  @Test
  void train_missingBackbone_isModelError() {
    assertRefused(
        train(data, folder.resolve("missing.onnx"), out()), ExitCode.MODEL, "missing.onnx");
  }

  @Test
  void train_truncatedBackbone_isModelError() throws IOException {
    byte[] whole = Files.readAllBytes(backbone);
    Path truncated = folder.resolve("truncated.onnx");
    Files.write(truncated, Arrays.copyOf(whole, whole.length / 2));
    assertRefused(train(data, truncated, out()), ExitCode.MODEL, "truncated.onnx");
    assertRefused(Commands.run("inspect", truncated), ExitCode.MODEL, "truncated.onnx");
  }

  @Test
  void train_photoAsBackbone_isModelError() {
    Path photo = data.resolve("train/red/0.bmp");
    assertRefused(train(data, photo, out()), ExitCode.MODEL, "0.bmp");
  }

  @Test
  void train_unknownOperators_areAllNamedAtOnce() {
    Path strange = folder.resolve("strange.onnx");
    GraphBuilder.named("strange")
        .input(
            "image",
            ElementType.FLOAT,
            Dimension.named("N"),
            Dimension.of(3),
            Dimension.of(8),
            Dimension.of(8))
        .node("Frobnicate", List.of("image"), "a")
        .node("Quuxify", List.of("a"), "b")
        .node("Flatten", List.of("b"), "features")
        .output("features", ElementType.FLOAT, Dimension.named("N"), Dimension.of(192))
        .build(18)
        .write(strange);
    assertRefused(
        train(data, strange, out()), ExitCode.MODEL, "strange.onnx", "Frobnicate", "Quuxify");
    Outcome inspection = Commands.run("inspect", strange);
    assertThat(inspection.exitCode()).isEqualTo(ExitCode.MODEL);
    assertThat(inspection.err()).contains("Frobnicate").contains("Quuxify");
  }

  @Test
  void train_textBackbone_isRefusedForImages() {
    Path text = folder.resolve("text.onnx");
    GraphBuilder.named("text")
        .input("input_ids", ElementType.INT64, Dimension.named("N"), Dimension.named("tokens"))
        .initializer(OnnxTensor.ofFloats("words", new float[40], 10, 4))
        .node("Gather", List.of("words", "input_ids"), "embedded")
        .node(
            Node.of("ReduceMean", List.of("embedded"), List.of("sentence"))
                .withIntegers("axes", 1)
                .withInteger("keepdims", 0))
        .output("sentence", ElementType.FLOAT, Dimension.named("N"), Dimension.of(4))
        .build(17)
        .write(text);
    assertRefused(train(data, text, out()), ExitCode.MODEL, "text.onnx", "images", "tokens");
  }

  @Test
  void train_unknownFeatureTensor_listsCandidates() {
    assertRefused(
        train(data, backbone, out(), "--feature-tensor", "nonsense"),
        ExitCode.MODEL,
        "nonsense",
        "flat");
  }

  @Test
  void train_unknownPreprocessing_namesThePresets() {
    Outcome outcome =
        Commands.run("train", data, "--backbone", backbone, "--out", out(), "--no-cache");
    assertRefused(outcome, ExitCode.USAGE, "--preprocessing", "imagenet", "tf");
  }

  @Test
  void train_moreBlocksThanThereAre_isUsageError() {
    assertRefused(
        train(data, backbone, out(), "--strategy", "last:99"),
        ExitCode.USAGE,
        "the last 99 blocks shall train",
        "has 1 block",
        "see graft inspect");
  }

  @Test
  void predict_folderThatIsNoBundle_isModelError() {
    Outcome outcome = Commands.run("predict", data, data.resolve("train/red/0.bmp"));
    assertRefused(outcome, ExitCode.MODEL, "is no bundle", "config.json");
  }

  @Test
  void inspect_folderThatIsNoBundle_isModelError() {
    assertRefused(Commands.run("inspect", data), ExitCode.MODEL, "is no bundle");
  }

  // --- where results go --------------------------------------------------------------------------

  @Test
  void train_outIsForeignFolder_isRefusedAndUntouched() throws IOException {
    Path occupied = Files.createDirectories(folder.resolve("thesis"));
    Path treasure = Files.writeString(occupied.resolve("chapter1.txt"), "It was a dark night.");
    Outcome outcome = train(data, backbone, occupied, "--overwrite");
    assertRefused(outcome, ExitCode.USAGE, "thesis", "no trained model");
    assertThat(treasure).hasContent("It was a dark night.");
  }

  @Test
  void train_outInsideFile_isUsageError() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    assertRefused(train(data, backbone, file.resolve("model")), ExitCode.USAGE, "is a file");
  }

  @Test
  void train_outInReadOnlyFolder_isEnvironmentError() throws IOException {
    assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
    Path locked = Files.createDirectories(folder.resolve("locked"));
    Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("r-xr-xr-x"));
    assumeFalse(Files.isWritable(locked), "permissions do not bind this user");
    assertRefused(
        train(data, backbone, locked.resolve("model")), ExitCode.ENVIRONMENT, "cannot be written");
  }

  @Test
  void train_outOnFileSystemThatTakesNothing_isEnvironmentError() {
    Path kernel = Path.of("/proc/self");
    assumeTrue(Files.isDirectory(kernel), "no such file system here");
    assertRefused(
        train(data, backbone, kernel.resolve("model")), ExitCode.ENVIRONMENT, "/proc/self");
  }

  private static void deleteFolder(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
