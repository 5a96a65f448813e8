package dev.graft.onnx;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Adapters for operators whose attributes became inputs, or whose form changed otherwise. */
final class FormAdapters {
  private FormAdapters() {}

  /**
   * BatchNormalization-9 dropped {@code spatial}; without it, statistics are kept for each position
   * of a map, which is written out: (x - mean) / sqrt(variance + epsilon) scale + bias.
   */
  static void batchNormalizationSpatial(Node node, UpgradeScope scope) {
    if (node.integer("spatial", 1) == 1) {
      scope.emit(node.withoutAttribute("spatial"));
      return;
    }
    String y = node.output(0);
    String epsilon = scope.scalarLike(node.input(4), y + "_epsilon", node.real("epsilon", 1e-5f));
    String shifted = scope.operation("Add", y + "_shifted", node.input(4), epsilon);
    String deviation = scope.operation("Sqrt", y + "_deviation", shifted);
    String centred = scope.operation("Sub", y + "_centred", node.input(0), node.input(3));
    String normal = scope.operation("Div", y + "_normal", centred, deviation);
    String scaled = scope.operation("Mul", y + "_scaled", normal, node.input(1));
    scope.emit(Node.of("Add", List.of(scaled, node.input(2)), List.of(y)));
  }

  /**
   * OneHot-11 counts negative indices from the end of the depth; before, they lay outside of it and
   * gave "off" everywhere, as indices beyond it still do.
   */
  static void oneHot(Node node, UpgradeScope scope) {
    String y = node.output(0);
    String indices = scope.freshName(y + "_indices");
    scope.emit(
        Node.of("Cast", List.of(node.input(0)), List.of(indices))
            .withInteger("to", ElementType.INT64.onnxCode()));
    String negative =
        scope.operation("Less", y + "_negative", indices, scope.scalar(y + "_zero", 0));
    String outside = scope.scalar(y + "_outside", Long.MAX_VALUE);
    String chosen = scope.operation("Where", y + "_chosen", negative, outside, indices);
    scope.emit(node.withInputs(List.of(chosen, node.input(1), node.input(2))));
  }

  /** Slice-10: starts, ends and axes became inputs. */
  static void slice(Node node, UpgradeScope scope) {
    String base = node.output(0);
    List<String> inputs = new ArrayList<>(node.inputs());
    inputs.add(scope.vector(base + "_starts", node.integers("starts")));
    inputs.add(scope.vector(base + "_ends", node.integers("ends")));
    if (node.hasAttribute("axes")) {
      inputs.add(scope.vector(base + "_axes", node.integers("axes")));
    }
    scope.emit(
        node.withoutAttribute("starts")
            .withoutAttribute("ends")
            .withoutAttribute("axes")
            .withInputs(inputs));
  }

  /** TopK-10: k became an input of shape [1]. */
  static void topK(Node node, UpgradeScope scope) {
    String k = scope.vector(node.output(0) + "_k", node.integer("k", 1));
    scope.emit(node.withoutAttribute("k").withInputs(List.of(node.input(0), k)));
  }

  /** Clip-11: the bounds became scalar inputs; an absent bound stays absent. */
  static void clip(Node node, UpgradeScope scope) {
    String x = node.input(0);
    List<String> inputs = new ArrayList<>(List.of(x));
    if (node.hasAttribute("min")) {
      inputs.add(scope.scalarLike(x, node.output(0) + "_min", node.real("min", 0)));
    }
    if (node.hasAttribute("max")) {
      if (inputs.size() == 1) {
        inputs.add("");
      }
      inputs.add(scope.scalarLike(x, node.output(0) + "_max", node.real("max", 0)));
    }
    scope.emit(node.withoutAttribute("min").withoutAttribute("max").withInputs(inputs));
  }

  /** Pad-11: pads and value became inputs. */
  static void pad(Node node, UpgradeScope scope) {
    String x = node.input(0);
    List<String> inputs = new ArrayList<>(List.of(x));
    inputs.add(scope.vector(node.output(0) + "_pads", node.integers("pads")));
    if (node.hasAttribute("value")) {
      inputs.add(scope.scalarLike(x, node.output(0) + "_value", node.real("value", 0)));
    }
    scope.emit(node.withoutAttribute("pads").withoutAttribute("value").withInputs(inputs));
  }

  /** Scatter is called ScatterElements since opset 11. */
  static void scatter(Node node, UpgradeScope scope) {
    scope.emit(node.withOperator("ScatterElements"));
  }

  /** Dropout-10: the mask, which had the type of the input, became BOOL. */
  static void dropoutMask(Node node, UpgradeScope scope) {
    String mask = node.output(1);
    if (mask.isEmpty() || !scope.isRead(mask)) {
      scope.emit(node);
      return;
    }
    ElementType type = scope.facts(node.input(0)).type();
    if (type == ElementType.UNDEFINED) {
      throw scope.unsupported(node, "its mask is read, and has the unknown type of its input");
    }
    String truths = scope.freshName(mask + "_bool");
    scope.emit(node.withOutputs(List.of(node.output(0), truths)));
    scope.emit(Node.of("Cast", List.of(truths), List.of(mask)).withInteger("to", type.onnxCode()));
  }

  /** Dropout-12: ratio became an input. Without training_mode it passes its input on, as before. */
  static void dropout(Node node, UpgradeScope scope) {
    Node adapted = node;
    if (node.hasAttribute("ratio")) {
      String ratio =
          scope.store(
              OnnxTensor.ofFloats(
                  scope.freshName(node.output(0) + "_ratio"),
                  new float[] {node.real("ratio", 0.5f)}));
      adapted = node.withoutAttribute("ratio").withInputs(List.of(node.input(0), ratio));
    }
    if (!node.output(1).isEmpty() && !scope.isRead(node.output(1))) {
      adapted = adapted.withOutputs(List.of(node.output(0)));
    }
    scope.emit(adapted);
  }

  /** The attribute axes became input 1 (Squeeze, Unsqueeze, ReduceSum at 13; Reduce* at 18). */
  static void axesToInput(Node node, UpgradeScope scope) {
    if (!node.hasAttribute("axes")) {
      scope.emit(node);
      return;
    }
    String axes = scope.vector(node.output(0) + "_axes", node.integers("axes"));
    scope.emit(node.withoutAttribute("axes").withInputs(List.of(node.input(0), axes)));
  }

  /** Split-13: the sizes became input 1. */
  static void split(Node node, UpgradeScope scope) {
    if (!node.hasAttribute("split")) {
      scope.emit(node);
      return;
    }
    String sizes = scope.vector(node.output(0) + "_split", node.integers("split"));
    scope.emit(node.withoutAttribute("split").withInputs(List.of(node.input(0), sizes)));
  }

  /** Split-18: without sizes the number of parts must be stated. */
  static void splitCount(Node node, UpgradeScope scope) {
    boolean stated = node.hasInput(1) || node.hasAttribute("num_outputs");
    scope.emit(stated ? node : node.withInteger("num_outputs", node.outputs().size()));
  }

  /**
   * BatchNormalization-14 states its training mode, and then gives the updated statistics as
   * outputs 1 and 2; before, reading these outputs meant it. Where nobody reads them the graph is
   * one for inference whose exporter listed them.
   */
  static void batchNormalizationOutputs(Node node, UpgradeScope scope) {
    boolean[] read = new boolean[5];
    for (int i = 1; i < node.outputs().size(); i++) {
      read[i] = !node.output(i).isEmpty() && scope.isRead(node.output(i));
    }
    if (read[3] || read[4]) {
      throw scope.unsupported(node, "its saved statistics are read, as in a training graph");
    }
    if (read[1] || read[2]) {
      scope.emit(
          node.withOutputs(node.outputs().subList(0, Math.min(3, node.outputs().size())))
              .withInteger("training_mode", 1));
    } else {
      scope.emit(node.withOutputs(List.of(node.output(0))));
    }
  }

  /** RoiAlign-16: the default coordinates moved by half a pixel. */
  static void roiAlign(Node node, UpgradeScope scope) {
    scope.emit(node.withText("coordinate_transformation_mode", "output_half_pixel"));
  }

  /** DFT-20: axis became input 2, and its default changed from 1 to -2. */
  static void dftAxis(Node node, UpgradeScope scope) {
    String axis = scope.scalar(node.output(0) + "_axis", node.integer("axis", 1));
    scope.emit(
        node.withoutAttribute("axis").withInputs(List.of(node.input(0), node.input(1), axis)));
  }

  /** GroupNormalization-21: scale and bias are per channel, before they were per group. */
  static void groupNormalization(Node node, UpgradeScope scope) {
    long groups = node.integer("num_groups", 1);
    long channels = scope.facts(node.input(0)).size(1);
    Optional<OnnxTensor> scale = scope.constant(node.input(1));
    Optional<OnnxTensor> bias = scope.constant(node.input(2));
    if (scale.isEmpty() || bias.isEmpty() || channels < 1 || channels % groups != 0) {
      throw scope.unsupported(
          node, "its scale and bias are per group, and the number of channels is not known");
    }
    List<String> inputs = new ArrayList<>(List.of(node.input(0)));
    for (OnnxTensor perGroup : List.of(scale.get(), bias.get())) {
      inputs.add(
          scope.store(
              repeated(
                  perGroup, scope.freshName(node.output(0) + "_per_channel"), channels / groups)));
    }
    scope.emit(node.withInputs(inputs));
  }

  private static OnnxTensor repeated(OnnxTensor perGroup, String name, long times) {
    float[] values = perGroup.toFloats();
    float[] repeated = new float[Math.toIntExact(values.length * times)];
    for (int i = 0; i < repeated.length; i++) {
      repeated[i] = values[(int) (i / times)];
    }
    if (perGroup.type() == ElementType.FLOAT) {
      return OnnxTensor.ofFloats(name, repeated, repeated.length);
    }
    ByteBuffer zeros = ByteBuffer.allocate(repeated.length * perGroup.type().byteWidth());
    return OnnxTensor.ofRaw(name, perGroup.type(), zeros, repeated.length).withFloats(repeated);
  }
}
