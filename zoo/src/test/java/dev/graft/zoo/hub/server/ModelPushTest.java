package dev.graft.zoo.hub.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.zoo.hub.HubException;
import dev.graft.zoo.hub.HubSettings;
import dev.graft.zoo.hub.HubToken;
import dev.graft.zoo.hub.ModelPush;
import dev.graft.zoo.hub.ModelReference;
import dev.graft.zoo.hub.PushListener;
import dev.graft.zoo.hub.PushRequest;
import dev.graft.zoo.hub.PushedModel;
import dev.graft.zoo.hub.RemoteModel;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client that pushes and the server that takes it, over loopback. */
class ModelPushTest {
  private static final ModelReference MODEL = ModelReference.parse("org/name");
  private static final int LARGE = 20_500;

  @TempDir Path root = Path.of(".");
  @TempDir Path folder = Path.of(".");
  private TestServer hub;
  private byte[] large = new byte[0];

  @BeforeEach
  void serve() throws IOException {
    hub = TestServer.writable(root);
    large = new byte[LARGE];
    new Random(7).nextBytes(large);
    Files.write(folder.resolve("model.onnx"), large);
    Files.writeString(folder.resolve("config.json"), "{}");
    Files.createDirectories(folder.resolve("examples"));
    Files.write(folder.resolve("examples/000.png"), new byte[] {1, 0, 2});
    Files.createFile(folder.resolve("empty.txt"));
  }

  @AfterEach
  void end() {
    hub.close();
  }

  /** Ends a push once so many bytes went, as an interruption does. */
  private static final class Listener implements PushListener {
    private final long most;
    private boolean ended;
    private long sent;
    private long whole;

    Listener(long most) {
      this.most = most;
    }

    @Override
    public void progress(long sentBytes, long wholeBytes) {
      sent = sentBytes;
      whole = wholeBytes;
      ended |= sentBytes > most;
      end();
    }

    @Override
    public void waits(String reason, Duration wait) {
      end();
    }

    private void end() {
      if (ended) {
        throw new IllegalStateException("interrupted");
      }
    }
  }

  private HubSettings settings(String endpoint, Optional<String> token) {
    return new HubSettings(
        URI.create(endpoint), token.map(HubToken::new), folder.resolve("cache"), false);
  }

  private ModelPush push(Listener listener) {
    return new ModelPush(
        settings(hub.server.address().toString(), Optional.of(TestServer.TOKEN)), listener);
  }

  private PushRequest request(ModelReference model, boolean pullRequest) {
    return new PushRequest(
        model, folder, "A commit", pullRequest, path -> path.startsWith("examples/"));
  }

  private long requests(String beginning) {
    return hub.answered.stream().filter(each -> each.startsWith(beginning)).count();
  }

  private byte[] read(String revision, String path) throws Exception {
    HttpResponse<byte[]> answer = hub.get("/org/name/resolve/" + revision + "/" + path);
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  @Test
  void push_folder_isServedByteByByte() throws Exception {
    Listener listener = new Listener(Long.MAX_VALUE);
    ModelPush push = push(listener);
    assertThat(push.look(MODEL)).isEqualTo(new RemoteModel(false, Optional.empty()));
    push.create(MODEL.id(), false);
    assertThat(push.look(MODEL).exists()).isTrue();
    PushedModel pushed = push.push(request(MODEL, false));
    assertThat(read(pushed.commit(), "model.onnx")).isEqualTo(large);
    assertThat(read("main", "examples/000.png")).containsExactly(1, 0, 2);
    assertThat(read("main", "empty.txt")).isEmpty();
    assertThat(pushed.sentBytes()).isEqualTo(LARGE + 3);
    assertThat(listener.sent).isEqualTo(listener.whole).isEqualTo(LARGE + 3);
    assertThat(requests("PUT ")).isEqualTo(21 + 1);
  }

  @Test
  void push_again_sendsNothingAndMakesNoCommit() {
    ModelPush push = push(new Listener(Long.MAX_VALUE));
    push.create(MODEL.id(), false);
    PushedModel first = push.push(request(MODEL, false));
    long before = requests("PUT ");
    PushedModel second = push(new Listener(Long.MAX_VALUE)).push(request(MODEL, false));
    assertThat(requests("PUT ")).isEqualTo(before);
    assertThat(second.sentBytes()).isZero();
    assertThat(second.presentBytes()).isEqualTo(LARGE + 3);
    assertThat(second.commit()).isEqualTo(first.commit());
  }

  @Test
  void push_brokenOff_sendsTheOtherObjectsAlone() throws Exception {
    byte[] other = new byte[600];
    new Random(8).nextBytes(other);
    Files.write(folder.resolve("stream.onnx"), other);
    ModelPush push = push(new Listener(Long.MAX_VALUE));
    push.create(MODEL.id(), false);
    // One object of three is through when the second begins.
    assertThatThrownBy(() -> push(new Listener(LARGE)).push(request(MODEL, false)))
        .isInstanceOf(RuntimeException.class);
    assertThat(requests("POST /api/models/org/name/commit")).isZero();
    PushedModel pushed = push.push(request(MODEL, false));
    assertThat(pushed.sentBytes()).isLessThan(LARGE + 603);
    assertThat(pushed.sentBytes() + pushed.presentBytes()).isEqualTo(LARGE + 603);
    assertThat(read("main", "model.onnx")).isEqualTo(large);
    assertThat(read("main", "stream.onnx")).isEqualTo(other);
  }

  @Test
  void push_connectionsThatAreCut_areMadeAgain() throws Exception {
    hub.close();
    // Objects of this size go whole.
    ServerLimits whole =
        new ServerLimits(1 << 20, 100, 1 << 20, 20_000, Duration.ofSeconds(5), 100);
    hub = TestServer.writable(root, whole);
    try (CuttingRelay relay = new CuttingRelay(hub.server.address(), 2)) {
      Listener listener = new Listener(Long.MAX_VALUE);
      ModelPush push =
          new ModelPush(settings(relay.address(), Optional.of(TestServer.TOKEN)), listener);
      push.create(MODEL.id(), false);
      PushedModel pushed = push.push(request(MODEL, false));
      assertThat(relay.cutsLeft()).isNotPositive();
      assertThat(pushed.sentBytes()).isEqualTo(LARGE + 3);
      assertThat(read("main", "model.onnx")).isEqualTo(large);
    }
  }

  @Test
  void push_filesThatAreNoneOfTheModelsAnyMore_areDeletedWhereTheyAreItsOwn() throws Exception {
    Files.writeString(folder.resolve("LICENSE"), "by hand");
    ModelPush push = push(new Listener(Long.MAX_VALUE));
    push.create(MODEL.id(), false);
    push.push(request(MODEL, false));
    Files.delete(folder.resolve("LICENSE"));
    Files.delete(folder.resolve("examples/000.png"));
    PushedModel pushed = push(new Listener(Long.MAX_VALUE)).push(request(MODEL, false));
    assertThat(pushed.deleted()).containsExactly("examples/000.png");
    assertThat(read("main", "LICENSE")).isNotEmpty();
    assertThat(hub.get("/org/name/resolve/main/examples/000.png").statusCode()).isEqualTo(404);
  }

  @Test
  void push_asPullRequest_isARevisionOfItsOwn() throws Exception {
    ModelPush push = push(new Listener(Long.MAX_VALUE));
    push.create(MODEL.id(), false);
    push.push(request(MODEL, false));
    Files.writeString(folder.resolve("config.json"), "{\"new\": 1}");
    PushedModel proposed = push(new Listener(Long.MAX_VALUE)).push(request(MODEL, true));
    assertThat(proposed.pullRequest().orElse("")).endsWith("/org/name/discussions/1");
    assertThat(new String(read("main", "config.json"), java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo("{}");
    assertThat(read("refs%2Fpr%2F1", "config.json")).hasSize(10);
  }

  @Test
  void push_toABranchThatIsMissing_makesIt() throws Exception {
    ModelReference branch = ModelReference.parse("org/name@v2");
    ModelPush push = push(new Listener(Long.MAX_VALUE));
    push.create(MODEL.id(), false);
    push.push(request(branch, false));
    assertThat(read("v2", "model.onnx")).isEqualTo(large);
    assertThat(hub.get("/org/name/resolve/main/model.onnx").statusCode()).isEqualTo(404);
  }

  @Test
  void push_withoutOrWithAnotherToken_isRefusedInWords() {
    push(new Listener(Long.MAX_VALUE)).create(MODEL.id(), false);
    for (Optional<String> token :
        java.util.List.of(Optional.<String>empty(), Optional.of("not-the-token-of-this-server"))) {
      ModelPush stranger =
          new ModelPush(
              settings(hub.server.address().toString(), token), new Listener(Long.MAX_VALUE));
      assertThatThrownBy(() -> stranger.push(request(MODEL, false)))
          .isInstanceOfSatisfying(
              HubException.class,
              refused -> assertThat(refused.reason()).isEqualTo(HubException.Cause.GATED))
          .hasMessageContaining("does not let you write to org/name")
          .hasMessageContaining("Set HF_TOKEN")
          .hasMessageNotContaining("not-the-token");
    }
    assertThat(requests("PUT ")).isZero();
  }

  @Test
  void push_toAServerWithoutToken_isRefusedInWords() throws Exception {
    push(new Listener(Long.MAX_VALUE)).create(MODEL.id(), false);
    hub.close();
    hub = TestServer.readOnly(root);
    assertThatThrownBy(() -> push(new Listener(Long.MAX_VALUE)).push(request(MODEL, false)))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("answered 403: This server is read-only");
  }
}
