package dev.graft.engine;

/** Which optimizer trains, with its constants; all run in libtorch. */
public sealed interface OptimizerSettings {
  /** The base learning rate, above 0; a group's scale and the schedule multiply it. */
  double learningRate();

  private static void require(boolean holds, String name, double value, String range) {
    if (!holds) {
      throw new IllegalArgumentException(name + " must be " + range + " but is " + value);
    }
  }

  /**
   * Stochastic gradient descent with momentum (Sutskever et al. 2013, "On the importance of
   * initialization and momentum in deep learning").
   */
  record Sgd(double learningRate, double momentum, boolean nesterov) implements OptimizerSettings {
    /** Checks the ranges. */
    public Sgd {
      require(learningRate > 0, "learning rate", learningRate, "above 0");
      require(momentum >= 0 && momentum < 1, "momentum", momentum, "in [0, 1)");
    }
  }

  /** Adam with bias correction (Kingma and Ba 2015, algorithm 1). */
  record Adam(double learningRate) implements OptimizerSettings {
    /** Checks the ranges. */
    public Adam {
      require(learningRate > 0, "learning rate", learningRate, "above 0");
    }
  }

  /** Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2). */
  record AdamW(double learningRate) implements OptimizerSettings {
    /** Checks the ranges. */
    public AdamW {
      require(learningRate > 0, "learning rate", learningRate, "above 0");
    }
  }

  /**
   * Limited-memory BFGS with a strong Wolfe line search (Nocedal and Wright 2006, algorithms 7.5
   * and 3.5). Each step takes up to {@code iterations} iterations on the batch it is given, so it
   * is given all examples at once. Its one learning rate holds for all groups: their scales do not
   * count. The curvature gathered in a step is forgotten after it.
   */
  record Lbfgs(double learningRate, int iterations) implements OptimizerSettings {
    /** Checks the ranges. */
    public Lbfgs {
      require(learningRate > 0, "learning rate", learningRate, "above 0");
      require(iterations > 0, "iterations", iterations, "above 0");
    }
  }
}
