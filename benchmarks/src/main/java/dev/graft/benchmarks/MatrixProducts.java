package dev.graft.benchmarks;

import dev.graft.engine.Libtorch;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The rate of large matrix products in libtorch, on all cores: the most that a network could reach
 * on this machine.
 */
final class MatrixProducts {
  private static final long[] SIZES = {1024, 1536, 2048};

  private MatrixProducts() {}

  /** Measures squares of each size; the name of a line is that of the type and the size. */
  static void measure(StepClock clock) {
    Libtorch.load();
    for (long size : SIZES) {
      measure(clock, StepRun.BF16_PRODUCT, ScalarType.BFloat16, size);
    }
    measure(clock, StepRun.FP32_PRODUCT, ScalarType.Float, SIZES[0]);
  }

  private static void measure(StepClock clock, String name, ScalarType type, long size) {
    try (PointerScope scope = new PointerScope();
        AutoGradMode inference = new AutoGradMode(false)) {
      Tensor left = torch.randn(new long[] {size, size}, new TensorOptions()).to(type);
      Tensor right = torch.randn(new long[] {size, size}, new TensorOptions()).to(type);
      clock.measure(
          name,
          (double) size * size * size,
          () -> {
            try (PointerScope ofProduct = new PointerScope()) {
              torch.matmul(left, right);
            }
          });
    }
  }
}
