package dev.graft.transfer.visualisation;

import dev.graft.data.image.ImagePreprocessing;
import dev.graft.engine.FloatTensor;
import dev.graft.engine.Network;
import dev.graft.engine.Precision;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.ValueInfo;
import java.util.List;

/** A trunk that gives inner tensors instead of features. Thread-safe; close it. */
final class TrunkOutputs implements AutoCloseable {
  private final Network network;
  private final long[] imageShape;

  private TrunkOutputs(Network network, long... imageShape) {
    this.network = network;
    this.imageShape = imageShape;
  }

  /** Prepares the part of a trunk that computes some of its tensors, in fp32. */
  static TrunkOutputs open(
      OnnxModel trunk, List<String> tensors, ImagePreprocessing preprocessing) {
    List<ValueInfo> outputs =
        tensors.stream().map(name -> ValueInfo.ofUnknownShape(name, ElementType.FLOAT)).toList();
    OnnxModel exposed = trunk.edit().setOutputs(outputs).pruneUnreachable().build();
    return new TrunkOutputs(
        Network.load(exposed, Precision.FP32),
        1,
        preprocessing.channelOrder().channels(),
        preprocessing.cropHeight(),
        preprocessing.cropWidth());
  }

  /**
   * Runs one prepared image.
   *
   * @return the tensors in the order in which they were asked for
   */
  List<FloatTensor> of(float[] prepared) {
    return network.runAll(new FloatTensor(prepared, imageShape));
  }

  @Override
  public void close() {
    network.close();
  }
}
