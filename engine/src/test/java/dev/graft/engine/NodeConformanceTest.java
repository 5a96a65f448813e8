package dev.graft.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.engine.operator.Operators;
import dev.graft.engine.operator.Shapes;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxModelException;
import dev.graft.onnx.OnnxTensor;
import dev.graft.onnx.UnsupportedOperatorsException;
import dev.graft.onnx.ValueInfo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.assertj.core.data.Offset;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Operators give what the ONNX backend node test suite says: type and shape exactly, values to a
 * relative 1e-3. What the engine does not compute is refused, and listed here.
 */
@Tag("reference-data")
class NodeConformanceTest {
  private static final Path ARCHIVE =
      Path.of(System.getProperty("graft.shared"), "onnx-node-tests.zip");

  /** Operators of the suite that no image network needs and the engine refuses by name. */
  private static final Set<String> UNKNOWN_OPERATORS =
      Set.of("DFT", "Einsum", "GatherND", "HannWindow", "ScatterND", "STFT", "TopK");

  /** Cases of known operators that are refused when they run, by the start of their names. */
  private static final List<String> REFUSED =
      List.of(
          "test_maxpool_3d_", // three spatial axes
          "test_maxpool_with_argmax_", // indices as an output
          "test_batchnorm_epsilon_training_mode", // updated statistics as outputs
          "test_batchnorm_example_training_mode",
          "test_dropout_default_mask", // the mask as an output
          "test_training_dropout_default_mask",
          "test_resize_tf_crop_and_resize"); // a region of interest

  /** Dropout passes its input on: graphs are exported for inference. */
  private static final Set<String> OTHER_MEANING =
      Set.of("test_training_dropout", "test_training_dropout_default");

  private static final List<String> UNSIGNED = List.of("UINT16", "UINT32", "UINT64");

  private static @Nullable ZipFile archive;

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  static Stream<String> cases() throws IOException {
    if (!Files.exists(ARCHIVE)) {
      return Stream.of("none");
    }
    ZipFile opened = new ZipFile(ARCHIVE.toFile());
    archive = opened;
    return opened.stream()
        .map(entry -> entry.getName().split("/")[0])
        .distinct()
        .filter(name -> !OTHER_MEANING.contains(name))
        .sorted();
  }

  @AfterAll
  static void close() throws IOException {
    if (archive != null) {
      archive.close();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void run_suiteCase_equalsItsOutputs(String name) throws IOException {
    assumeTrue(Files.exists(ARCHIVE), "reference data absent: " + ARCHIVE);
    OnnxModel read;
    try {
      read = OnnxModel.parse(bytes(name + "/model.onnx"), name);
    } catch (OnnxModelException outside) {
      assertThat(outside).hasMessageContaining("expected 7 to 25");
      return;
    }
    OnnxModel model = read.opset() < 18 ? read.upgradeTo(18) : read;
    if (model.graph().nodes().stream().anyMatch(NodeConformanceTest::isUnknown)) {
      assertThatThrownBy(() -> ProgramBuilder.build(model, Precision.FP32, Set.of()))
          .isInstanceOf(UnsupportedOperatorsException.class);
    } else if (REFUSED.stream().anyMatch(name::startsWith)) {
      assertThatThrownBy(() -> check(name, model))
          .isInstanceOf(EngineException.class)
          .hasMessageStartingWith("Running ");
    } else if (model.graph().inputs().stream().anyMatch(NodeConformanceTest::isWideUnsigned)) {
      assertThatThrownBy(() -> check(name, model)).hasMessageContaining("UINT");
    } else {
      check(name, model);
    }
  }

  private static boolean isUnknown(Node node) {
    if (UNKNOWN_OPERATORS.contains(node.operator())) {
      return true;
    }
    assertThat(node.operator().equals("Constant") || Operators.find(node.operator()).isPresent())
        .as("operator %s is known", node.operator())
        .isTrue();
    return false;
  }

  private static boolean isWideUnsigned(ValueInfo input) {
    return UNSIGNED.contains(input.type().name());
  }

  private static void check(String name, OnnxModel model) throws IOException {
    try (PointerScope scope = new PointerScope();
        AutoGradMode inference = new AutoGradMode(false);
        Program program = ProgramBuilder.build(model, Precision.FP32, Set.of())) {
      for (int set = 0; archive().getEntry(file(name, set, "output_0")) != null; set++) {
        Map<String, Tensor> given = new LinkedHashMap<>();
        List<ValueInfo> inputs = model.graph().inputs();
        for (int i = 0; i < inputs.size(); i++) {
          OnnxTensor input = TensorFiles.parse(bytes(file(name, set, "input_" + i)));
          given.put(inputs.get(i).name(), TensorFiles.toTensor(input));
        }
        List<Tensor> results = program.run(given, Program.Mode.INFERENCE, Program.Observer.NONE);
        for (int i = 0; i < results.size(); i++) {
          OnnxTensor expected = TensorFiles.parse(bytes(file(name, set, "output_" + i)));
          compare(results.get(i), expected);
        }
      }
    }
  }

  private static void compare(Tensor actual, OnnxTensor expected) {
    assertThat(Shapes.of(actual)).as("shape").isEqualTo(expected.shape());
    assertThat(TensorFiles.hasType(actual, expected.type())).as("of " + expected.type()).isTrue();
    double[] values = TensorFiles.toDoubles(actual);
    double[] wanted = TensorFiles.toDoubles(expected);
    for (int i = 0; i < wanted.length; i++) {
      if (Double.isFinite(wanted[i])) {
        Offset<Double> tolerance = Offset.offset(1e-7 + 1e-3 * Math.abs(wanted[i]));
        assertThat(values[i]).as("element %d", i).isCloseTo(wanted[i], tolerance);
      } else {
        assertThat(values[i]).as("element %d", i).isEqualTo(Double.valueOf(wanted[i]));
      }
    }
  }

  private static ZipFile archive() {
    return Objects.requireNonNull(archive);
  }

  private static String file(String name, int set, String tensor) {
    return name + "/test_data_set_" + set + "/" + tensor + ".pb";
  }

  private static byte[] bytes(String path) throws IOException {
    ZipEntry entry = archive().getEntry(path);
    assertThat(entry).as("entry %s of the archive", path).isNotNull();
    try (InputStream in = archive().getInputStream(entry)) {
      return in.readAllBytes();
    }
  }
}
