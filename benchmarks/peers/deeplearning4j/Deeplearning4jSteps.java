import dev.graft.benchmarks.StepClock;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/**
 * Measures Deeplearning4j as it comes for {@code benchmarks/run steps}: {@code deeplearning4j
 * NETWORK FILE BATCH SECONDS PASSES}. The networks are residual networks equal to those of the
 * other contestants, in its own layers; the file is not read. Its features are the class
 * probabilities: one small matrix product more.
 */
public final class Deeplearning4jSteps {
  private static final int CLASSES = 1000;
  private static final int SIDE = 224;

  private final ComputationGraphConfiguration.GraphBuilder graph;
  private final boolean bottlenecks;

  private Deeplearning4jSteps(boolean bottlenecks) {
    this.bottlenecks = bottlenecks;
    this.graph =
        new NeuralNetConfiguration.Builder()
            .seed(1)
            .weightInit(WeightInit.RELU)
            .updater(new Nesterovs(1e-6, 0.9))
            .convolutionMode(ConvolutionMode.Truncate)
            .graphBuilder()
            .addInputs("image")
            .setInputTypes(InputType.convolutional(SIDE, SIDE, 3));
  }

  /** Measures and prints. */
  public static void main(String[] arguments) {
    int batch = Integer.parseInt(arguments[3]);
    StepClock clock = new StepClock(System.out, Double.parseDouble(arguments[4]));
    List<String> passes = List.of(arguments[5].split(","));
    ComputationGraph network = network(arguments[1]);
    INDArray images = Nd4j.randn(batch, 3, SIDE, SIDE);
    INDArray labels = Nd4j.zeros(batch, CLASSES);
    for (int row = 0; row < batch; row++) {
      labels.putScalar(row, row * 7 % CLASSES, 1);
    }
    INDArray[] inputs = {images};
    INDArray[] targets = {labels};
    if (passes.contains("features")) {
      clock.measure(
          "features",
          batch,
          () -> requireFinite(network.outputSingle(false, inputs).getDouble(0, 0)));
    }
    if (passes.contains("step")) {
      clock.measure(
          "step",
          batch,
          () -> {
            network.fit(inputs, targets);
            requireFinite(network.score());
          });
    }
    System.exit(0);
  }

  private static ComputationGraph network(String name) {
    ComputationGraph network =
        switch (name) {
          case "resnet18" -> new Deeplearning4jSteps(false).residual(2, 2, 2, 2);
          case "resnet50" -> new Deeplearning4jSteps(true).residual(3, 4, 6, 3);
          default -> throw new IllegalArgumentException("there is no " + name + " here");
        };
    network.init();
    return network;
  }

  private ComputationGraph residual(int... blocksOfStages) {
    String x = relu("relu1", normed("conv1", "image", 64, 7, 2));
    graph.addLayer(
        "pool",
        new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
            .kernelSize(3, 3)
            .stride(2, 2)
            .padding(1, 1)
            .build(),
        x);
    x = "pool";
    int from = 64;
    for (int stage = 0; stage < blocksOfStages.length; stage++) {
      int inner = 64 << stage;
      int to = bottlenecks ? 4 * inner : inner;
      for (int i = 0; i < blocksOfStages[stage]; i++) {
        x = block("layer" + stage + "." + i, x, from, inner, to, i == 0 && stage > 0 ? 2 : 1);
        from = to;
      }
    }
    graph.addLayer("mean", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), x);
    graph.addLayer(
        "fc",
        new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
            .nOut(CLASSES)
            .activation(Activation.SOFTMAX)
            .build(),
        "mean");
    return new ComputationGraph(graph.setOutputs("fc").build());
  }

  private String block(String name, String x, int from, int inner, int to, int stride) {
    String branch;
    if (bottlenecks) {
      branch = relu(name + ".relu1", normed(name + ".1", x, inner, 1, 1));
      branch = relu(name + ".relu2", normed(name + ".2", branch, inner, 3, stride));
      branch = normed(name + ".3", branch, to, 1, 1);
    } else {
      branch = relu(name + ".relu1", normed(name + ".1", x, inner, 3, stride));
      branch = normed(name + ".2", branch, to, 3, 1);
    }
    String shortcut =
        stride == 1 && from == to ? x : normed(name + ".downsample", x, to, 1, stride);
    graph.addVertex(
        name + ".add", new ElementWiseVertex(ElementWiseVertex.Op.Add), branch, shortcut);
    return relu(name, name + ".add");
  }

  private String normed(String name, String x, int to, int kernel, int stride) {
    graph.addLayer(
        name + ".conv",
        new ConvolutionLayer.Builder(kernel, kernel)
            .stride(stride, stride)
            .padding(kernel / 2, kernel / 2)
            .nOut(to)
            .hasBias(false)
            .activation(Activation.IDENTITY)
            .build(),
        x);
    graph.addLayer(name + ".bn", new BatchNormalization.Builder().build(), name + ".conv");
    return name + ".bn";
  }

  private String relu(String name, String x) {
    graph.addLayer(
        name, new ActivationLayer.Builder().activation(Activation.RELU).build(), x);
    return name;
  }

  private static void requireFinite(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalStateException(
          "the network gave " + value + ", expected a finite number");
    }
  }
}
