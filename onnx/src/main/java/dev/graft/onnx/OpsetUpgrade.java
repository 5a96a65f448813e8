package dev.graft.onnx;

import dev.graft.onnx.NodeRewriting.Adapter;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Brings a model to a newer default operator set without changing what it computes.
 *
 * <p>Only operators whose meaning or form changed have an adapter; versions that merely widened the
 * element types need none. Source: onnx/docs/Changelog.md.
 */
final class OpsetUpgrade {
  private static final NavigableMap<Integer, Map<String, Adapter>> STEPS = steps();

  private OpsetUpgrade() {}

  /** The step of preparation. */
  record Pass(int opset) implements GraphPass {
    @Override
    public String name() {
      return "operator set";
    }

    @Override
    public String purpose() {
      return "older operators get the form that operator set " + opset + " gives them";
    }

    @Override
    public Rewrite apply(OnnxModel model) {
      return upgraded(model, opset);
    }
  }

  private static NavigableMap<Integer, Map<String, Adapter>> steps() {
    NavigableMap<Integer, Map<String, Adapter>> steps = new TreeMap<>();
    put(steps, 9, FormAdapters::batchNormalizationSpatial, "BatchNormalization");
    put(steps, 9, ResizeAdapters::upsampleScales, "Upsample");
    Adapter refusesScan =
        (node, scope) -> {
          throw scope.unsupported(node, "Scan of opset 8 has a batch dimension of its own");
        };
    put(steps, 9, refusesScan, "Scan");
    put(steps, 10, ResizeAdapters::upsampleToResize, "Upsample");
    put(steps, 10, FormAdapters::dropoutMask, "Dropout");
    put(steps, 10, FormAdapters::slice, "Slice");
    put(steps, 10, FormAdapters::topK, "TopK");
    put(steps, 11, FormAdapters::clip, "Clip");
    put(steps, 11, FormAdapters::oneHot, "OneHot");
    put(steps, 11, FormAdapters::pad, "Pad");
    put(steps, 11, FormAdapters::scatter, "Scatter");
    put(steps, 11, ResizeAdapters::resize10, "Resize");
    put(steps, 12, FormAdapters::dropout, "Dropout");
    put(steps, 13, SoftmaxAdapter::adapt, "Softmax", "LogSoftmax", "Hardmax");
    put(steps, 13, FormAdapters::axesToInput, "Squeeze", "Unsqueeze", "ReduceSum");
    put(steps, 13, FormAdapters::split, "Split");
    put(steps, 13, ResizeAdapters::halfPixelForNearest, "Resize");
    put(steps, 14, FormAdapters::batchNormalizationOutputs, "BatchNormalization");
    put(steps, 16, FormAdapters::roiAlign, "RoiAlign");
    put(
        steps,
        18,
        FormAdapters::axesToInput,
        "ReduceL1",
        "ReduceL2",
        "ReduceLogSum",
        "ReduceLogSumExp",
        "ReduceMax",
        "ReduceMean",
        "ReduceMin",
        "ReduceProd",
        "ReduceSumSquare");
    put(steps, 18, FormAdapters::splitCount, "Split");
    put(steps, 20, FormAdapters::dftAxis, "DFT");
    put(steps, 20, ResizeAdapters::gridSampleModes, "GridSample");
    put(steps, 21, FormAdapters::groupNormalization, "GroupNormalization");
    return steps;
  }

  private static void put(
      NavigableMap<Integer, Map<String, Adapter>> steps,
      int version,
      Adapter adapter,
      String... operators) {
    for (String operator : operators) {
      steps.computeIfAbsent(version, key -> new HashMap<>()).put(operator, adapter);
    }
  }

  static OnnxModel upgrade(OnnxModel original, int opset) {
    return upgraded(original, opset).model();
  }

  private static GraphPass.Rewrite upgraded(OnnxModel original, int opset) {
    if (opset < ModelChecker.OLDEST_OPSET || opset > ModelChecker.NEWEST_OPSET) {
      throw new IllegalArgumentException(
          "opset %d: expected %d to %d"
              .formatted(opset, ModelChecker.OLDEST_OPSET, ModelChecker.NEWEST_OPSET));
    }
    OnnxModel model = FunctionInliner.inline(original);
    if (model.opset() >= opset) {
      return new GraphPass.Rewrite(model, 0);
    }
    int from = model.opset();
    int places = 0;
    for (Map.Entry<Integer, Map<String, Adapter>> step :
        STEPS.subMap(from, false, opset, true).entrySet()) {
      GraphPass.Rewrite rewrite =
          NodeRewriting.apply(
              model,
              node -> node.domain().isEmpty() ? step.getValue().get(node.operator()) : null,
              step.getKey());
      model = rewrite.model();
      places += rewrite.places();
    }
    return new GraphPass.Rewrite(model.edit().setOpset(opset).build(), places);
  }
}
