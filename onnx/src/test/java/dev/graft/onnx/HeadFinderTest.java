package dev.graft.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.onnx.LinearHead.Form;
import dev.graft.onnx.Reference.Feed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HeadFinderTest {
  private static final Feed PIXELS = Feed.random(11, 2, 3, 8, 8);

  private static Head find(OnnxModel model) {
    return HeadFinder.find(model, Optional.empty(), OptionalInt.empty());
  }

  private static LinearHead linear(OnnxModel model) {
    Head head = find(model);
    assertThat(head).isInstanceOf(LinearHead.class);
    return (LinearHead) head;
  }

  private static NoHead none(OnnxModel model) {
    Head head = find(model);
    assertThat(head).isInstanceOf(NoHead.class);
    return (NoHead) head;
  }

  /** Runs the model with the features exposed and tests the claim on the numbers. */
  private static HeadProof prove(OnnxModel model, LinearHead head, Map<String, Feed> feeds) {
    OnnxModel current = model.upgradeTo(18);
    OnnxModel logits =
        current
            .edit()
            .setOutputs(List.of(ValueInfo.ofUnknownShape(head.logitsTensor(), ElementType.FLOAT)))
            .pruneUnreachable()
            .build();
    return HeadProof.of(
        head,
        head.weights(model),
        Reference.run(Trunk.withFeatures(current, head), feeds).get(0),
        Reference.run(logits, feeds).get(0));
  }

  private static void assertProved(OnnxModel model, LinearHead head) {
    HeadProof proof = prove(model, head, Map.of("x", PIXELS));
    assertThat(proof.holds()).as(proof.toString()).isTrue();
    assertThat(proof.largestRelativeError()).isLessThan(1e-5);
    assertThat(proof.examples()).isEqualTo(2);
  }

  private static OnnxModel build(GraphBuilder builder, String output) {
    return builder.output(ValueInfo.ofUnknownShape(output, ElementType.FLOAT)).build(18);
  }

  @Test
  void find_gemm_isLinearHead() {
    OnnxModel model = build(Graphs.withGemmHead(), "logits");
    LinearHead head = linear(model);
    assertThat(head.form()).isEqualTo(Form.GEMM);
    assertThat(head.featureTensor()).isEqualTo("flat");
    assertThat(head.weightName()).isEqualTo("fc.weight");
    assertThat(head.biasName()).contains("fc.bias");
    assertThat(head.features()).isEqualTo(4);
    assertThat(head.classes()).isEqualTo(5);
    assertThat(head.nodes()).extracting(Node::operator).containsExactly("Gemm");
    assertProved(model, head);
  }

  @Test
  void find_gemmWithFactorsAndUntransposedWeight_isProved() {
    OnnxModel model =
        build(
            Graphs.convolutionalTrunk()
                .node("Flatten", List.of("pooled"), "flat")
                .initializer(Graphs.weight("w", 3, 4, 5))
                .initializer(Graphs.weight("b", 4, 5))
                .node(
                    Node.of("Gemm", List.of("flat", "w", "b"), List.of("logits"))
                        .withReal("alpha", 0.5f)
                        .withReal("beta", 2)),
            "logits");
    assertProved(model, linear(model));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Softmax", "LogSoftmax", "Sigmoid"})
  void find_normaliserAfterHead_isStripped(String normaliser) {
    OnnxModel model =
        build(
            Graphs.withGemmHead().node(normaliser, List.of("logits"), "probabilities"),
            "probabilities");
    LinearHead head = linear(model);
    assertThat(head.logitsTensor()).isEqualTo("logits");
    assertThat(head.outputTensor()).isEqualTo("probabilities");
    assertProved(model, head);
  }

  @Test
  void find_argMaxOutput_isStripped() {
    OnnxModel model =
        Graphs.withGemmHead()
            .node(Node.of("ArgMax", List.of("logits"), List.of("label")).withInteger("axis", 1))
            .output("label", ElementType.INT64)
            .build(18);
    assertThat(linear(model).logitsTensor()).isEqualTo("logits");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void find_decomposedSoftmax_isStripped(boolean minusMaximum) {
    GraphBuilder builder =
        Graphs.withGemmHead().initializer(OnnxTensor.ofLongs("axis", new long[] {1}, 1));
    if (minusMaximum) {
      builder
          .node("ReduceMax", List.of("logits", "axis"), "max")
          .node("Sub", List.of("logits", "max"), "shifted")
          .node("Exp", List.of("shifted"), "exp");
    } else {
      builder.node("Exp", List.of("logits"), "exp");
    }
    builder
        .node("ReduceSum", List.of("exp", "axis"), "sum")
        .node("Div", List.of("exp", "sum"), "p");
    assertThat(linear(build(builder, "p")).logitsTensor()).isEqualTo("logits");
  }

  @Test
  void find_matMulAndAddAndTemperature_isProvedWithTheFactor() {
    OnnxModel model =
        build(
            Graphs.convolutionalTrunk()
                .node("Flatten", List.of("pooled"), "flat")
                .initializer(Graphs.weight("w", 3, 4, 5))
                .initializer(Graphs.weight("b", 4, 5))
                .initializer(OnnxTensor.ofFloats("t", new float[] {1.7f}))
                .node("MatMul", List.of("flat", "w"), "product")
                .node("Add", List.of("b", "product"), "sum")
                .node("Div", List.of("sum", "t"), "cooled")
                .node("Softmax", List.of("cooled"), "p"),
            "p");
    LinearHead head = linear(model);
    assertThat(head.form()).isEqualTo(Form.MATMUL);
    assertThat(head.biasName()).contains("b");
    assertThat(head.logitsTensor()).isEqualTo("cooled");
    assertProved(model, head);
  }

  @Test
  void find_matMulWithTransposedStoredWeight_namesTheStoredTensor() {
    OnnxModel model =
        build(
            Graphs.convolutionalTrunk()
                .node("Flatten", List.of("pooled"), "flat")
                .initializer(Graphs.weight("head.weight", 3, 5, 4))
                .node("Transpose", List.of("head.weight"), "turned")
                .node("MatMul", List.of("flat", "turned"), "logits"),
            "logits");
    LinearHead head = linear(model);
    assertThat(head.weightName()).isEqualTo("head.weight");
    assertThat(head.biasName()).isEmpty();
    assertThat(head.features()).isEqualTo(4);
    assertProved(model, head);
  }

  @Test
  void find_pointwiseConvolutionAfterPooling_isLinearHead() {
    OnnxModel model =
        build(
            Graphs.convolutionalTrunk()
                .initializer(Graphs.weight("w", 3, 5, 4, 1, 1))
                .initializer(Graphs.weight("b", 4, 5))
                .node("Conv", List.of("pooled", "w", "b"), "map")
                .node("Flatten", List.of("map"), "logits"),
            "logits");
    LinearHead head = linear(model);
    assertThat(head.form()).isEqualTo(Form.CONV_1X1);
    assertThat(head.featureTensor()).isEqualTo("pooled");
    assertProved(model, head);
  }

  private static GraphBuilder convolutionBeforePool(boolean rectified) {
    GraphBuilder builder =
        Graphs.withInput(-1, 3, 8, 8)
            .initializer(Graphs.weight("stem", 1, 4, 3, 3, 3))
            .node("Conv", List.of("x", "stem"), "c")
            .node("Relu", List.of("c"), "activated")
            .initializer(Graphs.weight("w", 3, 5, 4, 1, 1))
            .initializer(Graphs.weight("b", 4, 5))
            .node("Conv", List.of("activated", "w", "b"), "map");
    if (rectified) {
      builder.node("Relu", List.of("map"), "positive");
    }
    return builder
        .node("GlobalAveragePool", List.of(rectified ? "positive" : "map"), "pooled")
        .node("Flatten", List.of("pooled"), "logits");
  }

  @Test
  void find_convolutionBeforePool_takesThePooledInput() {
    OnnxModel model = build(convolutionBeforePool(false), "logits");
    LinearHead head = linear(model);
    assertThat(head.form()).isEqualTo(Form.CONV_BEFORE_POOL);
    assertThat(head.featureTensor()).isEqualTo("activated");
    assertThat(head.pooling()).isEqualTo(Pooling.MEAN);
    assertProved(model, head);
  }

  @Test
  void find_rectifiedConvolutionBeforePoolAndSoftmax_isNotProvable() {
    OnnxModel model =
        build(convolutionBeforePool(true).node("Softmax", List.of("logits"), "p"), "p");
    LinearHead head = linear(model);
    assertThat(head.form()).isEqualTo(Form.RECTIFIED_CONV_BEFORE_POOL);
    assertThat(head.isProvable()).isFalse();
    assertThat(head.featureTensor()).isEqualTo("activated");
  }

  @Test
  void find_rectifiedConvolutionBeforePoolWithoutEvidence_isNoHead() {
    OnnxModel model = build(convolutionBeforePool(true), "logits");
    assertThat(none(model).featureTensor()).isEqualTo("logits");
    // The number of labels is evidence enough.
    assertThat(HeadFinder.find(model, Optional.empty(), OptionalInt.of(5)))
        .isInstanceOf(LinearHead.class);
  }

  @Test
  void find_hiddenStates_areMeanPooled() {
    OnnxModel model =
        build(
            Graphs.withInput(-1, 6, 4)
                .initializer(Graphs.weight("w", 3, 4, 4))
                .node("MatMul", List.of("x", "w"), "hidden"),
            "hidden");
    NoHead head = none(model);
    assertThat(head.pooling()).isEqualTo(Pooling.MEAN);
    assertThat(head.reason()).contains("rank 3");
  }

  private static GraphBuilder pooler() {
    return Graphs.withInput(-1, 6, 4)
        .initializer(Graphs.weight("w", 3, 4, 4))
        .initializer(Graphs.weight("b", 4, 4))
        .initializer(OnnxTensor.ofLongs("first", new long[] {0}))
        .node("Relu", List.of("x"), "hidden")
        .node(Node.of("Gather", List.of("hidden", "first"), List.of("cls")).withInteger("axis", 1))
        .node(Node.of("Gemm", List.of("cls", "w", "b"), List.of("dense")).withInteger("transB", 1))
        .node("Tanh", List.of("dense"), "pooled");
  }

  @Test
  void find_bertPooler_isNoClassifier() {
    NoHead head = none(build(pooler(), "pooled"));
    assertThat(head.featureTensor()).isEqualTo("cls");
    assertThat(head.pooling()).isEqualTo(Pooling.NONE);
    assertThat(head.reason()).contains("pooler");
  }

  @Test
  void find_bertPoolerBesideHiddenStates_takesTheHiddenStates() {
    OnnxModel model =
        pooler()
            .output("hidden", ElementType.FLOAT, Graphs.dims(-1, 6, 4))
            .output("pooled", ElementType.FLOAT, Graphs.dims(-1, 4))
            .build(18);
    NoHead head = none(model);
    assertThat(head.featureTensor()).isEqualTo("hidden");
    assertThat(head.pooling()).isEqualTo(Pooling.MEAN);
  }

  @Test
  void find_classifierAfterPooler_isLinearHead() {
    OnnxModel model =
        build(
            pooler()
                .initializer(Graphs.weight("cw", 5, 4, 3))
                .node("MatMul", List.of("pooled", "cw"), "logits"),
            "logits");
    assertThat(linear(model).featureTensor()).isEqualTo("pooled");
  }

  @Test
  void find_noHead_takesTheOutputAndSaysWhy() {
    OnnxModel model =
        build(
            Graphs.convolutionalTrunk().node("Flatten", List.of("pooled"), "features"), "features");
    NoHead head = none(model);
    assertThat(head.featureTensor()).isEqualTo("features");
    assertThat(head.pooling()).isEqualTo(Pooling.NONE);
    assertThat(head.reason()).contains("no linear layer");
  }

  private static OnnxModel mergedBranches() {
    return build(
        Graphs.convolutionalTrunk()
            .node("Flatten", List.of("pooled"), "flat")
            .initializer(Graphs.weight("w1", 3, 4, 5))
            .initializer(Graphs.weight("w2", 4, 4, 5))
            .node("MatMul", List.of("flat", "w1"), "one")
            .node("Tanh", List.of("flat"), "bent")
            .node("MatMul", List.of("bent", "w2"), "two")
            .node("Add", List.of("one", "two"), "sum")
            .node("Softmax", List.of("sum"), "p"),
        "p");
  }

  @Test
  void find_mergedBranches_takesTheNearestCommonDominator() {
    NoHead head = none(mergedBranches());
    assertThat(head.featureTensor()).isEqualTo("flat");
    assertThat(head.reason()).contains("branches merge");
  }

  @Test
  void find_override_isTaken() {
    OnnxModel model = build(Graphs.withGemmHead(), "logits");
    Head head = HeadFinder.find(model, Optional.of("activated"), OptionalInt.empty());
    assertThat(head.featureTensor()).isEqualTo("activated");
    assertThat(head.pooling()).isEqualTo(Pooling.MEAN);
    assertThat(HeadFinder.find(model, Optional.of("flat"), OptionalInt.empty()))
        .isInstanceOf(LinearHead.class);
  }

  @ParameterizedTest
  @CsvSource({"one, does not carry everything", "nowhere, does not exist"})
  void find_illegalOverride_listsCandidates(String tensor, String reason) {
    OnnxModel model = mergedBranches();
    assertThatThrownBy(() -> HeadFinder.find(model, Optional.of(tensor), OptionalInt.empty()))
        .isInstanceOf(HeadNotFoundException.class)
        .hasMessageContaining(reason)
        .hasMessageContaining("--feature-tensor NAME")
        .hasMessageContaining("p, sum, flat, pooled, activated, stem");
  }

  @Test
  void find_widthUnlikeLabels_namesBothAndLists() {
    OnnxModel model = build(Graphs.withGemmHead(), "logits");
    assertThatThrownBy(() -> HeadFinder.find(model, Optional.empty(), OptionalInt.of(7)))
        .isInstanceOf(HeadNotFoundException.class)
        .hasMessageContaining("\"fc.weight\") has 5 outputs; expected 7")
        .satisfies(e -> assertThat(((HeadNotFoundException) e).candidates()).contains("flat"));
  }

  @Test
  void find_noNumericOutput_isRefused() {
    OnnxModel model =
        Graphs.withInput(-1, 3)
            .node("Shape", List.of("x"), "s")
            .output("s", ElementType.INT64)
            .build(18);
    assertThatThrownBy(() -> find(model))
        .isInstanceOf(HeadNotFoundException.class)
        .hasMessageContaining("no output of the model holds numbers");
  }

  @Test
  void proof_wrongWeights_fails() {
    OnnxModel model = build(Graphs.withGemmHead(), "logits");
    LinearHead head = linear(model);
    OnnxModel other = model.edit().setInitializer(Graphs.weight("fc.weight", 99, 5, 4)).build();
    HeadProof proof =
        HeadProof.of(
            head,
            head.weights(other),
            Reference.run(Trunk.withFeatures(model, head), Map.of("x", PIXELS)).get(0),
            Reference.run(model, Map.of("x", PIXELS)).get(0));
    assertThat(proof.holds()).isFalse();
  }

  @Test
  void proof_notANumber_fails() {
    OnnxModel model = build(Graphs.withGemmHead(), "logits");
    LinearHead head = linear(model);
    float[] logits = {0, Float.NaN, 0, 0, 0};
    assertThat(HeadProof.of(head, head.weights(model), new float[4], logits).holds()).isFalse();
  }

  @Test
  void proof_lengthsUnlikeHead_namesThem() {
    OnnxModel model = build(Graphs.withGemmHead(), "logits");
    LinearHead head = linear(model);
    HeadWeights weights = head.weights(model);
    assertThatThrownBy(() -> HeadProof.of(head, weights, new float[3], new float[5]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4 features and 5 classes got 3 feature values and 5 logits");
  }

  @Test
  @Tag("reference-data")
  void find_mobilenet_isProvedOnItsNumbers() {
    OnnxModel model = SharedModels.read(SharedModels.MOBILENET);
    LinearHead head = linear(model);
    assertThat(head.featureTensor()).isEqualTo("472");
    assertThat(head.weightName()).isEqualTo("classifier.1.weight_quantized_f32");
    assertThat(head.biasName()).contains("classifier.1.bias");
    assertThat(head.features()).isEqualTo(1280);
    assertThat(head.classes()).isEqualTo(1000);
    HeadProof proof = prove(model, head, Map.of("input", Feed.random(1, 2, 3, 224, 224)));
    assertThat(proof.holds()).as(proof.toString()).isTrue();
  }

  @Test
  @Tag("reference-data")
  void find_realModelsWithoutHead_takesTheirFeatures() {
    Map<String, List<Object>> expected =
        Map.of(
            SharedModels.HEADLESS, List.of("feat", Pooling.NONE),
            SharedModels.SPEECH, List.of("conv2d_19", Pooling.NONE),
            SharedModels.WORD2VEC, List.of("sentence_embedding", Pooling.NONE),
            SharedModels.TINYBERT, List.of("output_0", Pooling.MEAN));
    expected.forEach(
        (name, facts) -> {
          Head head = find(SharedModels.read(name));
          assertThat(List.<Object>of(head.featureTensor(), head.pooling()))
              .as(name)
              .isEqualTo(new ArrayList<>(facts));
        });
  }
}
