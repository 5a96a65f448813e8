package dev.graft.onnx;

import java.util.ArrayList;
import java.util.List;

/** Adapters for Upsample, Resize and GridSample, whose defaults changed several times. */
final class ResizeAdapters {
  private ResizeAdapters() {}

  /** Upsample-9: scales became input 1. */
  static void upsampleScales(Node node, UpgradeScope scope) {
    String scales = scope.vector(node.output(0) + "_scales", node.reals("scales"));
    scope.emit(node.withoutAttribute("scales").withInputs(List.of(node.input(0), scales)));
  }

  /** Upsample is called Resize since opset 10, with the same meaning there. */
  static void upsampleToResize(Node node, UpgradeScope scope) {
    Node resize = node.withOperator("Resize");
    boolean bilinear = node.text("mode", "nearest").equals("bilinear");
    scope.emit(bilinear ? resize.withText("mode", "linear") : resize);
  }

  /**
   * Resize-11 takes (x, roi, scales, sizes) and maps coordinates by half pixels unless told
   * otherwise. Resize-10 took (x, scales) and mapped them as {@code out / scale}; nearest took the
   * lower neighbour when enlarging and the upper one when shrinking.
   */
  static void resize10(Node node, UpgradeScope scope) {
    String roi =
        scope.opsetAfter() >= 13
            ? ""
            : scope.store(
                OnnxTensor.ofFloats(scope.freshName(node.output(0) + "_roi"), new float[0], 0));
    Node adapted =
        node.withInputs(List.of(node.input(0), roi, node.input(1)))
            .withText("coordinate_transformation_mode", "asymmetric");
    if (node.text("mode", "nearest").equals("nearest")) {
      adapted = adapted.withText("nearest_mode", nearestMode(node, scope));
    }
    scope.emit(adapted);
  }

  private static String nearestMode(Node node, UpgradeScope scope) {
    // Scales that only the running graph knows come from exporters of upsampling layers.
    float[] scales = scope.constant(node.input(1)).map(OnnxTensor::toFloats).orElse(new float[0]);
    boolean enlarges = false;
    boolean shrinks = false;
    for (float scale : scales) {
      enlarges |= scale > 1;
      shrinks |= scale < 1;
    }
    if (enlarges && shrinks) {
      throw scope.unsupported(node, "it enlarges one dimension and shrinks another");
    }
    return shrinks ? "ceil" : "floor";
  }

  /**
   * Resize-13 dropped {@code tf_half_pixel_for_nn}: {@code x = (out + 0.5) / scale}, which is half
   * a pixel more than half_pixel. Its floor is the nearest neighbour by half pixels with ties
   * upwards, its nearest neighbour with ties downwards is the ceiling by half pixels.
   */
  static void halfPixelForNearest(Node node, UpgradeScope scope) {
    List<String> inputs = new ArrayList<>(node.inputs());
    boolean emptyRoi =
        node.hasInput(1)
            && scope.constant(node.input(1)).map(OnnxTensor::elementCount).orElse(1L) == 0;
    if (emptyRoi) {
      inputs.set(1, "");
    }
    boolean emptyScales =
        node.hasInput(3)
            && node.hasInput(2)
            && scope.constant(node.input(2)).map(OnnxTensor::elementCount).orElse(1L) == 0;
    if (emptyScales) {
      inputs.set(2, "");
    }
    Node adapted = node.withInputs(inputs);
    if (node.text("coordinate_transformation_mode", "half_pixel").equals("tf_half_pixel_for_nn")) {
      String nearest = node.text("nearest_mode", "round_prefer_floor");
      String shifted =
          switch (node.text("mode", "nearest") + " " + nearest) {
            case "nearest floor" -> "round_prefer_ceil";
            case "nearest round_prefer_floor" -> "ceil";
            default ->
                throw scope.unsupported(
                    node,
                    "tf_half_pixel_for_nn with other modes than nearest by floor or"
                        + " round_prefer_floor");
          };
      adapted =
          adapted
              .withText("coordinate_transformation_mode", "half_pixel")
              .withText("nearest_mode", shifted);
    }
    scope.emit(adapted);
  }

  /** GridSample-20 renamed its modes. */
  static void gridSampleModes(Node node, UpgradeScope scope) {
    String mode = node.text("mode", "bilinear");
    scope.emit(
        switch (mode) {
          case "bilinear" -> node.withText("mode", "linear");
          case "bicubic" -> node.withText("mode", "cubic");
          default -> node;
        });
  }
}
