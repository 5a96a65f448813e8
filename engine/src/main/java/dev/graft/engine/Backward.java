package dev.graft.engine;

import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;

/** Backward passes; what libtorch throws becomes an error that says what to do. */
final class Backward {
  private Backward() {}

  /** Adds the gradients of a scalar to those of the variables that it was computed from. */
  static void from(Tensor loss) {
    guarded(loss::backward);
  }

  /** The same for a tensor of any shape, with the gradient of the loss with respect to it. */
  static void from(Tensor output, Tensor gradient) {
    guarded(
        () -> output.backward(gradient, new BoolOptional(), false, new TensorArrayRefOptional()));
  }

  /** Runs a backward pass. */
  static void guarded(Runnable pass) {
    try {
      pass.run();
    } catch (RuntimeException failure) {
      throw new EngineException(
          "Computing the gradients failed: "
              + String.valueOf(failure.getMessage()).lines().findFirst().orElse("no reason given")
              + ". A layer between the weights that train and the loss may have no gradient; train"
              + " only layers behind it, or the head alone.",
          failure);
    } catch (OutOfMemoryError exhausted) { // also of native memory, which the binding watches
      throw new EngineException(
          "Computing the gradients failed for want of memory: "
              + exhausted.getMessage()
              + ". Let fewer examples pass at once, or take a larger heap (-Xmx), which bounds native"
              + " memory too.",
          exhausted);
    }
  }
}
