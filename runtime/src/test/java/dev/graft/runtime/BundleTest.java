package dev.graft.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleTest {

  @TempDir Path folder = Path.of(".");

  @Test
  void open_wholeBundle_givesItsParts() throws IOException {
    TestBundles.write(folder);
    Bundle bundle = Bundle.open(folder);
    assertThat(bundle.folder()).isEqualTo(folder);
    assertThat(bundle.modelFile()).isEqualTo(folder.resolve("model.onnx"));
    assertThat(bundle.config().labels()).isEqualTo(TestBundles.LABELS);
  }

  // --- what is no bundle ---------------------------------------------------------------------

  @Test
  void open_missingFolder_saysWhatToGive() {
    assertRefused(
        folder.resolve("nowhere"), "there is no such folder; give the folder that graft train");
  }

  @Test
  void open_fileInsteadOfFolder_saysWhatToGive() throws IOException {
    TestBundles.write(folder);
    assertRefused(folder.resolve("model.onnx"), "it is a file; give the folder that holds");
  }

  @Test
  void open_emptyFolder_isNoBundle() {
    assertRefused(
        folder,
        folder
            + " is no bundle: config.json is missing; run graft train --out ... or give the"
            + " folder that holds model.onnx");
  }

  @Test
  void open_withoutModel_namesIt() throws IOException {
    Files.delete(TestBundles.write(folder).resolve("model.onnx"));
    assertRefused(folder, "is no bundle: model.onnx is missing");
  }

  @Test
  void open_textBundleWithoutTokenizer_namesIt() throws IOException {
    TestBundles.write(folder);
    BundleConfig image = TestBundles.config("red", "green", "blue");
    new BundleConfig(image.labels(), Modality.TEXT, "x", "", "head only", 1, "0.1.0")
        .write(folder.resolve("config.json"));
    assertRefused(folder, "is no bundle: tokenizer.json is missing");
  }

  @Test
  void open_configOfGarbage_isRefused() throws IOException {
    Files.write(TestBundles.write(folder).resolve("config.json"), new byte[] {0, 1, 2, 3});
    assertRefused(folder, "config.json: it is no valid JSON");
  }

  @Test
  void open_truncatedModel_isRefused() throws IOException {
    byte[] model = TestBundles.model();
    Files.write(
        TestBundles.write(folder).resolve("model.onnx"), Arrays.copyOf(model, model.length / 2));
    assertThatThrownBy(() -> Bundle.open(folder))
        .isInstanceOf(RuntimeModelException.class)
        .hasMessageContaining(folder.resolve("model.onnx") + ": this is no whole ONNX file");
  }

  // --- parts that do not belong together -----------------------------------------------------

  @Test
  void open_otherNumberOfLabels_saysBothNumbers() throws IOException {
    TestBundles.write(folder);
    TestBundles.config("red", "green").write(folder.resolve("config.json"));
    assertRefused(
        folder,
        "do not belong together",
        "gives logits: REAL [?, 3]",
        "config.json names 2 labels",
        "restore the folder");
  }

  @Test
  void open_otherLabelsThanTheModelCarries_namesBoth() throws IOException {
    TestBundles.write(folder);
    TestBundles.config("green", "red", "blue").write(folder.resolve("config.json"));
    assertRefused(folder, "was trained for the labels [red, green, blue]", "[green, red, blue]");
  }

  @Test
  void open_modelWithUnreadableLabels_isRefused() throws IOException {
    ModelProto.Builder model = TestModels.classifier(8, 6, new float[9], new float[3]);
    writeWith(TestModels.withMetadata(model, Map.of(BundleLayout.METADATA_LABELS, "red,green")));
    assertRefused(folder, "carries labels that are no JSON array: red,green");
  }

  @Test
  void open_modelWithoutMetadata_isAccepted() throws IOException {
    writeWith(TestModels.classifier(8, 6, new float[9], new float[3]).build().toByteArray());
    assertThat(Bundle.open(folder).config().labels()).hasSize(3);
  }

  @Test
  void open_modelThatTakesNoPixels_saysWhatItTakes() throws IOException {
    writeWith(TestModels.single("Neg", TestModels.FLOAT, -1, 3, 224, 224).build().toByteArray());
    assertRefused(
        folder, "takes [x: REAL [?, 3, 224, 224]]", "unsigned bytes [N, height, width, 3]");
  }

  @Test
  void open_modelWithoutProbabilities_listsItsOutputs() throws IOException {
    ModelProto.Builder model = TestModels.classifier(8, 6, new float[9], new float[3]);
    model.getGraphBuilder().removeOutput(1);
    writeWith(model.build().toByteArray());
    assertRefused(folder, "has no output \"probabilities\", it gives [logits: REAL [?, 3]]");
  }

  private void writeWith(byte[] model) throws IOException {
    Files.write(TestBundles.write(folder).resolve("model.onnx"), model);
  }

  private static void assertRefused(Path bundle, String... messageParts) {
    assertThatThrownBy(() -> Bundle.open(bundle))
        .isInstanceOf(BundleException.class)
        .hasMessageContainingAll(messageParts);
  }
}
