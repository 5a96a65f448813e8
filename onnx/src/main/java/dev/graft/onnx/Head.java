package dev.graft.onnx;

/** What stands between the trunk of a model and its output. */
public sealed interface Head permits LinearHead, NoHead {
  /** The tensor that the trunk ends with. */
  String featureTensor();

  /** How the feature tensor becomes one vector for each example. */
  Pooling pooling();
}
