package dev.graft.runtime;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Map;

/** Builds the small ONNX models of the tests. */
final class TestModels {

  static final int FLOAT = TensorProto.DataType.FLOAT.getNumber();
  static final int UINT8 = TensorProto.DataType.UINT8.getNumber();
  static final int INT32 = TensorProto.DataType.INT32.getNumber();
  static final int INT64 = TensorProto.DataType.INT64.getNumber();
  static final int FLOAT16 = TensorProto.DataType.FLOAT16.getNumber();
  static final int BOOL = TensorProto.DataType.BOOL.getNumber();
  static final int DOUBLE = TensorProto.DataType.DOUBLE.getNumber();

  private static final int IR_VERSION = 8;
  private static final int OPSET = 18;

  private TestModels() {}

  /**
   * An image classifier with its preprocessing inside: the shorter side to {@code resize}, centre
   * crop of {@code crop}, mean of each channel over the crop, divided by 255, times {@code weight}
   * [3, classes] row-major, plus {@code bias}.
   */
  static ModelProto.Builder classifier(int resize, int crop, float[] weight, float[] bias) {
    GraphProto.Builder graph = preprocessing(resize, crop);
    int classes = bias.length;
    graph
        .addNode(node("ReduceMean", List.of("crop", "spatial"), "mean", integer("keepdims", 0)))
        .addInitializer(floats("scale", new float[] {1 / 255f}))
        .addNode(node("Mul", List.of("mean", "scale"), "features"))
        .addInitializer(floats("weight", weight, 3, classes))
        .addInitializer(floats("bias", bias, classes))
        .addNode(node("Gemm", List.of("features", "weight", "bias"), "logits"))
        .addNode(node("Softmax", List.of("logits"), "probabilities", integer("axis", -1)))
        .addOutput(value("logits", FLOAT, -1, classes))
        .addOutput(value("probabilities", FLOAT, -1, classes));
    return model(graph);
  }

  /** A classifier of recordings: class 1 is the more probable the larger their mean square is. */
  static ModelProto.Builder loudness(int samples) {
    return model(
        GraphProto.newBuilder()
            .setName("loudness")
            .addInput(value("waveform", FLOAT, -1, samples))
            .addInitializer(longs("time", 1))
            .addInitializer(floats("weight", new float[] {0, 20}, 1, 2))
            .addInitializer(floats("bias", new float[] {1, 0}, 2))
            .addNode(node("Mul", List.of("waveform", "waveform"), "squares"))
            .addNode(node("ReduceMean", List.of("squares", "time"), "features"))
            .addNode(node("Gemm", List.of("features", "weight", "bias"), "logits"))
            .addNode(node("Softmax", List.of("logits"), "probabilities", integer("axis", -1)))
            .addOutput(value("logits", FLOAT, -1, 2))
            .addOutput(value("probabilities", FLOAT, -1, 2)));
  }

  /** uint8 [N, H, W, 3] to the resized and centre-cropped float [N, 3, crop, crop], 0 to 255. */
  static ModelProto.Builder preprocessingOnly(int resize, int crop) {
    return model(preprocessing(resize, crop).addOutput(value("crop", FLOAT, -1, 3, crop, crop)));
  }

  private static GraphProto.Builder preprocessing(int resize, int crop) {
    return GraphProto.newBuilder()
        .setName("classifier")
        .addInput(value("image", UINT8, -1, -1, -1, 3))
        .addInitializer(longs("resize", resize, resize))
        .addInitializer(longs("crop_size", crop, crop))
        .addInitializer(longs("two", 2, 2))
        .addInitializer(longs("spatial", 2, 3))
        .addNode(node("Transpose", List.of("image"), "planes", integers("perm", 0, 3, 1, 2)))
        .addNode(node("Cast", List.of("planes"), "real", integer("to", FLOAT)))
        .addNode(
            node(
                "Resize",
                List.of("real", "", "", "resize"),
                "resized",
                text("mode", "linear"),
                integer("antialias", 1),
                text("keep_aspect_ratio_policy", "not_smaller"),
                integers("axes", 2, 3)))
        .addNode(node("Shape", List.of("resized"), "size", integer("start", 2), integer("end", 4)))
        .addNode(node("Sub", List.of("size", "crop_size"), "margins"))
        .addNode(node("Div", List.of("margins", "two"), "starts"))
        .addNode(node("Add", List.of("starts", "crop_size"), "ends"))
        .addNode(node("Slice", List.of("resized", "starts", "ends", "spatial"), "crop"));
  }

  /** One node with one input and one output of the given type. */
  static ModelProto.Builder single(String operator, int type, long... shape) {
    return model(
        GraphProto.newBuilder()
            .setName("single")
            .addInput(value("x", type, shape))
            .addNode(node(operator, List.of("x"), "y"))
            .addOutput(value("y", type, shape)));
  }

  static ModelProto.Builder model(GraphProto.Builder graph) {
    return ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .setProducerName("graft-tests")
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
        .setGraph(graph);
  }

  static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  static byte[] withMetadata(ModelProto.Builder model, Map<String, String> metadata) {
    metadata.forEach((key, value) -> model.addMetadataProps(entry(key, value)));
    return model.build().toByteArray();
  }

  static NodeProto node(
      String operator, List<String> inputs, String output, AttributeProto... attributes) {
    return NodeProto.newBuilder()
        .setName(output + "_node")
        .setOpType(operator)
        .addAllInput(inputs)
        .addOutput(output)
        .addAllAttribute(List.of(attributes))
        .build();
  }

  static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
  }

  static AttributeProto integers(String name, long... values) {
    AttributeProto.Builder builder =
        AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
    for (long value : values) {
      builder.addInts(value);
    }
    return builder.build();
  }

  static AttributeProto text(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  static TensorProto floats(String name, float[] values, long... shape) {
    TensorProto.Builder builder = TensorProto.newBuilder().setName(name).setDataType(FLOAT);
    for (long size : shape) {
      builder.addDims(size);
    }
    for (float value : values) {
      builder.addFloatData(value);
    }
    return builder.build();
  }

  static TensorProto longs(String name, long... values) {
    TensorProto.Builder builder =
        TensorProto.newBuilder().setName(name).setDataType(INT64).addDims(values.length);
    for (long value : values) {
      builder.addInt64Data(value);
    }
    return builder.build();
  }

  /** A tensor description; a size of -1 is free. */
  static ValueInfoProto value(String name, int type, long... shape) {
    TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
    for (int axis = 0; axis < shape.length; axis++) {
      TensorShapeProto.Dimension.Builder dimension = TensorShapeProto.Dimension.newBuilder();
      dimensions.addDim(
          shape[axis] < 0
              ? dimension.setDimParam(name + "_" + axis)
              : dimension.setDimValue(shape[axis]));
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(type).setShape(dimensions)))
        .build();
  }
}
