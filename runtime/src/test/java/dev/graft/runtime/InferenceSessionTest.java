package dev.graft.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.GraphProto;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InferenceSessionTest {

  private static final InferenceOptions ONE_THREAD = InferenceOptions.defaults().withThreads(1);

  @TempDir Path folder = Path.of(".");

  // --- description ---------------------------------------------------------------------------

  @Test
  void inputs_ofClassifier_haveNamesKindsAndFreeSizes() {
    try (InferenceSession session = open(TestBundles.model())) {
      assertThat(session.inputs())
          .containsExactly(
              new TensorDescription("image", TensorKind.UNSIGNED_BYTE, List.of(-1L, -1L, -1L, 3L)));
      assertThat(session.inputs().get(0)).hasToString("image: UNSIGNED_BYTE [?, ?, ?, 3]");
      assertThat(session.outputs())
          .containsExactly(
              new TensorDescription("logits", TensorKind.REAL, List.of(-1L, 3L)),
              new TensorDescription("probabilities", TensorKind.REAL, List.of(-1L, 3L)));
      assertThat(session.metadata())
          .containsEntry(BundleLayout.METADATA_LABELS, "[\"red\",\"green\",\"blue\"]");
    }
  }

  // --- values --------------------------------------------------------------------------------

  @Test
  void run_realInput_givesRealOutput() {
    try (InferenceSession session = open(single("Neg", TestModels.FLOAT, -1, 2))) {
      TensorValue y = session.run(Map.of("x", TensorValue.ofFloats(numbers(4), 2, 2))).get("y");
      assertThat(y).isInstanceOf(TensorValue.FloatValues.class).hasToString("FloatValues[2, 2]");
      assertThat(((TensorValue.FloatValues) Objects.requireNonNull(y)).values())
          .containsExactly(-0f, -1, -2, -3);
    }
  }

  @ParameterizedTest
  @CsvSource({"10, 0.00048828125", "11, 0", "1, 0"})
  void run_anyRealWidth_convertsBothWays(int onnxType, float tolerance) {
    float[] given = {0, 1.5f, -3.25f, 0.3333333f, 1024};
    try (InferenceSession session = open(single("Identity", onnxType, -1))) {
      float[] found =
          TestBundles.floats(session.run(Map.of("x", TensorValue.ofFloats(given, 5))), "y");
      for (int i = 0; i < given.length; i++) {
        assertThat(found[i]).isCloseTo(given[i], within(tolerance));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"INT8, 3", "INT16, 5", "INT32, 6", "INT64, 7", "BOOL, 9"})
  void run_anyIntegerWidth_convertsBothWays(String name, int onnxType) {
    long[] given = name.equals("BOOL") ? new long[] {0, 1, 1} : new long[] {-100, 0, 127};
    try (InferenceSession session = open(single("Identity", onnxType, 3))) {
      TensorValue y = session.run(Map.of("x", TensorValue.ofLongs(given, 3))).get("y");
      assertThat(y)
          .isInstanceOfSatisfying(
              TensorValue.LongValues.class, v -> assertThat(v.values()).containsExactly(given));
    }
  }

  @Test
  void run_integerBeyondTheModelsWidth_isRefused() {
    try (InferenceSession session = open(single("Identity", TestModels.INT32, 1))) {
      assertThatThrownBy(
              () -> session.run(Map.of("x", TensorValue.ofLongs(new long[] {1L << 40}, 1))))
          .isInstanceOf(RuntimeModelException.class)
          .hasMessageContaining("1099511627776 does not fit the model's INT32");
    }
  }

  @Test
  void run_unsignedBytes_comeBackUnchanged() {
    byte[] given = {0, 127, (byte) 128, (byte) 255};
    try (InferenceSession session = open(single("Identity", TestModels.UINT8, 4))) {
      assertThat(session.run(Map.of("x", TensorValue.ofBytes(given, 4))).get("y"))
          .isInstanceOfSatisfying(
              TensorValue.ByteValues.class, v -> assertThat(v.values()).containsExactly(given));
    }
  }

  @Test
  void run_scalarAndEmptyTensors_work() {
    try (InferenceSession session = open(single("Neg", TestModels.FLOAT))) {
      TensorValue scalar = TensorValue.ofFloats(new float[] {2});
      assertThat(TestBundles.floats(session.run(Map.of("x", scalar)), "y")).containsExactly(-2);
    }
    try (InferenceSession session = open(single("Neg", TestModels.FLOAT, -1))) {
      TensorValue empty = TensorValue.ofFloats(new float[0], 0);
      assertThat(TestBundles.floats(session.run(Map.of("x", empty)), "y")).isEmpty();
    }
  }

  @Test
  void runSelected_oneOutput_givesOnlyThatOne() {
    try (InferenceSession session = open(TestBundles.model())) {
      Map<String, TensorValue> image =
          Map.of("image", TensorValue.ofBytes(new byte[5 * 7 * 3], 1, 7, 5, 3));
      assertThat(session.runSelected(image, List.of("logits"))).containsOnlyKeys("logits");
      assertThat(session.runSelected(image, List.of())).isEmpty();
    }
  }

  @Test
  void tensorValue_shapeThatDoesNotHoldTheValues_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TensorValue.ofFloats(new float[5], 2, 3))
        .withMessageContaining("shape [2, 3] does not hold 5 values");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TensorValue.ofFloats(new float[0], 1L << 32, 1L << 32))
        .withMessageContaining("does not hold 0 values");
  }

  // --- wrong calls ---------------------------------------------------------------------------

  @Test
  void run_wrongInputs_areNamedBesideTheExpectedOnes() {
    try (InferenceSession session = open(single("Neg", TestModels.FLOAT, -1, 2))) {
      assertThatThrownBy(() -> session.run(Map.of("z", TensorValue.ofFloats(numbers(2), 1, 2))))
          .isInstanceOf(RuntimeModelException.class)
          .hasMessageContaining("{z: FloatValues[1, 2]}, but it takes [x: REAL [?, 2]]");
      assertThatThrownBy(() -> session.run(Map.of("x", TensorValue.ofFloats(numbers(3), 1, 3))))
          .hasMessageContaining("its input is x: REAL [?, 2], but it was given FloatValues[1, 3]");
      assertThatThrownBy(() -> session.run(Map.of("x", TensorValue.ofFloats(numbers(2), 2))))
          .hasMessageContaining("FloatValues[2]");
      assertThatThrownBy(() -> session.run(Map.of("x", TensorValue.ofLongs(new long[2], 1, 2))))
          .hasMessageContaining("its input is x: REAL [?, 2], but it was given LongValues[1, 2]");
    }
  }

  @Test
  void runSelected_unknownOutput_listsTheOutputs() {
    try (InferenceSession session = open(TestBundles.model())) {
      assertThatThrownBy(() -> session.runSelected(Map.of(), List.of("features")))
          .isInstanceOf(RuntimeModelException.class)
          .hasMessageContaining("no output \"features\"")
          .hasMessageContaining("logits: REAL [?, 3]");
    }
  }

  @Test
  void run_failsInsideTheModel_namesModelAndInputs() {
    // The crop is larger than what the graph can cut from an image without pixels.
    try (InferenceSession session = open(TestBundles.model())) {
      assertThatThrownBy(
              () -> session.run(Map.of("image", TensorValue.ofBytes(new byte[0], 1, 0, 0, 3))))
          .isInstanceOf(RuntimeModelException.class)
          .hasMessageContaining("Running the model test failed")
          .hasMessageContaining("image: ByteValues[1, 0, 0, 3]");
    }
  }

  @Test
  void run_afterClose_isRefusedAndClosingAgainDoesNothing() {
    InferenceSession session = open(single("Neg", TestModels.FLOAT, 1));
    session.close();
    session.close();
    assertThatThrownBy(() -> session.run(Map.of("x", TensorValue.ofFloats(numbers(1), 1))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  // --- threads -------------------------------------------------------------------------------

  @Test
  void run_fromManyThreadsWhileClosing_isRightOrRefused() throws Exception {
    InferenceSession session = open(single("Neg", TestModels.FLOAT, -1));
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<Integer>> wrong = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      int size = 1 + t * 997;
      wrong.add(threads.submit(() -> countWrong(session, size)));
    }
    Thread.sleep(150);
    session.close();
    for (Future<Integer> count : wrong) {
      assertThat(count.get(30, TimeUnit.SECONDS)).isZero();
    }
    threads.shutdown();
    assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
  }

  private static int countWrong(InferenceSession session, int size) {
    float[] given = numbers(size);
    int wrong = 0;
    while (true) {
      try {
        float[] found =
            TestBundles.floats(session.run(Map.of("x", TensorValue.ofFloats(given, size))), "y");
        for (int i = 0; i < size; i++) {
          wrong += found[i] == -given[i] ? 0 : 1;
        }
      } catch (IllegalStateException closed) {
        return wrong;
      }
    }
  }

  // --- bad files -----------------------------------------------------------------------------

  @Test
  void open_pathWithOtherScripts_works() throws IOException {
    Path file = folder.resolve("Größe 模型 модель.onnx");
    Files.write(file, single("Neg", TestModels.FLOAT, 1));
    try (InferenceSession session = InferenceSession.open(file, ONE_THREAD)) {
      assertThat(session.inputs()).hasSize(1);
    }
  }

  @Test
  void open_missingFileOrFolder_saysSo() {
    assertRefused(folder.resolve("no.onnx"), "no.onnx: there is no such file");
    assertRefused(folder, "it is no regular file");
  }

  @Test
  void open_emptyFile_saysSo() throws IOException {
    assertRefused(write(new byte[0]), "it is empty");
  }

  @Test
  void open_truncatedAnywhere_isRefused() throws IOException {
    byte[] whole = single("Neg", TestModels.FLOAT, -1, 4);
    for (int length = 1; length < whole.length; length++) {
      Path file = write(Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> InferenceSession.open(file, ONE_THREAD).close())
          .describedAs("first %d of %d bytes", length, whole.length)
          .isInstanceOf(RuntimeModelException.class)
          .hasMessageContaining(file.toString());
    }
  }

  @Test
  void open_truncated_saysWhatIsMissing() throws IOException {
    byte[] whole = TestBundles.model();
    assertRefused(
        write(Arrays.copyOf(whole, whole.length / 2)), "no whole ONNX file", "bytes, but only");
  }

  @Test
  void open_otherFormats_areRefused() throws IOException {
    assertRefused(write("<html>404</html>".getBytes(StandardCharsets.UTF_8)), "no whole ONNX file");
    assertRefused(write(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10}), "no whole ONNX");
    assertRefused(write(new byte[] {8, 8}), "it holds no graph");
    assertRefused(write(new byte[4096]), "begins no field");
  }

  @Test
  void open_largerThanTheLimit_isRefusedUnread() throws IOException {
    Path file = write(TestBundles.model());
    assertThatThrownBy(
            () -> InferenceSession.open(file, ONE_THREAD.withMaximumModelBytes(100)).close())
        .isInstanceOf(RuntimeModelException.class)
        .hasMessageContaining("the limit is 100");
    assertThatThrownBy(
            () ->
                InferenceSession.open(
                        TestBundles.model(), "test", ONE_THREAD.withMaximumModelBytes(100))
                    .close())
        .hasMessageContaining("the limit is 100");
  }

  @Test
  void open_unknownOperator_isNamed() throws IOException {
    assertRefused(
        write(single("Frobnicate", TestModels.FLOAT, 1)), "ONNX Runtime cannot open", "Frobnicate");
  }

  @Test
  void open_cyclicGraph_isRefused() throws IOException {
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .setName("cycle")
            .addInput(TestModels.value("x", TestModels.FLOAT, 1))
            .addNode(TestModels.node("Add", List.of("x", "b"), "a"))
            .addNode(TestModels.node("Neg", List.of("a"), "b"))
            .addOutput(TestModels.value("b", TestModels.FLOAT, 1));
    assertRefused(write(TestModels.model(graph).build().toByteArray()), "cannot open the model");
  }

  private void assertRefused(Path file, String... messageParts) {
    assertThatThrownBy(() -> InferenceSession.open(file, ONE_THREAD).close())
        .isInstanceOf(RuntimeModelException.class)
        .hasMessageContainingAll(messageParts)
        .hasMessageContaining(file.toString());
  }

  private Path write(byte[] content) throws IOException {
    return Files.write(folder.resolve("model.onnx"), content);
  }

  private static byte[] single(String operator, int type, long... shape) {
    return TestModels.single(operator, type, shape).build().toByteArray();
  }

  private static InferenceSession open(byte[] model) {
    return InferenceSession.open(model, "test", ONE_THREAD);
  }

  private static float[] numbers(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = i;
    }
    return values;
  }
}
