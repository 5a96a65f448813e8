package dev.graft.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.graft.data.DataException;
import dev.graft.data.image.PixelImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictorTest {

  @TempDir Path folder = Path.of(".");

  @BeforeEach
  void writeBundle() throws IOException {
    TestBundles.write(folder);
  }

  // --- single images -------------------------------------------------------------------------

  @Test
  void predict_plainColour_givesTheProbabilitiesOfTheFormula() {
    // Features are 200/255, 100/255, 50/255; logits ten times that plus the bias 0.1, 0, -0.1.
    double[] logits = {2000 / 255.0 + 0.1, 1000 / 255.0, 500 / 255.0 - 0.1};
    double sum = Math.exp(logits[0]) + Math.exp(logits[1]) + Math.exp(logits[2]);
    try (Predictor predictor = Predictor.load(folder)) {
      Prediction prediction = predictor.predict(TestBundles.plain(31, 17, 200, 100, 50));
      assertThat(prediction.label()).isEqualTo("red");
      assertThat(prediction.ranked())
          .extracting(LabelProbability::label)
          .containsExactly("red", "green", "blue");
      for (int i = 0; i < 3; i++) {
        assertThat(prediction.ranked().get(i).probability())
            .isCloseTo(Math.exp(logits[i]) / sum, within(1e-5));
      }
      assertThat(prediction.probability()).isEqualTo(prediction.ranked().get(0).probability());
    }
  }

  @Test
  void predict_fileBytesAndPixels_agree() throws IOException {
    PixelImage image = TestBundles.noisy(41, 29, 5, 10, 90, 120);
    byte[] png = PngEncoder.encode(image);
    Path file = Files.write(folder.resolve("blå 写真.png"), png);
    try (Predictor predictor = Predictor.load(folder)) {
      Prediction prediction = predictor.predict(image);
      assertThat(prediction.label()).isEqualTo("blue");
      assertThat(predictor.predict(file)).isEqualTo(prediction);
      assertThat(predictor.predict(png, "from memory")).isEqualTo(prediction);
    }
  }

  @Test
  void predict_contentOutsideTheCentre_changesNothing() {
    // The model keeps the middle 6 of 8; a wide image loses its sides.
    PixelImage image = TestBundles.plain(64, 8, 0, 200, 0);
    for (int y = 0; y < 8; y++) {
      for (int x = 0; x < 10; x++) {
        image.rgb()[(y * 64 + x) * 3] = (byte) 255;
      }
    }
    try (Predictor predictor = Predictor.load(folder)) {
      assertThat(predictor.predict(image))
          .isEqualTo(predictor.predict(TestBundles.plain(64, 8, 0, 200, 0)));
    }
  }

  @Test
  void predict_missingOrDamagedFile_isNamed() throws IOException {
    Path damaged = Files.write(folder.resolve("damaged.jpg"), new byte[] {1, 2, 3});
    try (Predictor predictor = Predictor.load(folder)) {
      assertThatThrownBy(() -> predictor.predict(folder.resolve("no.jpg")))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("no.jpg");
      assertThatThrownBy(() -> predictor.predict(damaged))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("damaged.jpg");
    }
  }

  @Test
  void predict_imageOfOneRow_isRefusedBeforeItNeedsMemory() {
    try (Predictor predictor = Predictor.load(folder)) {
      assertThat(predictor.predict(TestBundles.plain(100, 1, 0, 0, 255)).label()).isEqualTo("blue");
      assertThatThrownBy(() -> predictor.predict(TestBundles.plain(1, 101, 0, 0, 255)))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("1 x 101 pixels")
          .hasMessageContaining("at most 100 times the other; crop it first");
    }
  }

  // --- several images ------------------------------------------------------------------------

  @Test
  void predict_listOfMixedSizes_keepsOrderAndEqualsSingles() {
    List<PixelImage> images = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      int[] rgb = {60, 60, 60};
      rgb[i * 7 % 3] = 180;
      int width = i < 40 ? 20 : 20 + i % 2;
      images.add(TestBundles.noisy(width, 15, i, rgb[0], rgb[1], rgb[2]));
    }
    try (Predictor predictor = Predictor.load(folder)) {
      List<Prediction> together = predictor.predict(images);
      assertThat(together).hasSize(60);
      for (int i = 0; i < 60; i++) {
        Prediction single = predictor.predict(images.get(i));
        assertThat(together.get(i).label())
            .isEqualTo(single.label())
            .isEqualTo(TestBundles.LABELS.get(i * 7 % 3));
        assertThat(together.get(i).probability()).isCloseTo(single.probability(), within(1e-6));
      }
      assertThat(predictor.predict(List.of())).isEmpty();
    }
  }

  @Test
  void predict_modelOfFixedBatchOne_runsSingly() throws IOException {
    ModelProto.Builder model =
        TestModels.classifier(8, 6, new float[] {9, 0, 0, 0, 9, 0, 0, 0, 9}, new float[3]);
    model.getGraphBuilder().setInput(0, TestModels.value("image", TestModels.UINT8, 1, -1, -1, 3));
    Files.write(folder.resolve("model.onnx"), model.build().toByteArray());
    PixelImage green = TestBundles.plain(9, 9, 0, 200, 0);
    try (Predictor predictor = Predictor.load(folder)) {
      assertThat(predictor.predict(List.of(green, green, green)))
          .extracting(Prediction::label)
          .containsExactly("green", "green", "green");
    }
  }

  @Test
  void predict_fromManyThreads_givesEqualResults() throws Exception {
    PixelImage image = TestBundles.noisy(50, 40, 3, 90, 150, 20);
    try (Predictor predictor = Predictor.load(folder)) {
      Prediction expected = predictor.predict(image);
      ExecutorService threads = Executors.newFixedThreadPool(6);
      List<Future<Prediction>> found = new ArrayList<>();
      for (int i = 0; i < 120; i++) {
        found.add(threads.submit(() -> predictor.predict(image)));
      }
      for (Future<Prediction> prediction : found) {
        assertThat(prediction.get(30, TimeUnit.SECONDS)).isEqualTo(expected);
      }
      threads.shutdown();
    }
  }

  // --- the ranking ---------------------------------------------------------------------------

  @Test
  void top_countBeyondTheClasses_givesAll() {
    Prediction prediction = Prediction.of(List.of("a", "b", "c"), new float[] {.2f, .5f, .3f}, 0);
    assertThat(prediction.top(2)).extracting(LabelProbability::label).containsExactly("b", "c");
    assertThat(prediction.top(9)).hasSize(3);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> prediction.top(0))
        .withMessageContaining("at least 1");
  }

  @Test
  void ranked_equalProbabilities_keepTheModelsOrder() {
    assertThat(Prediction.of(List.of("z", "m", "a"), new float[] {.25f, .5f, .25f}, 0).ranked())
        .extracting(LabelProbability::label)
        .containsExactly("m", "z", "a");
  }

  @Test
  void probabilityOf_knownAndUnknownClass_givesItOrNamesTheClasses() {
    Prediction prediction = Prediction.of(List.of("a", "b"), new float[] {.25f, .75f}, 0);
    assertThat(prediction.probabilityOf("a")).isEqualTo(0.25);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> prediction.probabilityOf("c"))
        .withMessageContaining("no class \"c\"")
        .withMessageContaining("label=b");
  }

  // --- loading -------------------------------------------------------------------------------

  @Test
  void load_textBundleWithoutUsableTokenizer_isRefused() throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), "{}");
    Files.writeString(folder.resolve("preprocessor_config.json"), "{}");
    BundleConfig image = TestBundles.config("red", "green", "blue");
    new BundleConfig(image.labels(), Modality.TEXT, "x", "", "head only", 1, "0.1.0")
        .write(folder.resolve("config.json"));
    assertThatThrownBy(() -> Predictor.load(folder).close())
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("how its texts are prepared cannot be told");
  }

  @Test
  void predict_modelThatGivesNoNumbers_isRefused() throws IOException {
    float[] weight = new float[9];
    weight[4] = Float.NaN;
    Files.write(
        folder.resolve("model.onnx"),
        TestModels.classifier(8, 6, weight, new float[3]).build().toByteArray());
    try (Predictor predictor = Predictor.load(folder)) {
      assertThatThrownBy(() -> predictor.predict(TestBundles.plain(9, 9, 1, 2, 3)))
          .isInstanceOf(RuntimeModelException.class)
          .hasMessageContaining("gave the probability NaN")
          .hasMessageContaining("its weights are damaged");
    }
  }

  @Test
  void predict_afterClose_isRefused() {
    Predictor predictor = Predictor.load(folder);
    predictor.close();
    predictor.close();
    assertThatThrownBy(() -> predictor.predict(TestBundles.plain(9, 9, 1, 2, 3)))
        .isInstanceOf(IllegalStateException.class);
  }
}
