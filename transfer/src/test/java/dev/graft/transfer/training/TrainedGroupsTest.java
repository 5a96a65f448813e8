package dev.graft.transfer.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.engine.NormStatistics;
import dev.graft.engine.Objective;
import dev.graft.engine.ParameterGroup;
import dev.graft.onnx.Block;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.WeightLayer;
import dev.graft.onnx.WeightTensor;
import dev.graft.onnx.WeightTensor.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainedGroupsTest {
  private static final List<Block> BLOCKS =
      List.of(
          block("stem", tensor("stem.w", Role.CONVOLUTION_WEIGHT), tensor("stem.b", Role.BIAS)),
          block("body", tensor("body.w", Role.LINEAR_WEIGHT), tensor("body.g", Role.NORM_SCALE)));

  @Test
  void of_pretrainedWeights_trainsSlowerTowardTheInputAndHoldsThemAtTheirStart() {
    assertThat(TrainedGroups.of(subject(WeightOrigin.PRETRAINED, BLOCKS)))
        .containsExactly(
            new ParameterGroup("stem", List.of("stem.w", "stem.b"), 0.5625, 0, 1e-3),
            new ParameterGroup("body", List.of("body.w", "body.g"), 0.75, 0, 1e-3),
            new ParameterGroup("head", HeadModel.tensorNames(1), 1, 1e-3, 0));
    assertThat(TrainedGroups.statistics(WeightOrigin.PRETRAINED)).isEqualTo(NormStatistics.FROZEN);
  }

  @Test
  void of_freshWeights_trainsAllAlikeAndOnlyKernelsDecay() {
    assertThat(TrainedGroups.of(subject(WeightOrigin.FRESH, BLOCKS)))
        .containsExactly(
            new ParameterGroup("stem", List.of("stem.w"), 1, 1e-3, 0),
            new ParameterGroup("stem, norms and biases", List.of("stem.b"), 1, 0, 0),
            new ParameterGroup("body", List.of("body.w"), 1, 1e-3, 0),
            new ParameterGroup("body, norms and biases", List.of("body.g"), 1, 0, 0),
            new ParameterGroup("head", HeadModel.tensorNames(1), 1, 1e-3, 0));
    assertThat(TrainedGroups.statistics(WeightOrigin.FRESH)).isEqualTo(NormStatistics.BATCH);
  }

  @Test
  void of_aWeightOfTwoBlocks_trainsItOnce() {
    WeightTensor shared = tensor("shared.w", Role.LINEAR_WEIGHT);
    List<Block> blocks = List.of(block("first", shared), block("second", shared));

    assertThat(TrainedGroups.of(subject(WeightOrigin.FRESH, blocks)))
        .extracting(ParameterGroup::name)
        .containsExactly("first", "head");
  }

  private static FineTuning.Subject subject(WeightOrigin origin, List<Block> blocks) {
    OnnxModel head = HeadModel.of(List.of(new DenseLayer(2, 2, new float[4], new float[2])), 18);
    return new FineTuning.Subject(
        head, blocks, 1, TrainedParameters.ALL, origin, 0, 2, Objective.CLASSIFICATION);
  }

  private static Block block(String name, WeightTensor... tensors) {
    return new Block(
        name, List.of(new WeightLayer(name, "Conv", List.of(), List.of(tensors))), "x");
  }

  private static WeightTensor tensor(String name, Role role) {
    return new WeightTensor(name, role, 1, 1, 1);
  }
}
