package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The declared name, element type and shape of a graph's input or output.
 *
 * @param name the tensor's name
 * @param type the element type; {@link ElementType#UNDEFINED} for sequences and maps
 * @param shape the dimensions; empty where the file does not even state the rank
 */
public record ValueInfo(String name, ElementType type, Optional<List<Dimension>> shape) {
  public ValueInfo {
    shape = shape.map(List::copyOf);
  }

  /** A value of known rank. */
  public static ValueInfo of(String name, ElementType type, Dimension... shape) {
    return new ValueInfo(name, type, Optional.of(List.of(shape)));
  }

  /** A value of unknown rank. */
  public static ValueInfo ofUnknownShape(String name, ElementType type) {
    return new ValueInfo(name, type, Optional.empty());
  }

  /** The number of dimensions, or -1 where unknown. */
  public int rank() {
    return shape.map(List::size).orElse(-1);
  }

  /** The size of dimension {@code axis} (negative counts from the end), or -1 where unknown. */
  public long size(int axis) {
    if (shape.isEmpty()) {
      return -1;
    }
    List<Dimension> dimensions = shape.get();
    int index = axis < 0 ? axis + dimensions.size() : axis;
    return index >= 0 && index < dimensions.size() ? dimensions.get(index).sizeOr(-1) : -1;
  }

  /** Name, type and shape for messages, such as {@code input FLOAT [N, 3, 224, 224]}. */
  public String describe() {
    return name
        + " "
        + type
        + " "
        + shape
            .map(
                dimensions ->
                    dimensions.stream()
                        .map(Dimension::toString)
                        .collect(Collectors.joining(", ", "[", "]")))
            .orElse("of unknown rank");
  }

  static ValueInfo of(ValueInfoProto proto) {
    if (!proto.getType().hasTensorType()) {
      return ofUnknownShape(proto.getName(), ElementType.UNDEFINED);
    }
    TypeProto.Tensor tensor = proto.getType().getTensorType();
    ElementType type = ElementType.ofOnnxCode(tensor.getElemType());
    if (!tensor.hasShape()) {
      return ofUnknownShape(proto.getName(), type);
    }
    List<Dimension> dimensions = new ArrayList<>();
    for (TensorShapeProto.Dimension dimension : tensor.getShape().getDimList()) {
      dimensions.add(
          dimension.hasDimValue()
              ? Dimension.of(dimension.getDimValue())
              : Dimension.named(dimension.getDimParam()));
    }
    return new ValueInfo(proto.getName(), type, Optional.of(dimensions));
  }

  ValueInfoProto toProto() {
    TypeProto.Tensor.Builder tensor = TypeProto.Tensor.newBuilder().setElemType(type.onnxCode());
    if (shape.isPresent()) {
      TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
      for (Dimension dimension : shape.get()) {
        TensorShapeProto.Dimension.Builder builder = dimensions.addDimBuilder();
        if (dimension instanceof Dimension.Fixed fixed) {
          builder.setDimValue(fixed.size());
        } else if (dimension instanceof Dimension.Symbolic symbolic && !symbolic.name().isEmpty()) {
          builder.setDimParam(symbolic.name());
        }
      }
      tensor.setShape(dimensions);
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }
}
