package dev.graft.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.engine.operator.Shapes;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphPreparation;
import dev.graft.onnx.Head;
import dev.graft.onnx.HeadFinder;
import dev.graft.onnx.Layers;
import dev.graft.onnx.ModelEditor;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import dev.graft.onnx.TextTensors;
import dev.graft.onnx.Trunk;
import dev.graft.onnx.text.TokenInput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The gradient of whole networks with respect to every weight equals central finite differences in
 * double precision, at a few elements of each.
 *
 * <p>The scalar is sum_i c_i logit_i with c_i that differ from element to element.
 */
class ModelGradientTest {
  private static final double STEP = 1e-6;
  private static final int ELEMENTS_PER_WEIGHT = 2;

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  private static OnnxModel model(String family) {
    return switch (family) {
      case "bert" -> SequenceGraphs.text();
      case "sound" -> SequenceGraphs.sound();
      default -> TestGraphs.of(family);
    };
  }

  @ParameterizedTest
  @CsvSource({
    "resnet, TRAINING_FROZEN_STATISTICS",
    "resnet, TRAINING_BATCH_STATISTICS",
    "efficientnet, TRAINING_FROZEN_STATISTICS",
    "mobilenetv3, TRAINING_FROZEN_STATISTICS",
    "vit, TRAINING_FROZEN_STATISTICS",
    "bert, TRAINING_FROZEN_STATISTICS",
    "sound, TRAINING_FROZEN_STATISTICS"
  })
  void backward_wholeNetwork_equalsFiniteDifferences(String family, Program.Mode mode) {
    OnnxModel model = inDoubles(model(family));
    Set<String> trainable = trainable(model);
    SplittableRandom random = new SplittableRandom(17);
    try (PointerScope scope = new PointerScope();
        AutoGradMode training = new AutoGradMode(true);
        Program program = ProgramBuilder.buildAsStated(model, trainable)) {
      Map<String, Tensor> given = inputs(model, random);
      Map<String, Tensor> weights = weights(model, trainable);
      given.putAll(weights);
      loss(program, given, mode).backward();
      weights.forEach((name, weight) -> check(program, given, mode, name, weight, random, 1e-5));
    }
  }

  /**
   * Gradients of the graph with layer norms, GELU, SiLU and attention fused, against differences of
   * the graph as it was; constants such as sqrt(2) are in single precision in the latter.
   */
  @ParameterizedTest
  @CsvSource({"efficientnet, Swish", "vit, Attention", "bert, LayerNormalization", "sound, Swish"})
  void backward_fusedNetwork_equalsFiniteDifferencesOfTheUnfused(String family, String operator) {
    OnnxModel unfused = model(family);
    OnnxModel fused = GraphPreparation.forRunning().apply(unfused);
    assertThat(fused.graph().nodes()).anyMatch(node -> node.is(operator));
    assertThat(unfused.graph().nodes()).noneMatch(node -> node.is(operator));
    Set<String> trainable = trainable(unfused);
    Program.Mode mode = Program.Mode.TRAINING_FROZEN_STATISTICS;
    SplittableRandom random = new SplittableRandom(18);
    try (PointerScope scope = new PointerScope();
        AutoGradMode training = new AutoGradMode(true);
        Program program = ProgramBuilder.buildAsStated(inDoubles(fused), trainable);
        Program reference = ProgramBuilder.buildAsStated(inDoubles(unfused), trainable)) {
      Map<String, Tensor> given = inputs(unfused, random);
      Map<String, Tensor> weights = weights(unfused, trainable);
      given.putAll(weights);
      loss(program, given, mode).backward();
      weights.forEach((name, weight) -> check(reference, given, mode, name, weight, random, 1e-4));
    }
  }

  /** A published transformer as it trains: tokens alone in, one vector a text out. */
  @Tag("reference-data")
  @Test
  void backward_publishedTextEncoder_equalsFiniteDifferences() {
    Path file = Path.of(System.getProperty("graft.shared"), "models/tinybert/tinybert.onnx");
    assumeTrue(Files.exists(file), "reference data absent: " + file);
    OnnxModel prepared = GraphPreparation.forTraining().apply(OnnxModel.read(file));
    OnnxModel single = TokenInput.of(prepared).single(prepared, 0);
    Head head = HeadFinder.find(single, Optional.empty(), OptionalInt.empty());
    OnnxModel trunk = Trunk.withFeatures(single, head);
    Set<String> trainable = new TreeSet<>(Layers.trainableTensors(trunk));
    assertThat(trainable).hasSizeGreaterThan(15).contains("embeddings.word_embeddings.weight");
    OnnxModel model = inDoubles(trunk);
    SplittableRandom random = new SplittableRandom(19);
    Program.Mode mode = Program.Mode.TRAINING_FROZEN_STATISTICS;
    try (PointerScope scope = new PointerScope();
        AutoGradMode training = new AutoGradMode(true);
        Program program = ProgramBuilder.buildAsStated(model, trainable)) {
      Map<String, Tensor> given = new LinkedHashMap<>();
      double[] tokens = random.doubles(24, 1, 1_000).map(Math::floor).toArray();
      Arrays.fill(tokens, 20, 24, 0); // the last of three texts is shorter
      given.put(TextTensors.TOKENS, Tensor.create(tokens, 3, 8));
      Map<String, Tensor> weights = weights(model, trainable);
      given.putAll(weights);
      loss(program, given, mode).backward();
      weights.forEach((name, weight) -> check(program, given, mode, name, weight, random, 1e-4));
    }
  }

  private static Map<String, Tensor> weights(OnnxModel model, Set<String> trainable) {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    for (String name : trainable) {
      OnnxTensor stored = model.graph().constant(name).orElseThrow();
      Tensor weight = Tensor.create(stored.toDoubles(), stored.shape());
      weight.set_requires_grad(true);
      weights.put(name, weight);
    }
    return weights;
  }

  private static void check(
      Program program,
      Map<String, Tensor> given,
      Program.Mode mode,
      String name,
      Tensor weight,
      SplittableRandom random,
      double tolerance) {
    Tensor dense = weight.grad().contiguous();
    DoubleBuffer gradient = dense.createBuffer();
    for (int i = 0; i < ELEMENTS_PER_WEIGHT; i++) {
      int element = random.nextInt((int) weight.numel());
      double up = lossWith(program, given, mode, weight, element, STEP);
      double down = lossWith(program, given, mode, weight, element, -STEP);
      double expected = (up - down) / (2 * STEP);
      assertThat(gradient.get(element))
          .as("%s, element %d", name, element)
          .isCloseTo(expected, within(tolerance * (0.1 + Math.abs(expected))));
    }
  }

  private static double lossWith(
      Program program,
      Map<String, Tensor> given,
      Program.Mode mode,
      Tensor weight,
      int element,
      double step) {
    try (PointerScope scope = new PointerScope();
        AutoGradMode inference = new AutoGradMode(false)) {
      DoubleBuffer data = weight.createBuffer();
      double kept = data.get(element);
      data.put(element, kept + step);
      try {
        return loss(program, given, mode).item().toDouble();
      } finally {
        data.put(element, kept);
      }
    }
  }

  private static Tensor loss(Program program, Map<String, Tensor> given, Program.Mode mode) {
    Tensor logits = program.run(given, mode, Program.Observer.NONE).get(0);
    int count = (int) logits.numel();
    double[] factors = new double[count];
    for (int i = 0; i < count; i++) {
      factors[i] = Math.sin(1 + 0.7 * i);
    }
    assertThat(Shapes.of(logits)).hasSize(2);
    return logits.reshape(count).mul(Tensor.create(factors, count)).sum();
  }

  /** Weights of more than one element; statistics of norms do not train. */
  private static Set<String> trainable(OnnxModel model) {
    Set<String> names = new TreeSet<>();
    model
        .graph()
        .initializers()
        .forEach(
            (name, tensor) -> {
              boolean weight = name.endsWith("weight") || name.endsWith("bias");
              if (weight || name.endsWith("cls_token") || name.endsWith("pos_embed")) {
                names.add(name);
              }
            });
    return names;
  }

  private static OnnxModel inDoubles(OnnxModel model) {
    ModelEditor editor = model.edit();
    model
        .graph()
        .initializers()
        .forEach(
            (name, tensor) -> {
              if (tensor.type() == ElementType.FLOAT) {
                double[] values = tensor.toDoubles();
                ByteBuffer bytes =
                    ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asDoubleBuffer().put(values);
                editor.setInitializer(
                    OnnxTensor.ofRaw(name, ElementType.DOUBLE, bytes, tensor.shape()));
              }
            });
    return editor.build();
  }

  private static Map<String, Tensor> inputs(OnnxModel model, SplittableRandom random) {
    Map<String, Tensor> given = new LinkedHashMap<>();
    model
        .graph()
        .inputs()
        .forEach(
            input -> {
              long[] shape = new long[input.rank()];
              for (int axis = 0; axis < shape.length; axis++) {
                shape[axis] = axis == 0 ? 3 : input.size(axis);
              }
              given.put(input.name(), values(input.name(), shape, random));
            });
    return given;
  }

  private static Tensor values(String input, long[] shape, SplittableRandom random) {
    int count = (int) Shapes.count(shape);
    if (input.equals("input_ids")) {
      return Tensor.create(random.longs(count, 0, SequenceGraphs.VOCABULARY).toArray(), shape);
    }
    if (input.equals("attention_mask")) {
      Tensor mask = torch.ones(shape).to(ScalarType.Long);
      mask.get(0).narrow(0, 4, 2).zero_(); // the first text is shorter
      return mask;
    }
    return Tensor.create(random.doubles(count, -1, 1).toArray(), shape);
  }
}
