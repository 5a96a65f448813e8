package dev.graft.transfer.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import dev.graft.runtime.BundleLayout;
import dev.graft.runtime.InferenceOptions;
import dev.graft.runtime.InferenceSession;
import dev.graft.runtime.TensorDescription;
import dev.graft.runtime.TensorValue;
import dev.graft.transfer.ToyBundle;
import dev.graft.transfer.training.ClassifierHead;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelAssemblerTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  /**
   * A trunk that calls its input "image" and its pooled image "features", and twice of that is what
   * the head reads.
   */
  private static OnnxModel trunk() {
    return GraphBuilder.named("trunk")
        .input(
            "image",
            ElementType.FLOAT,
            Dimension.named("N"),
            Dimension.of(3),
            Dimension.of(32),
            Dimension.of(32))
        .initializer(OnnxTensor.ofFloats("two", new float[] {2}))
        .node("GlobalAveragePool", List.of("image"), "features")
        .node("Mul", List.of("features", "two"), "doubled")
        .node(Node.of("Flatten", List.of("doubled"), List.of("flat")).withInteger("axis", 1))
        .output("flat", ElementType.FLOAT, Dimension.named("N"), Dimension.of(3))
        .build(18);
  }

  @Test
  void deployable_trunkThatUsesTheNames_takesImageAndGivesWhatTheHeadReads() {
    OnnxModel network = ModelAssembler.network(trunk(), ClassifierHead.create(3, List.of(), 2, 1));
    OnnxModel model =
        ModelAssembler.deployable(
            network,
            new ModelAssembler.Features("flat", 3),
            ToyBundle.preprocessing(folder),
            List.of("a", "b"),
            Map.of());
    // Grey of 51 is 0.2 after scaling by 1/255, and twice that is 0.4.
    byte[] pixels = new byte[32 * 32 * 3];
    java.util.Arrays.fill(pixels, (byte) 51);
    try (InferenceSession session =
        InferenceSession.open(model.toBytes(), "assembled", InferenceOptions.defaults())) {
      assertThat(session.outputs())
          .extracting(TensorDescription::name)
          .containsExactly(BundleLayout.LOGITS, BundleLayout.PROBABILITIES, BundleLayout.FEATURES);
      // The trunk's own tensor of that name has made room.
      Map<String, TensorValue> found =
          session.run(Map.of(BundleLayout.IMAGE_INPUT, TensorValue.ofBytes(pixels, 1, 32, 32, 3)));
      assertThat(found.get(BundleLayout.FEATURES)).isInstanceOf(TensorValue.FloatValues.class);
      float[] features =
          ((TensorValue.FloatValues)
                  java.util.Objects.requireNonNull(found.get(BundleLayout.FEATURES)))
              .values();
      assertThat(features).containsExactly(new float[] {0.4f, 0.4f, 0.4f}, within(1e-5f));
    }
  }
}
