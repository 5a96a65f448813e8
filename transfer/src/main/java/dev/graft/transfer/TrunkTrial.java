package dev.graft.transfer;

import dev.graft.data.Preprocessing;
import dev.graft.engine.FloatTensor;
import dev.graft.engine.GraphProfile;
import dev.graft.engine.Network;
import dev.graft.engine.Precision;
import dev.graft.onnx.OnnxModel;
import dev.graft.transfer.training.ExampleViews;

/**
 * What running a trunk tells about it.
 *
 * @param profile what it costs for one example
 * @param width the number of features
 * @param rows how many vectors of features the examples give
 */
record TrunkTrial(GraphProfile profile, int width, int rows) {
  /** How many examples are run. */
  static final int EXAMPLES = 2;

  /**
   * Runs a trunk on examples that are made up.
   *
   * @throws dev.graft.engine.EngineException where it cannot run on what is prepared so
   */
  static TrunkTrial of(OnnxModel trunk, Preprocessing preprocessing) {
    ExampleViews views = ExampleViews.plain(preprocessing);
    long[] shape = new long[views.shape().length + 1];
    shape[0] = 1;
    System.arraycopy(views.shape(), 0, shape, 1, views.shape().length);
    try (Network network = Network.load(trunk, Precision.FP32)) {
      GraphProfile profile = network.profile(shape);
      FloatTensor features = network.run(views.made(EXAMPLES, 1));
      return new TrunkTrial(profile, features.width(), features.rows());
    }
  }
}
