package dev.graft.engine;

import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import dev.graft.onnx.ValueInfo;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;

/**
 * A frozen ONNX graph with one input, ready to run on libtorch.
 *
 * <p>Runs without autograd; batch norms are folded into the convolutions before them and each
 * activation is freed after its last use. Thread-safe: the workers of {@link CoreWorkers} may run
 * it side by side; from any other thread a pass uses all cores. Close it to free its weights.
 */
public final class Network implements AutoCloseable {
  private final OnnxModel model;
  private final Precision precision;
  private final Program program;
  private final String input;

  private Network(OnnxModel model, Precision precision, Program program, String input) {
    this.model = model;
    this.precision = precision;
    this.program = program;
    this.input = input;
  }

  /**
   * Prepares a model for running.
   *
   * @param model a graph with one float input and at least one output
   * @throws dev.graft.onnx.UnsupportedOperatorsException naming all operators that are not known
   */
  public static Network load(OnnxModel model, Precision precision) {
    Libtorch.load();
    List<ValueInfo> inputs = model.graph().inputs();
    if (inputs.size() != 1) {
      throw new EngineException(
          "Loading "
              + model.source()
              + ": a network with one input is expected, but it has "
              + inputs.stream().map(ValueInfo::name).toList()
              + ".");
    }
    return new Network(
        model, precision, ProgramBuilder.build(model, precision, Set.of()), inputs.get(0).name());
  }

  /** The precision in which this network computes. */
  public Precision precision() {
    return precision;
  }

  /**
   * Runs a batch.
   *
   * @param batch values of the input, the examples along the first axis
   * @return the first output in fp32
   */
  public FloatTensor run(FloatTensor batch) {
    return run(batch, 1, Program.Observer.NONE).get(0);
  }

  /**
   * Runs a batch for all outputs, such as maps inside the network that a caller has declared.
   *
   * @param batch values of the input, the examples along the first axis
   * @return the outputs in fp32, in the order of the graph
   */
  public List<FloatTensor> runAll(FloatTensor batch) {
    return run(batch, Integer.MAX_VALUE, Program.Observer.NONE);
  }

  private List<FloatTensor> run(FloatTensor batch, int outputs, Program.Observer observer) {
    try (PointerScope scope = new PointerScope();
        AutoGradMode inference = new AutoGradMode(false)) {
      // In fp32 also for bf16: the first product narrows it, and may want to see it exactly.
      Tensor values = NativeTensors.channelsLast(NativeTensors.of(batch));
      return program.run(Map.of(input, values), Program.Mode.INFERENCE, observer).stream()
          .limit(outputs)
          .map(NativeTensors::toJava)
          .toList();
    }
  }

  /** Runs one example of zeros and tells what it costs. */
  public GraphProfile profile(long... exampleShape) {
    int elements = Math.toIntExact(dev.graft.engine.operator.Shapes.count(exampleShape));
    ProfileObserver observer = new ProfileObserver();
    run(new FloatTensor(new float[elements], exampleShape), 1, observer);
    long parameters =
        model.graph().initializers().values().stream()
            .filter(tensor -> tensor.type().isFloating())
            .mapToLong(OnnxTensor::elementCount)
            .sum();
    return new GraphProfile(parameters, observer.multiplyAdds(), observer.largestElements());
  }

  /**
   * The number of examples per batch whose largest activation stays in the processor's cache: more
   * would wait for memory.
   */
  public int batchFor(GraphProfile profile) {
    return profile.batchFor(precision);
  }

  @Override
  public void close() {
    program.close();
  }
}
