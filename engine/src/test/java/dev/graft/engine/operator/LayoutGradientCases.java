package dev.graft.engine.operator;

import static dev.graft.engine.operator.GradientCase.on;

import dev.graft.onnx.ElementType;
import java.util.ArrayList;
import java.util.List;

/** Operators that move, pick, scatter or transform elements. */
final class LayoutGradientCases {
  private LayoutGradientCases() {}

  static List<GradientCase> all() {
    List<GradientCase> cases = new ArrayList<>();
    cases.addAll(shapes());
    cases.addAll(indexing());
    cases.addAll(signals());
    return cases;
  }

  private static List<GradientCase> shapes() {
    return List.of(
        on("Identity", "map").input(2, 3),
        on("Dropout", "passes on").input(2, 3).fixedInputIn(0.5, 0.5),
        on("Dropout", "the graph's training mode")
            .with("seed", 7)
            .input(3, 4)
            .fixedInputIn(0.4, 0.4)
            .integers(ElementType.BOOL, new long[] {1}),
        on("DepthToSpace", "DCR").with("blocksize", 2).input(1, 8, 2, 1),
        on("DepthToSpace", "CRD").with("blocksize", 2).with("mode", "CRD").input(1, 8, 2, 1),
        on("SpaceToDepth", "blocks of two").with("blocksize", 2).input(1, 2, 4, 2),
        on("Pad", "wrap").with("mode", "wrap").input(2, 3).integers(1, 2, 0, 4),
        on("Pad", "reflect further than the axis")
            .with("mode", "reflect")
            .input(1, 3)
            .integers(0, 5, 0, 3),
        on("Reshape", "copied and free axis").input(2, 3, 4).integers(0, -1),
        on("Flatten", "axis 2").with("axis", 2).input(2, 3, 2, 2),
        on("Squeeze", "named axis").input(2, 1, 3, 1).integers(1),
        on("Squeeze", "all").input(2, 1, 3, 1),
        on("Unsqueeze", "both ends").input(2, 3).integers(0, -1),
        on("Transpose", "permutation").withIntegers("perm", 2, 0, 1).input(2, 3, 4),
        on("Transpose", "reversed").input(2, 3, 4),
        on("Concat", "middle axis").with("axis", 1).input(2, 1, 2).input(2, 3, 2),
        on("Split", "given sizes").with("axis", 1).outputs("a", "b").input(2, 5).integers(2, 3),
        on("Split", "unequal rest").with("axis", -1).outputs("a", "b").input(2, 5),
        on("Expand", "both ways").input(3, 1).integers(2, 1, 4),
        on("Tile", "twice and once").input(2, 3).integers(2, 1),
        on("Pad", "constant with axes")
            .input(2, 3, 2)
            .integers(1, 0, 2, 1)
            .fixedInputIn(0.5, 0.5)
            .integers(0, 2),
        on("Pad", "negative crops").input(2, 4).integers(0, -1, 0, -1),
        on("Pad", "reflect")
            .with("mode", "reflect")
            .input(1, 1, 3, 4)
            .integers(0, 0, 1, 2, 0, 0, 1, 1),
        on("Pad", "edge").with("mode", "edge").input(1, 1, 3, 3).integers(0, 0, 1, 2, 0, 0, 0, 1));
  }

  private static List<GradientCase> indexing() {
    return List.of(
        on("Gather", "rows, repeated and negative")
            .input(4, 3)
            .integers(ElementType.INT64, new long[] {1, -1, 1, 0}, 2, 2),
        on("Gather", "class token by scalar")
            .with("axis", 1)
            .input(2, 3, 4)
            .integers(ElementType.INT64, new long[] {0}),
        on("GatherElements", "negative indices")
            .with("axis", 1)
            .input(2, 3)
            .integers(ElementType.INT64, new long[] {0, -1, 2, 2}, 2, 2),
        on("Slice", "two axes with steps")
            .input(4, 5)
            .integers(1, 0)
            .integers(Long.MAX_VALUE, -1)
            .integers(0, 1)
            .integers(2, 3),
        on("Slice", "backwards")
            .input(2, 5)
            .integers(-1)
            .integers(Long.MIN_VALUE)
            .integers(1)
            .integers(-2),
        on("Trilu", "upper").input(3, 3),
        on("Trilu", "lower, shifted")
            .with("upper", 0)
            .input(2, 3, 3)
            .integers(ElementType.INT64, new long[] {-1}),
        on("OneHot", "values train").integers(0, 2, -1).integers(3).input(2),
        on("TopK", "largest of an inner axis")
            .with("axis", 1)
            .outputs("values", "positions")
            .input(2, 4, 2)
            .integers(2),
        on("TopK", "smallest")
            .with("largest", 0)
            .outputs("values", "positions")
            .input(5)
            .integers(3),
        on("GatherND", "slices, repeated and negative")
            .input(2, 3, 2)
            .integers(ElementType.INT64, new long[] {0, 1, 1, -1, 0, 1}, 3, 2),
        on("GatherND", "with a batch axis")
            .with("batch_dims", 1)
            .input(2, 3, 2)
            .integers(ElementType.INT64, new long[] {2, 0}, 2, 1),
        scattering("ScatterND", "none", 0, 2).inputIn(-0.9, 1.07, 2, 3),
        scattering("ScatterND", "add", 1, 1).inputIn(-0.9, 1.07, 2, 3),
        scattering("ScatterND", "mul", 1, 1).inputIn(-0.9, 1.07, 2, 3),
        scattering("ScatterND", "max", 1, 1).inputIn(-0.9, 1.07, 2, 3),
        scattering("ScatterND", "min", 1, -2).inputIn(-0.9, 1.07, 2, 3),
        scattering("ScatterElements", "none", 0, 2).with("axis", 1).inputIn(-0.9, 1.07, 2, 1),
        scattering("ScatterElements", "add", 1, 1).with("axis", 1).inputIn(-0.9, 1.07, 2, 1),
        scattering("ScatterElements", "mul", 1, -1).with("axis", 1).inputIn(-0.9, 1.07, 2, 1),
        scattering("ScatterElements", "max", 1, 2).with("axis", 1).inputIn(-0.9, 1.07, 2, 1));
  }

  /** Data [3, 3] and indices [2, 1]. */
  private static GradientCase scattering(String operator, String reduction, long... indices) {
    return on(operator, reduction)
        .with("reduction", reduction)
        .input(3, 3)
        .integers(ElementType.INT64, indices, 2, 1);
  }

  private static List<GradientCase> signals() {
    return List.of(
        on("DFT", "real signal").input(2, 5, 1),
        on("DFT", "real signal, one side, padded")
            .with("onesided", 1)
            .input(2, 5, 1)
            .integers(ElementType.INT64, new long[] {6}),
        on("DFT", "complex signal, first axis")
            .input(4, 2, 2)
            .absent()
            .integers(ElementType.INT64, new long[] {0}),
        on("DFT", "inverse").with("inverse", 1).input(2, 4, 2),
        on("DFT", "inverse of one side, real").with("inverse", 1).with("onesided", 1).input(3, 2),
        on("STFT", "window trains")
            .input(1, 8, 1)
            .integers(ElementType.INT64, new long[] {2})
            .input(4)
            .integers(ElementType.INT64, new long[] {4}),
        on("STFT", "two sides, no window")
            .with("onesided", 0)
            .input(2, 6, 1)
            .integers(ElementType.INT64, new long[] {3})
            .absent()
            .integers(ElementType.INT64, new long[] {3}));
  }
}
