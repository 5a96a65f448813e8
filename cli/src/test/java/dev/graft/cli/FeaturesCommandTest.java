package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.cli.Commands.Outcome;
import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxTensor;
import dev.graft.zoo.architecture.ImageTask;
import dev.graft.zoo.architecture.NormForm;
import dev.graft.zoo.architecture.ResNet;
import dev.graft.zoo.architecture.VisionTransformer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of what layers see, by the command line. */
class FeaturesCommandTest {
  @TempDir Path folder = Path.of(".");
  private Path data = Path.of(".");
  private Path backbone = Path.of(".");
  private Path page = Path.of(".");

  @BeforeEach
  void writeUsableInput() {
    data = RehearsalData.writeImages(folder.resolve("data"));
    backbone = RehearsalData.writeBackbone(folder.resolve("backbone.onnx"));
    page = folder.resolve("page.html");
  }

  private Outcome features(Path network, Object... further) {
    Object[] first = {"features", network, "--out", page};
    Object[] all = Arrays.copyOf(first, first.length + further.length);
    System.arraycopy(further, 0, all, first.length, further.length);
    return Commands.run(all);
  }

  private String written() throws IOException {
    return Files.readString(page, StandardCharsets.UTF_8);
  }

  private void assertRefused(Outcome outcome, int exitCode, String... parts) {
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(exitCode);
    assertThat(outcome.err()).contains("graft: error: ").contains(parts).doesNotContain("\tat ");
    assertThat(outcome.out()).isEmpty();
    assertThat(page).doesNotExist();
  }

  // --- what it writes ----------------------------------------------------------------------------

  @Test
  void features_data_writesThePageAndSaysWhatIsOnIt() throws IOException {
    Outcome outcome = features(backbone, "--data", data, "--preprocessing", "unit", "--units", "3");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.unwrappedOut())
        .contains("page.html (")
        .contains("8 filters, 16 activation maps, exciting patches of 6 units from 24 images");
    assertThat(outcome.err()).contains("Looking at images");
    assertThat(written())
        .contains(
            "What the layers of backbone see", "Map of channel", "Block 1: conv", "blue", "red")
        .contains("Each place depends on 3 × 3 pixels; from place to place it is 2 pixels.");
    try (var all = Files.list(folder)) {
      assertThat(all.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("data", "backbone.onnx", "page.html");
    }
  }

  @Test
  void features_bundledBackbone_isTakenByItsName() throws IOException {
    Outcome outcome = features(Path.of("graft", "photo-small"));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(written()).contains("graft/photo-small");
  }

  @Test
  void features_image_showsItsMapsOnly() throws IOException {
    Outcome outcome =
        features(backbone, "--image", data.resolve("test/red/0.bmp"), "--preprocessing", "unit");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(written())
        .contains("test/red/0.bmp as the network sees it", "Name a data set with --data DATA");
  }

  @Test
  void features_nothingElse_showsFiltersWithoutPreprocessing() throws IOException {
    Outcome outcome = features(backbone);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(written())
        .contains("alt=\"Filter 7\"", "Name one with --image FILE")
        .doesNotContain("Map of channel");
  }

  @Test
  void features_damagedImage_isNamedAndLeftOut() throws IOException {
    Files.write(data.resolve("train/blue/1.bmp"), new byte[] {'B', 'M', 1, 2});
    Outcome outcome = features(backbone, "--data", data, "--preprocessing", "unit");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.err()).contains("Left out: 1 file", "train/blue/1.bmp");
    assertThat(written()).contains("1 image left out", "train/blue/1.bmp");
  }

  @Test
  void features_residualNetwork_showsEachBlock() throws IOException {
    Path network = folder.resolve("resnet.onnx");
    new ResNet(
            ResNet.Block.BASIC,
            List.of(1, 1),
            List.of(4, 8),
            ResNet.Stem.QUARTERED,
            ResNet.Shortcut.STRIDED)
        .build(ImageTask.of(64, 4), NormForm.BATCH_NORM, 1)
        .write(network);
    Outcome outcome = features(network, "--data", data, "--preprocessing", "unit", "--units", "1");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    // The stem: 7 pixels every 2, then 2 more of 3 x 3 at that jump. Each block adds two of 3 x 3:
    // 11 + 2 * 2 * 4 = 27; then one with stride 2, one at jump 8: 27 + 2 * 4 + 2 * 8 = 51.
    assertThat(written())
        .contains("Each place depends on 27 × 27 pixels; from place to place it is 4 pixels.")
        .contains("Each place depends on 51 × 51 pixels; from place to place it is 8 pixels.");
  }

  @Test
  void features_visionTransformer_showsTokensAsMaps() throws IOException {
    Path network = folder.resolve("transformer.onnx");
    new VisionTransformer(12, 2, 2, 8).build(ImageTask.of(32, 4), 1).write(network);
    Outcome outcome = features(network, "--data", data, "--preprocessing", "unit", "--units", "2");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(written())
        .contains("12 channels of 4 × 4 places. Each place may depend on the whole image.")
        .contains("12 filters of 8 × 8 pixels");
  }

  @Test
  void features_sameTwice_givesTheSamePage() throws IOException {
    Object[] options = {"--data", data, "--preprocessing", "unit", "--images", "7", "--overwrite"};
    assertThat(features(backbone, options).exitCode()).isZero();
    String first = written();
    assertThat(features(backbone, options).exitCode()).isZero();
    assertThat(written()).isEqualTo(first).contains("from 7 images");
  }

  // --- what it refuses ---------------------------------------------------------------------------

  @Test
  void features_missingBackbone_isModelError() {
    assertRefused(features(folder.resolve("absent.onnx")), ExitCode.MODEL, "absent.onnx");
  }

  @Test
  void features_missingImage_isDataError() {
    assertRefused(
        features(backbone, "--image", folder.resolve("absent.jpg"), "--preprocessing", "unit"),
        ExitCode.DATA,
        "absent.jpg",
        "there is no such file");
  }

  @Test
  void features_missingData_isDataError() {
    assertRefused(features(backbone, "--data", folder.resolve("absent")), ExitCode.DATA, "absent");
  }

  @Test
  void features_unknownPreprocessing_isUsageErrorWhereImagesAreShown() {
    assertRefused(
        features(backbone, "--data", data), ExitCode.USAGE, "--preprocessing", "imagenet");
  }

  @Test
  void features_textModel_isModelError() {
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
    assertRefused(features(text), ExitCode.MODEL, "text.onnx", "images", "tokens");
  }

  @Test
  void features_networkWithoutConvolution_isModelError() {
    Path linear = folder.resolve("linear.onnx");
    GraphBuilder.named("linear")
        .input(
            "image",
            ElementType.FLOAT,
            Dimension.named("N"),
            Dimension.of(3),
            Dimension.of(8),
            Dimension.of(8))
        .initializer(OnnxTensor.ofFloats("weight", new float[768], 192, 4))
        .node("Flatten", List.of("image"), "flat")
        .node("MatMul", List.of("flat", "weight"), "features")
        .output("features", ElementType.FLOAT, Dimension.named("N"), Dimension.of(4))
        .build(18)
        .write(linear);
    assertRefused(
        features(linear), ExitCode.MODEL, "linear.onnx", "neither", "convolutional network");
  }

  @Test
  void features_soundData_isDataError() throws IOException {
    Path file = folder.resolve("sounds/yes/a.wav");
    Files.createDirectories(file.getParent());
    Files.write(file, "RIFF....WAVEfmt ".getBytes(StandardCharsets.US_ASCII));
    assertRefused(
        features(backbone, "--data", folder.resolve("sounds"), "--preprocessing", "unit"),
        ExitCode.DATA,
        "images are expected",
        "audio");
  }

  @Test
  void features_numbersOutOfRange_areUsageErrors() {
    assertRefused(
        features(backbone, "--units", "0"), ExitCode.USAGE, "units: expected 1 to 64, found 0");
    assertRefused(
        features(backbone, "--images", "-1"), ExitCode.USAGE, "images: expected 1 or more");
  }

  @Test
  void features_placeOfThePage_isCheckedBeforeTheWork() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    Path kept = Files.writeString(folder.resolve("thesis.html"), "It was a dark night.");
    for (Path[] pair :
        new Path[][] {
          {folder, Path.of("it is a folder")},
          {kept, Path.of("it exists already")},
          {file.resolve("page.html"), Path.of("is a file")},
          {folder.resolve("absent/page.html"), Path.of("there is no folder")}
        }) {
      Outcome outcome = Commands.run("features", "absent.onnx", "--out", pair[0]);
      assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(ExitCode.USAGE);
      assertThat(outcome.err()).contains(pair[1].toString());
    }
    assertThat(kept).hasContent("It was a dark night.");
  }

  @Test
  void features_folderThatTakesNothing_isEnvironmentError() throws IOException {
    Path closed = Files.createDirectories(folder.resolve("closed"));
    assumeTrue(
        Files.getFileStore(closed).supportsFileAttributeView("posix"), "no POSIX permissions");
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
    assumeTrue(!Files.isWritable(closed), "permissions do not bind this user");
    Outcome outcome = Commands.run("features", backbone, "--out", closed.resolve("page.html"));
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(ExitCode.ENVIRONMENT);
    assertThat(outcome.err()).contains("cannot be written to");
  }

  /** Longer than any file system takes, so that renaming the finished page fails for every user. */
  @Test
  void features_nameThatCannotBeWritten_isEnvironmentErrorAndLeavesNothing() throws IOException {
    page = folder.resolve("p".repeat(300) + ".html");
    Outcome outcome = features(backbone);
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(ExitCode.ENVIRONMENT);
    assertThat(outcome.err()).contains("graft: error: Cannot write", "ppp.html");
    assertThat(outcome.out()).isEmpty();
    try (var all = Files.list(folder)) {
      assertThat(all.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("data", "backbone.onnx");
    }
  }

  // --- published networks ------------------------------------------------------------------------

  @Test
  @Tag("reference-data")
  void features_publishedNetwork_staysBelowFiveMegabytes() throws IOException {
    Path shared = Path.of(System.getProperty("graft.shared", "absent"));
    assumeTrue(Files.isDirectory(shared.resolve("models")), "reference data absent: " + shared);
    Outcome outcome =
        features(
            shared.resolve("models/mobilenetv2-1.0-imagenet.onnx"),
            "--data",
            shared.resolve("data/ants-bees.zip"),
            "--preprocessing",
            "imagenet",
            "--images",
            "40");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(Files.size(page)).isLessThan(5_000_000);
    // The first layer and 16 blocks, of each 8 maps and 6 units.
    assertThat(outcome.unwrappedOut())
        .contains("32 filters, 136 activation maps, exciting patches of 102 units from 40 images");
  }
}
