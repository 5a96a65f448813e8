package dev.graft.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.data.Dataset;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.ModelEditor;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import dev.graft.onnx.ValueInfo;
import dev.graft.runtime.ParityReport;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A backbone in 16-bit floats is trained with masters in fp32 and saved in 16-bit floats again. */
final class HalfPrecisionTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @ParameterizedTest
  @CsvSource({"head,FP32,0", "all,FP32,9", "head-then-all,BF16,9"})
  void save_modelOfHalves_keepsThemAndAgreesWithTheRuntime(
      String strategy, PrecisionChoice precision, int changedTensors) {
    Dataset data = ToyTask.dataset(folder, 12, 6);
    Backbone backbone = halves();
    TrainedModel model =
        ToyTask.learning(backbone)
            .strategy(Strategy.parse(strategy))
            .precision(precision)
            .epochs(15)
            .fit(data);
    // Saving runs the file in ONNX Runtime on examples and compares.
    ParityReport parity = model.save(folder.resolve("model"));

    assertThat(parity.exampleCount()).isEqualTo(3);
    assertThat(parity.largestDifference()).isLessThanOrEqualTo(parity.tolerance());
    assertThat(model.record().test().orElseThrow().accuracy()).isGreaterThan(1 / 3.0);
    Map<String, OnnxTensor> saved =
        OnnxModel.read(folder.resolve("model").resolve("model.onnx")).graph().initializers();
    Set<String> changed = new TreeSet<>();
    backbone
        .trunk()
        .graph()
        .initializers()
        .forEach(
            (name, before) -> {
              if (before.type().isFloating() && before.elementCount() > 1) {
                OnnxTensor after = saved.get(name);
                assertThat(after).as(name).isNotNull();
                assertThat(before.type()).as(name).isEqualTo(ElementType.FLOAT16);
                if (after != null) {
                  assertThat(after.type()).as(name).isEqualTo(ElementType.FLOAT16);
                  if (!after.data().equals(before.data())) {
                    changed.add(name);
                  }
                }
              }
            });
    assertThat(changed).hasSize(changedTensors);
  }

  @Test
  void halves_ofTheToyNetwork_areAllInitialisers() {
    assertThat(inHalves(ToyTask.network(1)).graph().initializers().values())
        .hasSize(17)
        .allMatch(tensor -> tensor.type() == ElementType.FLOAT16);
  }

  private Backbone halves() {
    Path file = folder.resolve("halves.onnx");
    inHalves(ToyTask.network(1)).write(file);
    return Backbone.load(file, ToyTask.options());
  }

  /** The model as converters give it out: weights, input and output in FLOAT16. */
  private static OnnxModel inHalves(OnnxModel model) {
    ModelEditor editor = model.edit();
    model
        .graph()
        .initializers()
        .values()
        .forEach(
            tensor -> {
              ByteBuffer empty = ByteBuffer.allocate(2 * (int) tensor.elementCount());
              editor.setInitializer(
                  OnnxTensor.ofRaw(tensor.name(), ElementType.FLOAT16, empty, tensor.shape())
                      .withFloats(tensor.toFloats()));
            });
    return editor
        .setInputs(inHalves(model.graph().inputs()))
        .setOutputs(inHalves(model.graph().outputs()))
        .build();
  }

  private static List<ValueInfo> inHalves(List<ValueInfo> values) {
    return values.stream()
        .map(value -> new ValueInfo(value.name(), ElementType.FLOAT16, value.shape()))
        .toList();
  }
}
