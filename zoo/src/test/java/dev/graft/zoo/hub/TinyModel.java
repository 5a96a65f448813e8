package dev.graft.zoo.hub;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.util.Random;

/** ONNX files of a size that tests choose. */
final class TinyModel {
  private TinyModel() {}

  /** One that holds random weights of so many bytes itself. */
  static byte[] of(int weightBytes) {
    byte[] weights = new byte[weightBytes / 4 * 4];
    new Random(weightBytes).nextBytes(weights);
    return model(
        TensorProto.newBuilder()
            .setName("weight")
            .setDataType(TensorProto.DataType.FLOAT_VALUE)
            .addDims(weights.length / 4)
            .setRawData(ByteString.copyFrom(weights)));
  }

  /** One whose weights lie in another file. */
  static byte[] withExternalData(String location, int weightBytes) {
    return model(
        TensorProto.newBuilder()
            .setName("weight")
            .setDataType(TensorProto.DataType.FLOAT_VALUE)
            .addDims(weightBytes / 4)
            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
            .addExternalData(
                StringStringEntryProto.newBuilder().setKey("location").setValue(location))
            .addExternalData(StringStringEntryProto.newBuilder().setKey("offset").setValue("0")));
  }

  private static byte[] model(TensorProto.Builder weight) {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .setGraph(
            GraphProto.newBuilder()
                .setName("tiny")
                .addNode(
                    NodeProto.newBuilder()
                        .setOpType("Identity")
                        .addInput("weight")
                        .addOutput("output"))
                .addInitializer(weight)
                .addOutput(ai.onnx.proto.OnnxMl.ValueInfoProto.newBuilder().setName("output")))
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
        .build()
        .toByteArray();
  }
}
