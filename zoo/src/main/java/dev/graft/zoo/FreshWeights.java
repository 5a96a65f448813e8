package dev.graft.zoo;

import dev.graft.onnx.Graph;
import dev.graft.onnx.Layers;
import dev.graft.onnx.ModelEditor;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import dev.graft.onnx.WeightLayer;
import dev.graft.onnx.WeightTensor;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * Replaces what a network has learned by fresh weights, so that it can be trained from scratch.
 *
 * <ul>
 *   <li>Weights of convolutions, and of linear layers in front of a rectifier: normal with variance
 *       {@code gain / fan}; the gain is 2 in front of a rectifier, 3 in front of HardSwish and else
 *       1, the fan is that of the outputs where batch normalisation follows and else that of the
 *       inputs (He et al. 2015, section 2.2).
 *   <li>Weights of other linear layers and of attention: uniform in {@code ±sqrt(6 / (fanIn +
 *       fanOut))} (Glorot and Bengio 2010, equation 16).
 *   <li>Embeddings, class tokens and tables of positions: normal with deviation 0.02 (Devlin et al.
 *       2018).
 *   <li>Norm scales and factors 1, biases 0, slopes of PRelu 0.25 (He et al. 2015); statistics of
 *       batch normalisation: mean 0, variance 1.
 * </ul>
 *
 * <p>Names, shapes and element types stay; FLOAT16 values are rounded. Each tensor's values depend
 * on the seed and its name alone. Thread-safe.
 */
public final class FreshWeights {
  private static final double EMBEDDING_DEVIATION = 0.02;
  private static final float INITIAL_SLOPE = 0.25f;

  private static final double RECTIFIER_GAIN = 2;

  /**
   * x (x + 3) / 6 has a mean square of (3 + 9) / 36 where x is normal, a third: with the gain of a
   * rectifier, which keeps a half, MobileNetV3's twenty layers of it leave next to nothing.
   */
  private static final double HARD_SWISH_GAIN = 3;

  private static final Set<String> RECTIFIERS =
      Set.of(
          "Relu", "Clip", "LeakyRelu", "PRelu", "Elu", "Selu", "Gelu", "Mish", "Swish", "Softplus");

  private final Graph graph;
  private final ModelEditor editor;
  private final long seed;

  /** Tensors that are done: a shared one is drawn once. */
  private final Set<String> done = new LinkedHashSet<>();

  private FreshWeights(OnnxModel model, long seed) {
    this.graph = model.graph();
    this.editor = model.edit();
    this.seed = seed;
  }

  /**
   * The same network with fresh weights.
   *
   * @param model a model with real weights; a quantised one needs {@link OnnxModel#dequantized()}
   *     first
   * @param seed the same seed gives the same bytes
   */
  public static OnnxModel reinitialize(OnnxModel model, long seed) {
    return reinitialize(model, name -> true, seed);
  }

  /**
   * The same network with fresh weights in some of its layers.
   *
   * @param tensors names of what is drawn anew; statistics of batch normalisation go with its scale
   */
  public static OnnxModel reinitialize(OnnxModel model, Set<String> tensors, long seed) {
    return reinitialize(model, tensors::contains, seed);
  }

  private static OnnxModel reinitialize(OnnxModel model, Predicate<String> which, long seed) {
    OnnxModel movable = Layers.constantsToInitializers(model);
    FreshWeights fresh = new FreshWeights(movable, seed);
    for (WeightLayer layer : Layers.of(movable)) {
      boolean normalised = layer.nodes().stream().anyMatch(node -> node.is("BatchNormalization"));
      double gain = fresh.gain(layer.nodes().get(layer.nodes().size() - 1));
      for (WeightTensor tensor : layer.tensors()) {
        if (which.test(tensor.name())) {
          fresh.replace(tensor, normalised, gain);
        }
      }
    }
    fresh.resetStatistics(which);
    return fresh.editor.build();
  }

  private void replace(WeightTensor weight, boolean normalised, double gain) {
    if (!done.add(weight.name())) {
      return;
    }
    OnnxTensor tensor = graph.constant(weight.name()).orElseThrow();
    float[] values = new float[Math.toIntExact(tensor.elementCount())];
    SplittableRandom random = random(weight.name());
    switch (weight.role()) {
      case CONVOLUTION_WEIGHT ->
          fillNormal(
              values, Math.sqrt(gain / (normalised ? weight.fanOut() : weight.fanIn())), random);
      case LINEAR_WEIGHT -> {
        if (gain > 1) {
          fillNormal(values, Math.sqrt(gain / weight.fanIn()), random);
        } else {
          fillUniform(values, Math.sqrt(6.0 / (weight.fanIn() + weight.fanOut())), random);
        }
      }
      case EMBEDDING -> fillNormal(values, EMBEDDING_DEVIATION, random);
      case BIAS -> {
        // A summand for each position and width is a table of positions, not a bias.
        if (isTable(tensor)) {
          fillNormal(values, EMBEDDING_DEVIATION, random);
        }
      }
      case NORM_BIAS -> Arrays.fill(values, 0);
      case NORM_SCALE, FACTOR -> Arrays.fill(values, 1);
      case SLOPE -> Arrays.fill(values, INITIAL_SLOPE);
    }
    editor.setInitializer(tensor.withFloats(values));
  }

  private static boolean isTable(OnnxTensor tensor) {
    return Arrays.stream(tensor.shape()).filter(size -> size > 1).count() > 1;
  }

  /** What makes up for the function that is the next thing that happens to a tensor, or 1. */
  private double gain(Node layer) {
    List<Node> readers = graph.consumers(layer.output(0));
    if (readers.size() == 2 && readers.stream().anyMatch(node -> node.is("Mul"))) {
      return gainOfGate(readers);
    }
    Node reader = readers.size() == 1 ? readers.get(0) : null;
    if (reader == null || !reader.domain().isEmpty()) {
      return 1;
    }
    if (reader.is("HardSwish")) {
      return HARD_SWISH_GAIN;
    }
    return RECTIFIERS.contains(reader.operator()) ? RECTIFIER_GAIN : 1;
  }

  /** The gain of x times a function of x: SiLU, HardSwish, or GELU by erf. */
  private static double gainOfGate(List<Node> readers) {
    if (readers.stream().anyMatch(node -> node.is("HardSigmoid"))) {
      return HARD_SWISH_GAIN;
    }
    return readers.stream().anyMatch(node -> node.is("Sigmoid") || node.is("Div"))
        ? RECTIFIER_GAIN
        : 1;
  }

  private void resetStatistics(Predicate<String> which) {
    for (Node node : graph.nodes()) {
      if (node.is("BatchNormalization") && which.test(node.input(1))) {
        reset(node.input(3), 0);
        reset(node.input(4), 1);
      }
    }
  }

  private void reset(String name, float value) {
    Optional<OnnxTensor> tensor = graph.constant(name);
    if (tensor.isPresent() && done.add(name)) {
      float[] values = new float[Math.toIntExact(tensor.get().elementCount())];
      Arrays.fill(values, value);
      editor.setInitializer(tensor.get().withFloats(values).renamed(name));
    }
  }

  private SplittableRandom random(String name) {
    // Two rounds through the generator keep seeds and names that differ in few bits apart.
    long mixed = new SplittableRandom(seed).nextLong() + name.hashCode() * 0x9E3779B97F4A7C15L;
    return new SplittableRandom(new SplittableRandom(mixed).nextLong());
  }

  private static void fillUniform(float[] values, double limit, SplittableRandom random) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * limit);
    }
  }

  /**
   * Draws by Box and Muller 1958 with StrictMath, whose results are the same on every platform and
   * Java release.
   */
  private static void fillNormal(float[] values, double deviation, SplittableRandom random) {
    for (int i = 0; i < values.length; i += 2) {
      double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
      double angle = 2 * StrictMath.PI * random.nextDouble();
      values[i] = (float) (deviation * radius * StrictMath.cos(angle));
      if (i + 1 < values.length) {
        values[i + 1] = (float) (deviation * radius * StrictMath.sin(angle));
      }
    }
  }
}
