package dev.graft.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFileCheckTest {

  private static final InferenceOptions ONE_THREAD = InferenceOptions.defaults().withThreads(1);

  @TempDir Path root = Path.of(".");
  private Path folder = Path.of(".");

  @BeforeEach
  void writeWeightsInsideAndOutside() throws IOException {
    folder = root.resolve("model folder");
    Files.createDirectories(folder.resolve("sub"));
    byte[] weights = new byte[8];
    ByteBuffer.wrap(weights).order(ByteOrder.LITTLE_ENDIAN).putFloat(3).putFloat(4);
    Files.write(folder.resolve("weights.bin"), weights);
    Files.write(folder.resolve("sub/weights.bin"), weights);
    Files.write(root.resolve("secret.bin"), weights);
  }

  @ParameterizedTest
  @ValueSource(strings = {"weights.bin", "sub/weights.bin"})
  void open_weightsInTheModelsFolder_areUsed(String location) throws IOException {
    Path model = write(modelWithWeightsIn(location));
    try (InferenceSession session = InferenceSession.open(model, ONE_THREAD)) {
      TensorValue ones = TensorValue.ofFloats(new float[] {1, 1}, 2);
      assertThat(TestBundles.floats(session.run(Map.of("x", ones)), "y")).containsExactly(4, 5);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../secret.bin",
        "sub/../../secret.bin",
        "..\\secret.bin",
        "/etc/passwd",
        "C:\\secret.bin",
        "file:///etc/passwd"
      })
  void open_weightsOutsideTheFolder_areRefused(String location) throws IOException {
    Path model = write(modelWithWeightsIn(location));
    assertThatThrownBy(() -> InferenceSession.open(model, ONE_THREAD).close())
        .isInstanceOf(RuntimeModelException.class)
        .hasMessageContaining("Refused the model " + model)
        .hasMessageContaining("\"" + location + "\"")
        .hasMessageContaining("only lie in the model's own folder");
  }

  @Test
  void open_weightsBehindLinkOutOfTheFolder_areRefused() throws IOException {
    Files.createSymbolicLink(folder.resolve("link.bin"), root.resolve("secret.bin"));
    Path model = write(modelWithWeightsIn("link.bin"));
    assertThatThrownBy(() -> InferenceSession.open(model, ONE_THREAD).close())
        .isInstanceOf(RuntimeModelException.class)
        .hasMessageContaining("a link leads from there out of the model's folder");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "missing.bin", "sub", "*/_ORT_MEM_ADDR_/*"})
  void open_missingWeights_areNamed(String location) throws IOException {
    Path model = write(modelWithWeightsIn(location));
    assertThatThrownBy(() -> InferenceSession.open(model, ONE_THREAD).close())
        .isInstanceOf(RuntimeModelException.class)
        .hasMessageContaining("there is no such file in");
  }

  @Test
  void open_bytesWithExternalWeights_areRefused() {
    byte[] model = modelWithWeightsIn("weights.bin").build().toByteArray();
    assertThatThrownBy(() -> InferenceSession.open(model, "upload", ONE_THREAD).close())
        .isInstanceOf(RuntimeModelException.class)
        .hasMessageContaining("Refused the model upload")
        .hasMessageContaining("given as bytes");
  }

  @Test
  void open_externalWeightsInNestedGraphAttribute_areFound() throws IOException {
    GraphProto inner = GraphProto.newBuilder().addInitializer(external("../secret.bin")).build();
    ModelProto.Builder model = TestModels.single("Neg", TestModels.FLOAT, 1);
    model
        .getGraphBuilder()
        .getNodeBuilder(0)
        .addAttribute(
            AttributeProto.newBuilder()
                .setName("body")
                .setType(AttributeProto.AttributeType.GRAPH)
                .setG(inner));
    Path file = write(model);
    assertThatThrownBy(() -> InferenceSession.open(file, ONE_THREAD).close())
        .hasMessageContaining("Refused the model");
  }

  @Test
  void check_randomChangesOfWholeModel_neverFailInAnotherWay() {
    byte[] whole = TestBundles.model();
    for (long seed = 0; seed < 2000; seed++) {
      byte[] changed = whole.clone();
      SplittableRandom random = new SplittableRandom(seed);
      for (int i = 0; i < 3; i++) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      }
      try {
        ModelFileCheck.check(changed, "changed with seed " + seed);
      } catch (RuntimeModelException e) {
        assertThat(e).hasMessageContaining("changed with seed " + seed);
      }
    }
  }

  @Test
  void check_deeplyNestedGraphs_areRefused() {
    byte[] nested = new byte[0];
    // Graph holds node (1) holds attribute (5) holds graph (6), again and again.
    for (int i = 0; i < 60; i++) {
      nested = field(1, field(5, field(6, nested)));
    }
    byte[] model = field(7, nested);
    assertThatThrownBy(() -> ModelFileCheck.check(model, "deep"))
        .isInstanceOf(RuntimeModelException.class)
        .hasMessageContaining("nested more than 100");
  }

  private static byte[] field(int number, byte[] content) {
    ByteBuffer field = ByteBuffer.allocate(content.length + 6).put((byte) (number * 8 + 2));
    // A length written in five bytes, which protobuf allows for any value.
    for (int shift = 0; shift < 28; shift += 7) {
      field.put((byte) (((content.length >> shift) & 0x7F) | 0x80));
    }
    return field.put((byte) 0).put(content).array();
  }

  private Path write(ModelProto.Builder model) throws IOException {
    return Files.write(folder.resolve("model.onnx"), model.build().toByteArray());
  }

  private static ModelProto.Builder modelWithWeightsIn(String location) {
    return TestModels.model(
        GraphProto.newBuilder()
            .setName("external")
            .addInput(TestModels.value("x", TestModels.FLOAT, 2))
            .addInitializer(external(location))
            .addNode(TestModels.node("Add", List.of("x", "w"), "y"))
            .addOutput(TestModels.value("y", TestModels.FLOAT, 2)));
  }

  private static TensorProto external(String location) {
    return TensorProto.newBuilder()
        .setName("w")
        .setDataType(TestModels.FLOAT)
        .addDims(2)
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalData(TestModels.entry("location", location))
        .build();
  }
}
