package dev.graft.engine;

import java.util.OptionalInt;

/**
 * How the batch of a training step passes through the network: which of its activations are in
 * memory at once. The gradients are those of the whole batch either way.
 *
 * @param examples most examples that pass through the network at once, all cores together; their
 *     gradients add up to the batch's. Empty lets a batch pass as is fastest. Where batch norms use
 *     the statistics of the batch, and with L-BFGS, a batch stays whole whatever is said here.
 * @param activations what becomes of the activations of a pass
 */
public record BatchPasses(OptionalInt examples, ActivationMemory activations) {
  /** As is fastest: no bound on the examples, all activations kept. */
  public static final BatchPasses FASTEST =
      new BatchPasses(OptionalInt.empty(), ActivationMemory.KEPT);

  /** Checks the range. */
  public BatchPasses {
    if (examples.isPresent() && examples.getAsInt() < 1) {
      throw new IllegalArgumentException(
          "examples of a pass must be at least 1 but are " + examples.getAsInt());
    }
  }
}
