package dev.graft.engine;

import java.nio.FloatBuffer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Copies between Java arrays and libtorch tensors. */
final class NativeTensors {
  private NativeTensors() {}

  /** A libtorch tensor with a copy of the values; the caller closes it. */
  static Tensor of(FloatTensor source) {
    return Tensor.create(source.values(), source.shape());
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

  /**
   * Maps of rank 4 are laid out with the channels last, which the convolution kernels like best.
   */
  static Tensor channelsLast(Tensor tensor) {
    return tensor.dim() == 4 ? tensor.contiguous(torch.MemoryFormat.ChannelsLast) : tensor;
  }
}
