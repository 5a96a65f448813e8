package dev.graft.engine;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.graft.engine.operator.ScalarTypes;
import dev.graft.engine.operator.TensorValue;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import java.nio.DoubleBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Tensors stored in files of their own, and their way into libtorch and back. */
final class TensorFiles {
  private TensorFiles() {}

  /** Reads a TensorProto by putting it into a model, the only form that the reader takes. */
  static OnnxTensor parse(byte[] bytes) throws InvalidProtocolBufferException {
    TensorProto tensor = TensorProto.parseFrom(bytes).toBuilder().setName("t").build();
    TypeProto.Tensor type = TypeProto.Tensor.newBuilder().setElemType(tensor.getDataType()).build();
    GraphProto graph =
        GraphProto.newBuilder()
            .setName("one tensor")
            .addInitializer(tensor)
            .addNode(NodeProto.newBuilder().setOpType("Identity").addInput("t").addOutput("y"))
            .addOutput(
                ValueInfoProto.newBuilder()
                    .setName("y")
                    .setType(TypeProto.newBuilder().setTensorType(type)))
            .build();
    ModelProto model =
        ModelProto.newBuilder()
            .setIrVersion(8)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(18))
            .setGraph(graph)
            .build();
    return OnnxModel.parse(model.toByteArray(), "one tensor").graph().constant("t").orElseThrow();
  }

  /** The tensor as a message of its own. */
  static TensorProto toProto(OnnxTensor tensor) {
    TensorProto.Builder proto =
        TensorProto.newBuilder()
            .setDataType(tensor.type().onnxCode())
            .setRawData(ByteString.copyFrom(tensor.data()));
    for (long length : tensor.shape()) {
      proto.addDims(length);
    }
    return proto.build();
  }

  /** Whether a message can be fed: its data fit its type and shape, and libtorch holds both. */
  static boolean isSound(TensorProto tensor) throws InvalidProtocolBufferException {
    try (PointerScope scope = new PointerScope()) {
      return toTensor(parse(tensor.toByteArray())).defined();
    } catch (RuntimeException refused) {
      return false;
    }
  }

  /** A libtorch tensor of the same element type. */
  static Tensor toTensor(OnnxTensor tensor) {
    Tensor wide =
        tensor.type().isFloating()
            ? Tensor.create(tensor.toDoubles(), tensor.shape())
            : Tensor.create(tensor.toLongs(), tensor.shape());
    return wide.to(ScalarTypes.of(tensor.type()));
  }

  static double[] toDoubles(OnnxTensor tensor) {
    return tensor.type().isFloating()
        ? tensor.toDoubles()
        : Arrays.stream(tensor.toLongs())
            .mapToDouble(
                value ->
                    tensor.type() == ElementType.UINT64 && value < 0
                        ? (value >>> 1) * 2.0 // the top bit is no sign
                        : value)
            .toArray();
  }

  /** The elements in row-major order. */
  static double[] toDoubles(Tensor tensor) {
    double[] values = new double[(int) tensor.numel()];
    if (values.length > 0) {
      Tensor dense = tensor.detach().to(ScalarType.Double).contiguous();
      DoubleBuffer buffer = dense.createBuffer();
      buffer.get(values);
    }
    return values;
  }

  /** The ONNX element type that a tensor's libtorch type stands for. */
  static ElementType typeOf(Tensor tensor) {
    return new TensorValue(tensor).type();
  }
}
