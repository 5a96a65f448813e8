package dev.graft.transfer;

import dev.graft.data.Preprocessing;
import dev.graft.engine.FloatTensor;
import dev.graft.onnx.Head;
import dev.graft.onnx.HeadFinder;
import dev.graft.onnx.HeadProof;
import dev.graft.onnx.LinearHead;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.Trunk;
import dev.graft.onnx.ValueInfo;
import dev.graft.runtime.InferenceOptions;
import dev.graft.runtime.InferenceSession;
import dev.graft.runtime.TensorValue;
import dev.graft.transfer.training.ExampleViews;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Proves a head: the file is run once in ONNX Runtime with the features exposed, and W f + b must
 * give the logits that the file itself gives.
 */
final class HeadProving {
  private static final int EXAMPLES = 2;
  private static final long SEED = 1;

  private HeadProving() {}

  static String prove(OnnxModel model, Head head, Preprocessing preprocessing, Path file) {
    if (!(head instanceof LinearHead linear) || !linear.isProvable()) {
      return "not provable by recomputing";
    }
    HeadProof proof =
        HeadProof.of(
            linear,
            linear.weights(model),
            run(Trunk.withFeatures(model, head), preprocessing),
            run(withOutput(model, linear.logitsTensor()), preprocessing));
    if (!proof.holds()) {
      throw new TransferException(
          TransferException.Cause.MODEL,
          String.format(
              Locale.ROOT,
              "Finding the output layer of %s: layer %s was taken for it, but recomputing its logits"
                  + " differs by %.2g of their size. Name the tensor that the new head shall read with"
                  + " --feature-tensor; candidates: %s.",
              file,
              linear.weightName(),
              proof.largestRelativeError(),
              String.join(", ", HeadFinder.candidates(model))));
    }
    return String.format(
        Locale.ROOT, "proved: recomputed logits agree to %.1e", proof.largestRelativeError());
  }

  private static OnnxModel withOutput(OnnxModel model, String tensor) {
    return Trunk.cut(model, tensor);
  }

  private static float[] run(OnnxModel model, Preprocessing preprocessing) {
    List<ValueInfo> inputs = model.graph().inputs();
    FloatTensor made = ExampleViews.plain(preprocessing).made(EXAMPLES, SEED);
    TensorValue examples = TensorValue.ofFloats(made.values(), made.shape());
    try (InferenceSession session =
        InferenceSession.open(model.toBytes(), model.source(), InferenceOptions.defaults())) {
      TensorValue output =
          session.run(Map.of(inputs.get(0).name(), examples)).values().iterator().next();
      return ((TensorValue.FloatValues) output).values();
    }
  }
}
