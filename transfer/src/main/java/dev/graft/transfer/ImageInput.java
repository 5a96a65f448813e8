package dev.graft.transfer;

import dev.graft.data.image.ImagePreprocessing;
import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.ModelEditor;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.ValueInfo;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The image input of a backbone.
 *
 * @param channels 3 or 1
 * @param height rows in pixels
 * @param width columns in pixels
 */
record ImageInput(int channels, int height, int width) {
  private static final int DEFAULT_SIDE = 224;
  private static final int MAXIMUM_SIDE = 4096;

  /** A model whose images come as [N,H,W,C] takes [N,C,H,W] afterwards: one Transpose in front. */
  static OnnxModel channelsFirst(OnnxModel model) {
    List<ValueInfo> inputs = model.graph().inputs();
    if (inputs.size() != 1 || inputs.get(0).rank() != 4) {
      return model;
    }
    ValueInfo input = inputs.get(0);
    if (!isChannelsLast(input)) {
      return model;
    }
    ModelEditor editor = model.edit();
    String name = editor.freshName("image_channels_first");
    editor.addNode(
        Node.of("Transpose", List.of(name), List.of(input.name()))
            .withIntegers("perm", 0, 2, 3, 1)); // [N,C,H,W] -> [N,H,W,C]
    List<Dimension> shape = input.shape().orElseThrow();
    return editor
        .setInputs(
            List.of(
                ValueInfo.of(
                    name,
                    ElementType.FLOAT,
                    shape.get(0),
                    shape.get(3),
                    shape.get(1),
                    shape.get(2))))
        .build();
  }

  /** The same graph with an input [N,C,height,width] that leaves height and width open. */
  static OnnxModel ofAnySize(OnnxModel model) {
    ValueInfo input = model.graph().inputs().get(0);
    List<Dimension> shape = input.shape().orElseThrow();
    if (!shape.get(2).isFixed() && !shape.get(3).isFixed()) {
      return model;
    }
    return model
        .edit()
        .setInputs(
            List.of(
                ValueInfo.of(
                    input.name(),
                    input.type(),
                    shape.get(0),
                    shape.get(1),
                    Dimension.named("height"),
                    Dimension.named("width"))))
        .clearInnerDeclarations()
        .build();
  }

  /**
   * @param wantedSide what was asked for
   * @param described whose crop a side has that the graph leaves open, unless it was asked for
   */
  static ImageInput of(
      OnnxModel model, Path file, OptionalInt wantedSide, Optional<ImagePreprocessing> described) {
    ValueInfo input = model.graph().inputs().get(0);
    int channels = (int) input.size(1);
    int usualHeight = described.map(ImagePreprocessing::cropHeight).orElse(DEFAULT_SIDE);
    int usualWidth = described.map(ImagePreprocessing::cropWidth).orElse(DEFAULT_SIDE);
    int height = side(input.size(2), wantedSide, usualHeight, file);
    int width = side(input.size(3), wantedSide, usualWidth, file);
    return new ImageInput(channels == 1 ? 1 : 3, height, width);
  }

  /** A side that the graph fixes is what it is. */
  private static int side(long fixed, OptionalInt wanted, int usual, Path file) {
    long side = fixed > 0 ? fixed : wanted.orElse(usual);
    requireSide(side, file);
    if (fixed > 0 && wanted.isPresent() && wanted.getAsInt() != fixed) {
      throw fixed(wanted.getAsInt(), String.valueOf(fixed), file);
    }
    return (int) side;
  }

  /** Refuses a side that no input has. */
  static void requireSide(long side, Path file) {
    if (side < 1 || side > MAXIMUM_SIDE) {
      throw new TransferException(
          TransferException.Cause.SETTINGS,
          "Loading the backbone "
              + file
              + ": the input side must be from 1 to "
              + MAXIMUM_SIDE
              + " pixels, found "
              + side
              + ".");
    }
  }

  /** That a graph works at no other side than its own. */
  static TransferException fixed(ImagePreprocessing own, int wanted, Path file) {
    String size = own.cropHeight() + "x" + own.cropWidth();
    return fixed(wanted, size + " and does not give as many features at that", file);
  }

  private static TransferException fixed(int wanted, String own, Path file) {
    return new TransferException(
        TransferException.Cause.SETTINGS,
        "Loading the backbone "
            + file
            + ": an input side of "
            + wanted
            + " pixels is asked for, but its graph fixes "
            + own
            + ". Leave the input size away.");
  }

  /** Whether a graph of images, whatever their layout, fixes another side than this. */
  static boolean fixesAnother(OnnxModel model, int side) {
    List<ValueInfo> inputs = model.graph().inputs();
    if (inputs.size() != 1 || inputs.get(0).rank() != 4) {
      return false;
    }
    ValueInfo input = inputs.get(0);
    int first = isChannelsLast(input) ? 1 : 2;
    return (input.size(first) > 0 && input.size(first) != side)
        || (input.size(first + 1) > 0 && input.size(first + 1) != side);
  }

  private static boolean isChannelsLast(ValueInfo input) {
    long last = input.size(3);
    long second = input.size(1);
    return (last == 3 || last == 1) && second != 3 && second != 1;
  }
}
