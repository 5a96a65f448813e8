package dev.graft.engine;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Copies between Java arrays and libtorch tensors. */
final class NativeTensors {
  private NativeTensors() {}

  /** A libtorch tensor with a copy of the values; the caller closes it. */
  static Tensor of(FloatTensor source) {
    return of(source.values(), source.shape());
  }

  /**
   * A libtorch tensor with a copy of the values, row-major; the caller closes it.
   *
   * <p>{@code Tensor.create} of the binding copies value by value, this in one block.
   */
  static Tensor of(float[] values, long... shape) {
    try (TensorOptions floats = new TensorOptions(ScalarType.Float)) {
      Tensor tensor = torch.empty(shape, floats, null);
      if (tensor.numel() != values.length) {
        throw new IllegalArgumentException(
            values.length + " values do not fill the shape " + Arrays.toString(shape));
      }
      if (values.length > 0) {
        try (FloatPointer data = tensor.data_ptr_float()) {
          data.put(values, 0, values.length);
        }
      }
      return tensor;
    }
  }

  /** A Java copy, in row-major order whatever the tensor's strides. */
  static FloatTensor toJava(Tensor tensor) {
    Tensor dense = tensor.detach().to(ScalarType.Float).contiguous();
    float[] values = new float[Math.toIntExact(dense.numel())];
    if (values.length > 0) {
      FloatBuffer buffer = dense.createBuffer();
      buffer.get(values);
    }
    return new FloatTensor(values, dev.graft.engine.operator.Shapes.of(dense));
  }

  /** Java copies by name, in row-major order. */
  static Map<String, float[]> toJava(Map<String, Tensor> tensors) {
    Map<String, float[]> values = new LinkedHashMap<>();
    try (PointerScope scope = new PointerScope()) {
      tensors.forEach((name, tensor) -> values.put(name, toJava(tensor).values()));
    }
    return values;
  }

  /**
   * Sets tensors to values that {@link #toJava(Map)} gave.
   *
   * @throws EngineException where a tensor's values are missing or do not fit
   */
  static void set(Map<String, Tensor> tensors, Map<String, float[]> values) {
    try (PointerScope scope = new PointerScope();
        AutoGradMode inference = new AutoGradMode(false)) {
      for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
        float[] value = values.get(entry.getKey());
        Tensor tensor = entry.getValue();
        if (value == null || value.length != tensor.numel()) {
          throw new EngineException(
              "Restoring weights: \""
                  + entry.getKey()
                  + "\" needs "
                  + tensor.numel()
                  + " values but "
                  + (value == null ? "none" : value.length)
                  + " are given.");
        }
        tensor.copy_(of(value, dev.graft.engine.operator.Shapes.of(tensor)));
      }
    }
  }

  /**
   * Maps of rank 4 are laid out with the channels last, which the convolution kernels like best.
   */
  static Tensor channelsLast(Tensor tensor) {
    return tensor.dim() == 4 ? tensor.contiguous(torch.MemoryFormat.ChannelsLast) : tensor;
  }
}
