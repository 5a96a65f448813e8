package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.cli.Commands.Outcome;
import dev.graft.zoo.hub.server.HubServer;
import dev.graft.zoo.hub.server.HubServerListener;
import dev.graft.zoo.hub.server.HubServerOptions;
import dev.graft.zoo.hub.server.ServerToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Shares models over a real server, and takes them from there. */
class PushCommandTest {
  private static final String TOKEN = "the-token-of-this-test-0123456789";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path trained = Path.of(".");

  @TempDir Path folder = Path.of(".");
  private Path root = Path.of(".");
  private HubServer server;

  @BeforeAll
  static void train() throws IOException {
    Files.writeString(trained.resolve("README.md"), "---\nlicense: mit\n---\n");
    Outcome outcome = Commands.train(trained, "--strategy", "head");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
  }

  @BeforeEach
  void serve() throws IOException {
    root = Files.createDirectories(folder.resolve("root"));
    server =
        HubServer.start(
            HubServerOptions.of(root).withToken(new ServerToken(TOKEN)), HubServerListener.NOTHING);
  }

  @AfterEach
  void end() {
    server.close();
  }

  private static Path model() {
    return trained.resolve("model");
  }

  private Outcome run(Object... arguments) {
    return runWithToken(TOKEN, arguments);
  }

  private Outcome runWithToken(String token, Object... arguments) {
    Map<String, String> environment = new HashMap<>();
    environment.put("HF_ENDPOINT", server.address().toString());
    environment.put("HF_HUB_CACHE", folder.resolve("cache").toString());
    environment.put("HF_HOME", folder.resolve("home").toString());
    if (!token.isEmpty()) {
      environment.put("HF_TOKEN", token);
    }
    return Commands.runIn(environment, arguments);
  }

  /** The pulled model's folder. */
  private Path pulled(String id) throws IOException {
    Outcome outcome = run("pull", id);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    Path snapshots = folder.resolve("cache/models--" + id.replace("/", "--")).resolve("snapshots");
    try (Stream<Path> found = Files.list(snapshots)) {
      return found.findFirst().orElseThrow();
    }
  }

  private void push(Object... further) {
    Object[] all = new Object[further.length + 4];
    System.arraycopy(new Object[] {"push", model(), "team/shapes", "--yes"}, 0, all, 0, 4);
    System.arraycopy(further, 0, all, 4, further.length);
    Outcome outcome = run(all);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
  }

  // --- to a hub ----------------------------------------------------------------------------------

  @Test
  void push_newModel_isOnlyShown() throws IOException {
    Outcome outcome = run("push", model(), "team/shapes");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains(
            "which is not there yet",
            "Licence     mit",
            "  model.onnx  ",
            "Stays here",
            "  report.html: shows and names examples of the data",
            "  examples/: examples of the data; synthetic ones lie there instead",
            "license: mit",
            "Nothing was sent. To make it, say so: the same command with --yes");
    try (Stream<Path> entries = Files.list(root)) {
      assertThat(entries).isEmpty();
    }
  }

  @Test
  void pushAndPull_bundle_areTheSameFilesAndPredictions() throws IOException {
    Path key = folder.resolve("key.pem");
    assertThat(run("sign", "--new-key", key).exitCode()).isZero();
    push("--sign", key, "--message", "First");
    Path pulled = pulled("team/shapes");
    assertThat(pulled.resolve("model.onnx")).hasSameBinaryContentAs(model().resolve("model.onnx"));
    Outcome verified = run("verify", pulled, "--key", folder.resolve("key.pem.pub"));
    assertThat(verified.exitCode()).as(verified.out()).isZero();
    assertThat(verified.out()).contains("Signed with the key ");
    Path images = trained.resolve("data/test");
    JsonNode before = firstPrediction(model(), images);
    JsonNode after = firstPrediction(pulled, images);
    assertThat(after.get("top")).isEqualTo(before.get("top"));
    assertThat(after.path("label").asText()).isNotEmpty();
  }

  private JsonNode firstPrediction(Path bundle, Path images) throws IOException {
    Outcome outcome = run("predict", bundle, "--json", images);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.outLines()).hasSize(8);
    return JSON.readTree(outcome.outLines().get(0));
  }

  @Test
  void push_card_isYamlWithTheExpectedFields() throws IOException {
    push();
    String card = Files.readString(pulled("team/shapes").resolve("README.md"));
    String yaml = card.substring(4, card.indexOf("\n---\n", 4) + 1);
    Map<String, Object> front = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
    assertThat(front)
        .containsEntry("license", "mit")
        .containsEntry("library_name", "graft")
        .containsEntry("pipeline_tag", "image-classification")
        .containsKeys("tags", "metrics", "model-index");
    assertThat(card).contains("## About this copy").doesNotContain(trained.toString());
  }

  @Test
  void push_again_sendsOnlyWhatIsNew() throws IOException {
    push();
    Outcome again = run("push", model(), "team/shapes", "--json");
    JsonNode json = JSON.readTree(again.out());
    assertThat(json.path("existed").asBoolean()).isTrue();
    assertThat(json.path("sent_bytes").asLong()).isZero();
    assertThat(json.path("present_bytes").asLong()).isPositive();
    Outcome dry = run("push", model(), "team/shapes", "--dry-run", "--json");
    assertThat(JSON.readTree(dry.out()).path("sent").asBoolean()).isFalse();
  }

  @Test
  void push_privateModel_isReadWithTheTokenAlone() throws IOException {
    push("--private");
    Outcome stranger = runWithToken("", "pull", "team/shapes");
    assertThat(stranger.exitCode()).isEqualTo(ExitCode.MODEL);
    assertThat(stranger.err()).contains("it is not public").contains("set HF_TOKEN");
    assertThat(pulled("team/shapes").resolve("model.onnx")).exists();
  }

  @Test
  void push_asProposal_leavesTheModelAlone() throws IOException {
    push();
    Outcome proposal =
        run("push", model(), "team/shapes", "--create-pr", "--with-examples", "--json");
    JsonNode json = JSON.readTree(proposal.out());
    assertThat(json.path("pull_request").asText()).endsWith("/team/shapes/discussions/1");
    assertThat(json.path("left_out")).isEmpty();
    assertThat(pulled("team/shapes").resolve("report.html")).doesNotExist();
    assertThat(run("pull", "team/shapes@refs/pr/1").exitCode()).isZero();
  }

  @Test
  void push_backbone_isTrainedOnFromTheHub() throws IOException {
    Path backbone = folder.resolve("my-backbone");
    Outcome pretraining =
        run(
            "pretrain",
            trained.resolve("data"),
            "--out",
            backbone,
            "--widths",
            "8,8,8,8",
            "--size",
            "32",
            "--epochs",
            "1",
            "--batch-size",
            "4",
            "--name",
            "team/eyes");
    assertThat(pretraining.exitCode()).as(pretraining.err()).isZero();
    Outcome pushed = run("push", backbone, "team/eyes", "--yes", "--json");
    assertThat(pushed.exitCode()).as(pushed.err()).isZero();
    assertThat(JSON.readTree(pushed.out()).at("/files").has("log/metrics.jsonl")).isTrue();
    assertThat(pushed.out()).doesNotContain("examples/000");
    Outcome training =
        run(
            "train",
            trained.resolve("data"),
            "--backbone",
            "hf:team/eyes",
            "--out",
            folder.resolve("model"),
            "--no-cache",
            "--strategy",
            "head");
    assertThat(training.exitCode()).as(training.err()).isZero();
    assertThat(run("verify", pulled("team/eyes")).exitCode()).isZero();
  }

  // --- what is refused ---------------------------------------------------------------------------

  @Test
  void push_withoutToken_saysWhatIsMissing() {
    Outcome outcome = runWithToken("", "push", model(), "team/shapes", "--yes");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.MODEL);
    assertThat(outcome.err())
        .contains("the hub does not let you write to team/shapes", "Set HF_TOKEN")
        .doesNotContain(TOKEN);
  }

  @Test
  void push_licenceThatIsNotStated_needsAReason() throws IOException {
    Path unlicensed = Files.createDirectories(folder.resolve("unlicensed"));
    assertThat(Commands.train(unlicensed, "--strategy", "head").exitCode()).isZero();
    Path model = unlicensed.resolve("model");
    Outcome refused = run("push", model, "team/shapes", "--yes");
    assertThat(refused.exitCode()).isEqualTo(ExitCode.MODEL);
    assertThat(refused.err())
        .contains("the backbone states no licence", "--licence-reason \"...\"");
    Outcome reasoned =
        run("push", model, "team/shapes", "--yes", "--licence-reason", "It is our own.");
    assertThat(reasoned.exitCode()).as(reasoned.err()).isZero();
    assertThat(pulled("team/shapes").resolve("README.md"))
        .content()
        .contains("The reason that was given: It is our own.");
  }

  @Test
  void push_whatIsNoModel_isRefused() {
    for (Path path : List.of(trained.resolve("data"), folder.resolve("nowhere"))) {
      Outcome outcome = run("push", path, "team/shapes", "--yes");
      assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(ExitCode.MODEL);
    }
    Outcome id = run("push", model(), "no id at all", "--yes");
    assertThat(id.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(id.err()).contains("org/name is expected");
  }
}
