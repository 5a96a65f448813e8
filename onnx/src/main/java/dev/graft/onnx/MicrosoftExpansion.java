package dev.graft.onnx;

import dev.graft.onnx.NodeRewriting.Adapter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes out the fused operators of the domain {@code com.microsoft} in operators of the standard.
 *
 * <p>Those of attention and embedding are in {@link MicrosoftAttention}. What has no equal here
 * stays, for the engine to name. Source: onnxruntime/docs/ContribOperators.md.
 */
record MicrosoftExpansion() implements GraphPass {
  static final String DOMAIN = "com.microsoft";

  /** LayerNormalization came with 17, axes as inputs of reductions with 18. */
  private static final int OPSET = 18;

  private static final Map<String, Adapter> ADAPTERS =
      Map.ofEntries(
          Map.entry("Gelu", (node, scope) -> gelu(scope, node.input(0), node.output(0))),
          Map.entry("BiasGelu", MicrosoftExpansion::biasGelu),
          Map.entry("FastGelu", MicrosoftExpansion::fastGelu),
          Map.entry("QuickGelu", MicrosoftExpansion::quickGelu),
          Map.entry("SkipLayerNormalization", MicrosoftExpansion::skipLayerNormalization),
          Map.entry("FusedMatMul", MicrosoftExpansion::fusedMatMul),
          Map.entry("FusedGemm", (node, scope) -> activated(node, scope, "Gemm")),
          Map.entry("FusedConv", (node, scope) -> activated(node, scope, "Conv")),
          Map.entry("EmbedLayerNormalization", MicrosoftAttention::embedLayerNormalization),
          Map.entry("Attention", MicrosoftAttention::attention));

  @Override
  public String name() {
    return "com.microsoft";
  }

  @Override
  public String purpose() {
    return "fused operators of ONNX Runtime are written out in operators of the standard";
  }

  @Override
  public Rewrite apply(OnnxModel model) {
    if (!model.opsets().containsKey(DOMAIN)) {
      return new Rewrite(model, 0);
    }
    OnnxModel current = model.upgradeTo(Math.max(OPSET, model.opset()));
    int places = 0;
    // What is written out tells the shapes that others behind it need.
    while (true) {
      Rewrite round = NodeRewriting.apply(current, MicrosoftExpansion::adapter, current.opset());
      if (round.places() == 0) {
        return new Rewrite(current, places);
      }
      current = round.model();
      places += round.places();
    }
  }

  private static @Nullable Adapter adapter(Node node) {
    return node.domain().equals(DOMAIN) ? ADAPTERS.get(node.operator()) : null;
  }

  /** 0.5 x (1 + erf(x / sqrt(2))), as exporters write it before operator set 20. */
  private static void gelu(UpgradeScope scope, String x, String y) {
    String root = scope.scalarLike(x, y + "_root", (float) Math.sqrt(2));
    String one = scope.scalarLike(x, y + "_one", 1);
    String erf = scope.operation("Erf", y + "_erf", scope.operation("Div", y + "_scaled", x, root));
    String gate = scope.operation("Add", y + "_gate", erf, one);
    String product = scope.operation("Mul", y + "_product", x, gate);
    String half = scope.scalarLike(x, y + "_half", 0.5f);
    scope.emit(Node.of("Mul", List.of(product, half), List.of(y)));
  }

  private static void biasGelu(Node node, UpgradeScope scope) {
    String sum = scope.operation("Add", node.output(0) + "_biased", node.input(0), node.input(1));
    gelu(scope, sum, node.output(0));
  }

  /** 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))). */
  private static void fastGelu(Node node, UpgradeScope scope) {
    String y = node.output(0);
    String x =
        node.hasInput(1)
            ? scope.operation("Add", y + "_biased", node.input(0), node.input(1))
            : node.input(0);
    String square = scope.operation("Mul", y + "_square", x, x);
    String cube = scope.operation("Mul", y + "_cube", square, x);
    String small = scope.scalarLike(x, y + "_small", 0.044715f);
    String term = scope.operation("Mul", y + "_term", cube, small);
    String sum = scope.operation("Add", y + "_sum", x, term);
    String factor = scope.scalarLike(x, y + "_factor", (float) Math.sqrt(2 / Math.PI));
    String tanh =
        scope.operation("Tanh", y + "_tanh", scope.operation("Mul", y + "_inner", sum, factor));
    String one = scope.scalarLike(x, y + "_one", 1);
    String gate = scope.operation("Add", y + "_gate", tanh, one);
    String product = scope.operation("Mul", y + "_product", x, gate);
    String half = scope.scalarLike(x, y + "_half", 0.5f);
    scope.emit(Node.of("Mul", List.of(product, half), List.of(y)));
  }

  /** x sigmoid(alpha x). */
  private static void quickGelu(Node node, UpgradeScope scope) {
    String x = node.input(0);
    String y = node.output(0);
    String alpha = scope.scalarLike(x, y + "_alpha", node.real("alpha", 1.702f));
    String scaled = scope.operation("Mul", y + "_scaled", x, alpha);
    String gate = scope.operation("Sigmoid", y + "_gate", scaled);
    scope.emit(Node.of("Mul", List.of(x, gate), List.of(y)));
  }

  /** LayerNormalization(input + skip + bias); output 3 is the sum. */
  private static void skipLayerNormalization(Node node, UpgradeScope scope) {
    String given = node.output(3);
    String y = node.output(0);
    String name = given.isEmpty() ? scope.freshName(y + "_sum") : given;
    List<String> summands = List.of(node.input(0), node.input(1));
    if (node.hasInput(4)) {
      String skipped = scope.operation("Add", y + "_skipped", node.input(0), node.input(1));
      summands = List.of(skipped, node.input(4));
    }
    scope.emit(Node.of("Add", summands, List.of(name)));
    layerNormalization(node, scope, name, node.input(2), node.input(3));
  }

  static void layerNormalization(
      Node node, UpgradeScope scope, String x, String gamma, String beta) {
    List<String> inputs = new ArrayList<>(List.of(x, gamma));
    if (!beta.isEmpty()) {
      inputs.add(beta);
    }
    scope.emit(
        Node.of("LayerNormalization", inputs, List.of(node.output(0)))
            .withName(node.name())
            .withInteger("axis", -1)
            .withReal("epsilon", node.real("epsilon", 1e-12f)));
  }

  /** alpha A B, with the last two axes of either swapped first. */
  private static void fusedMatMul(Node node, UpgradeScope scope) {
    boolean swapsBatch = node.integer("transBatchA", 0) != 0 || node.integer("transBatchB", 0) != 0;
    int left = scope.facts(node.input(0)).rank();
    int right = scope.facts(node.input(1)).rank();
    boolean unknownRank =
        (node.integer("transA", 0) != 0 && left < 2)
            || (node.integer("transB", 0) != 0 && right < 2);
    if (swapsBatch || unknownRank) {
      scope.emit(node);
      return;
    }
    String y = node.output(0);
    String a = swapped(node, scope, 0, "transA", left);
    String b = swapped(node, scope, 1, "transB", right);
    float alpha = node.real("alpha", 1);
    if (alpha == 1) {
      scope.emit(Node.of("MatMul", List.of(a, b), List.of(y)).withName(node.name()));
      return;
    }
    String product = scope.freshName(y + "_product");
    scope.emit(Node.of("MatMul", List.of(a, b), List.of(product)).withName(node.name()));
    String factor = scope.scalarLike(node.input(0), y + "_alpha", alpha);
    scope.emit(Node.of("Mul", List.of(product, factor), List.of(y)));
  }

  private static String swapped(
      Node node, UpgradeScope scope, int input, String attribute, int rank) {
    if (node.integer(attribute, 0) == 0) {
      return node.input(input);
    }
    long[] order = new long[rank];
    for (int i = 0; i < rank; i++) {
      order[i] = i < rank - 2 ? i : 2L * rank - 3 - i;
    }
    String name = scope.freshName(node.input(input) + "_swapped");
    scope.emit(
        Node.of("Transpose", List.of(node.input(input)), List.of(name))
            .withIntegers("perm", order));
    return name;
  }

  /** activation(operator(X, W, B) + Z). */
  private static void activated(Node node, UpgradeScope scope, String operator) {
    String activation = node.text("activation", "");
    float[] parameters = node.reals("activation_params");
    boolean hasSum = operator.equals("Conv") && node.hasInput(3);
    String y = node.output(0);
    String name = node.name();
    Node plain = node.withOperator(operator).withoutAttribute("activation");
    for (String attribute : List.of("activation_params", "activation_alpha", "activation_beta")) {
      plain = plain.withoutAttribute(attribute);
    }
    List<String> inputs = node.inputs();
    plain = plain.withInputs(inputs.subList(0, Math.min(3, inputs.size()))).withName(name);
    String before = activation.isEmpty() ? y : scope.freshName(y + "_before");
    String convolved = hasSum ? scope.freshName(y + "_convolved") : before;
    Node last = activation(node, scope, activation, parameters, before);
    if (last == null && !activation.isEmpty()) {
      scope.emit(node);
      return;
    }
    scope.emit(plain.withOutputs(List.of(convolved)));
    if (hasSum) {
      scope.emit(Node.of("Add", List.of(convolved, node.input(3)), List.of(before)));
    }
    if (last != null) {
      scope.emit(last);
    }
  }

  private static @Nullable Node activation(
      Node node, UpgradeScope scope, String activation, float[] parameters, String x) {
    String y = node.output(0);
    float alpha = parameters.length > 0 ? parameters[0] : node.real("activation_alpha", 0.01f);
    float beta = parameters.length > 1 ? parameters[1] : node.real("activation_beta", 0.5f);
    List<String> out = List.of(y);
    return switch (activation) {
      case "Relu", "Tanh", "Sigmoid", "HardSwish", "Softplus" ->
          Node.of(activation, List.of(x), out);
      case "LeakyRelu" -> Node.of(activation, List.of(x), out).withReal("alpha", alpha);
      case "HardSigmoid" ->
          Node.of(activation, List.of(x), out).withReal("alpha", alpha).withReal("beta", beta);
      case "Clip" -> {
        String low = scope.scalarLike(node.input(0), y + "_low", alpha);
        String high = scope.scalarLike(node.input(0), y + "_high", beta);
        yield Node.of(activation, List.of(x, low, high), out);
      }
      default -> null;
    };
  }
}
