package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.cli.Commands.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {
  @TempDir Path folder = Path.of(".");
  private Path backbone = Path.of(".");

  @BeforeEach
  void writeBackbone() {
    backbone = RehearsalData.writeBackbone(folder.resolve("backbone.onnx"));
  }

  @Test
  void inspect_classifier_showsHeadProofFeaturesAndBlocks() {
    Outcome outcome = Commands.run("inspect", backbone);
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out())
        .contains("Format         opset 17")
        .contains("Input          image FLOAT [N, 3, 32, 32]")
        .contains("Takes          images")
        .contains("Head           linear layer classifier.weight, 8 features to 4 classes (gemm)")
        .contains("Proof          holds: on 2 examples")
        .contains("8 wide")
        .contains("last:  block")
        .contains("Backbone       yes");
  }

  @Test
  void inspect_withLayers_listsThem() {
    assertThat(Commands.run("inspect", backbone).out()).doesNotContain("Conv conv");
    assertThat(Commands.run("inspect", backbone, "--layers").out())
        .containsPattern("Conv conv\\S*, 232 parameters");
  }

  /** Parameters: convolution 3*3*3*8, norm 2*8 that train and 2*8 statistics, linear 8*4 + 4. */
  @Test
  void inspect_asJson_givesFiguresOfTheNetwork() throws IOException {
    JsonNode json = new ObjectMapper().readTree(Commands.run("inspect", backbone, "--json").out());
    assertThat(json.path("kind").asText()).isEqualTo("image");
    assertThat(json.path("parameters").asLong()).isEqualTo(216 + 32 + 36);
    assertThat(json.path("trainable_parameters").asLong()).isEqualTo(216 + 16 + 36);
    assertThat(json.path("multiply_adds").asLong()).isEqualTo(16 * 16 * 8 * 27 + 8 * 4);
    assertThat(json.at("/head/form").asText()).isEqualTo("gemm");
    assertThat(json.at("/head/features").asInt()).isEqualTo(8);
    assertThat(json.at("/head/proof/holds").asBoolean()).isTrue();
    assertThat(json.at("/head/proof/largest_relative_error").asDouble()).isLessThan(1e-5);
    assertThat(json.at("/blocks/0/layers/0/tensors/0").asText()).isEqualTo("conv.weight");
    assertThat(json.path("cache_points")).isNotEmpty();
    assertThat(json.path("usable_as_backbone").asBoolean()).isTrue();
    assertThat(json.path("problems")).isEmpty();
  }

  @Test
  void inspect_passes_listsEachWithItsChanges() throws IOException {
    Outcome outcome = Commands.run("inspect", backbone, "--passes");
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out())
        .contains("Before training")
        .containsPattern("operator set +[0-9]+ +[0-9]+ -> [0-9]+ +older operators")
        .contains("Before each run")
        .contains("softmax(scale Q K' + mask) V becomes one Attention")
        .doesNotContain("Proof");
    JsonNode json =
        new ObjectMapper().readTree(Commands.run("inspect", backbone, "--passes", "--json").out());
    assertThat(json.at("/before_training/0/pass").asText()).isEqualTo("functions");
    assertThat(json.at("/before_training/0/places").asInt()).isZero();
    assertThat(json.at("/before_running").size()).isEqualTo(8);
    assertThat(json.at("/before_running/0/nodes_after").asInt()).isPositive();
    assertThat(json.path("problems")).isEmpty();
  }

  @Test
  void inspect_twice_saysTheSame() {
    assertThat(Commands.run("inspect", backbone, "--json"))
        .isEqualTo(Commands.run("inspect", backbone, "--json"));
  }
}
