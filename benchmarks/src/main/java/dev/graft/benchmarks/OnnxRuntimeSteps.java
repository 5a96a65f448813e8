package dev.graft.benchmarks;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.BackboneOptions;
import dev.graft.zoo.architecture.ImageTask;
import java.nio.FloatBuffer;
import java.nio.file.Path;

/** ONNX Runtime as it comes, in fp32, on the same trunk: features only, for it cannot train. */
final class OnnxRuntimeSteps {
  private OnnxRuntimeSteps() {}

  static void measureFeatures(Path network, ImageTask task, StepClock clock, int batch)
      throws OrtException {
    Path trunk = network.resolveSibling("trunk-of-" + network.getFileName());
    Backbone.load(network, BackboneOptions.defaults().withPreprocessing("tf")).trunk().write(trunk);
    float[] values = StepImages.batch(batch, task).values();
    FloatBuffer images = PlainOnnxRuntime.directFloats(values.length).put(values);
    int side = task.side().getAsInt();
    try (OrtSession session = PlainOnnxRuntime.open(trunk)) {
      clock.measure(
          StepRun.FEATURES,
          batch,
          () -> StepImages.requireFinite(PlainOnnxRuntime.run(session, images, batch, side)[0][0]));
    }
  }
}
