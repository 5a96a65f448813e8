package dev.graft.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.data.Dataset;
import dev.graft.onnx.Block;
import dev.graft.onnx.Layers;
import dev.graft.onnx.OnnxTensor;
import dev.graft.onnx.WeightTensor;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each strategy may change: the rest of the backbone stays as it was, bit by bit. */
final class FreezingTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @Test
  void headOnly_allOfTheTrunk_isUnchanged() {
    assertThat(changedBy("head")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"last:1", "head-then-last:1"})
  void lastBlock_onlyItsWeights_areChanged(String strategy) {
    Backbone backbone = ToyTask.backbone(folder);
    Block last = backbone.blocks().get(backbone.blocks().size() - 1);
    Set<String> ofLast = new TreeSet<>();
    last.layers()
        .forEach(layer -> layer.tensors().stream().map(WeightTensor::name).forEach(ofLast::add));

    assertThat(ofLast).contains("features.3.conv.weight").doesNotContain("features.2.conv.weight");
    assertThat(changedBy(strategy)).isEqualTo(ofLast);
  }

  @ParameterizedTest
  @ValueSource(strings = {"all", "head-then-all", "last:3"})
  void allLayers_everyWeightAndNoStatistic_isChanged(String strategy) {
    Set<String> trainable =
        new TreeSet<>(Layers.trainableTensors(ToyTask.backbone(folder).trunk()));

    assertThat(trainable).hasSize(9);
    assertThat(changedBy(strategy)).isEqualTo(trainable);
  }

  /** Names of the trunk's initialisers whose bits differ in the trained model. */
  private Set<String> changedBy(String strategy) {
    Backbone backbone = ToyTask.backbone(folder);
    Dataset data = ToyTask.dataset(folder, 12, 0);
    Map<String, OnnxTensor> trained =
        ToyTask.learning(backbone)
            .strategy(Strategy.parse(strategy))
            .epochs(15)
            .fit(data)
            .model()
            .graph()
            .initializers();
    Set<String> changed = new TreeSet<>();
    backbone
        .trunk()
        .graph()
        .initializers()
        .forEach(
            (name, before) -> {
              OnnxTensor after = trained.get(name);
              assertThat(after).as(name).isNotNull();
              if (after == null || !after.data().equals(before.data())) {
                changed.add(name);
              }
            });
    return changed;
  }
}
