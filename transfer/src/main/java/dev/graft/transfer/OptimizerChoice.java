package dev.graft.transfer;

import java.util.Locale;

/** The optimizer for layers that are trained by steps. */
public enum OptimizerChoice {
  /**
   * The recommended one for what trains: L-BFGS for a linear head, AdamW for a fresh head, SGD for
   * layers of the trunk after their head was fitted.
   */
  AUTO,
  /** Stochastic gradient descent with Nesterov momentum 0.9. */
  SGD,
  /** Adam. */
  ADAM,
  /** Adam with decoupled weight decay. */
  ADAMW,
  /** L-BFGS over all examples at once; for heads on a frozen trunk. */
  LBFGS;

  /** Reads a name in any case. */
  public static OptimizerChoice parse(String text) {
    try {
      return valueOf(text.trim().toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException unknown) {
      throw new TransferException(
          TransferException.Cause.SETTINGS,
          "Choosing the optimizer: expected auto, sgd, adam, adamw or lbfgs, found \""
              + text
              + "\".");
    }
  }
}
