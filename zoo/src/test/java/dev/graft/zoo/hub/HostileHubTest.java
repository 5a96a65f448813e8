package dev.graft.zoo.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.zoo.hub.TestHub.Misbehaviour;
import dev.graft.zoo.hub.TestHub.Seen;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hubs that lie, by damage or by intent: nothing of it gets into the cache. */
class HostileHubTest {
  @TempDir Path folder = Path.of(".");
  private PullFixture pull = new PullFixture(Path.of("."));

  @BeforeEach
  void open() {
    pull.close();
    pull = new PullFixture(folder);
  }

  @AfterEach
  void close() {
    pull.close();
  }

  private static boolean isModel(Seen request) {
    return request.isContent() && request.path().endsWith(PullFixture.MODEL);
  }

  private Misbehaviour sending(byte[] content, long announced) {
    return (exchange, request) -> {
      if (!isModel(request)) {
        return false;
      }
      exchange.sendResponseHeaders(200, announced);
      exchange.getResponseBody().write(content);
      exchange.getResponseBody().flush();
      return true;
    };
  }

  private void refuses(String... messages) throws IOException {
    assertThatThrownBy(pull::pull)
        .isInstanceOf(HubException.class)
        .hasMessageContainingAll(messages)
        .extracting(thrown -> ((HubException) thrown).reason())
        .isEqualTo(HubException.Cause.DAMAGED);
    assertThat(pull.blob(PullFixture.MODEL)).doesNotExist();
    assertThat(pull.repository().resolve("refs")).doesNotExist();
    try (Stream<Path> left = Files.walk(folder)) {
      assertThat(left).noneMatch(path -> path.endsWith(PullFixture.MODEL));
    }
  }

  // --- content -----------------------------------------------------------------------------------

  @Test
  void pull_flippedByte_isNotKept() throws IOException {
    byte[] flipped = pull.model().clone();
    flipped[123_456] ^= 1;
    pull.hub.misbehaving(sending(flipped, flipped.length));
    refuses(
        "Pulling someone/tiny: model.onnx has not the SHA-256 that the hub states, "
            + pull.hub.etag(PullFixture.MODEL),
        "run the same command again");
    assertThat(pull.partial(PullFixture.MODEL)).isEmptyFile();
  }

  @Test
  void pull_flippedByteInGitFile_isNotKept() throws IOException {
    pull.hub.misbehaving(
        (exchange, request) -> {
          if (!request.isContent() || !request.path().endsWith("config.json")) {
            return false;
          }
          TestHub.send(exchange, 200, "{]");
          return true;
        });
    assertThatThrownBy(pull::pull)
        .hasMessageContaining("config.json has not the git blob SHA-1 that the hub states");
    assertThat(pull.blob("config.json")).doesNotExist();
  }

  @Test
  void pull_lessAnnouncedThanListed_isRefused() throws IOException {
    pull.hub.misbehaving(sending(new byte[10], 10));
    refuses("of model.onnx, " + pull.model().length + " bytes are expected", "sends 10");
  }

  @Test
  void pull_moreSentThanListed_stopsAtTheListedSize() throws IOException {
    // Of unknown length: chunks, without end.
    pull.hub.misbehaving(sending(new byte[PullFixture.MODEL_BYTES * 4], 0));
    refuses("model.onnx was announced with", "but more are sent");
    assertThat(Files.size(pull.partial(PullFixture.MODEL)))
        .isLessThanOrEqualTo(pull.model().length);
  }

  @Test
  void pull_compressedContent_isRefused() throws IOException {
    byte[] content = pull.model();
    pull.hub.misbehaving(
        (exchange, request) -> {
          if (!isModel(request)) {
            return false;
          }
          exchange.getResponseHeaders().add("Content-Encoding", "gzip");
          exchange.sendResponseHeaders(200, content.length);
          exchange.getResponseBody().write(content);
          return true;
        });
    refuses("model.onnx", "(gzip)");
  }

  @ParameterizedTest
  @MethodSource("wrongHeaders")
  void pull_headersThatContradictTheList_areRefused(String name, String value, String message)
      throws IOException {
    pull.hub.misbehaving(
        (exchange, request) -> {
          if (!request.method().equals("HEAD") || !request.path().endsWith(PullFixture.MODEL)) {
            return false;
          }
          exchange.getResponseHeaders().add(name, value);
          exchange.sendResponseHeaders(200, -1);
          return true;
        });
    refuses("for model.onnx the list of files states the " + message);
    assertThat(pull.hub.contentRequests(PullFixture.MODEL)).isEmpty();
  }

  static Stream<Arguments> wrongHeaders() {
    return Stream.of(
        Arguments.of("X-Linked-Etag", "\"" + "a".repeat(64) + "\"", "digest"),
        Arguments.of("ETag", "W/\"" + "b".repeat(40) + "\"", "digest"),
        Arguments.of("X-Linked-Size", "12", "size"),
        Arguments.of("X-Repo-Commit", "c".repeat(40), "commit"));
  }

  // --- names -------------------------------------------------------------------------------------

  private static String listed(String name) {
    return "{\"type\":\"file\",\"path\":\""
        + name
        + "\",\"size\":1,\"oid\":\""
        + "d".repeat(40)
        + "\"}";
  }

  private void list(String further) {
    String honest = pull.hub.listing();
    pull.hub.listing(honest.substring(0, honest.length() - 1) + "," + further + "]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../../.bashrc",
        "/etc/passwd",
        "a/../../b",
        "a//b",
        "./a",
        "a/./b",
        "..",
        "",
        "a\\\\..\\\\b",
        "a\\u0000b",
        "a\\nb"
      })
  void pull_nameThatLeavesTheFolder_isRefused(String name) throws IOException {
    list(listed(name));
    refuses("Checking the names of a model's files", "is refused");
    assertThat(pull.hub.seen()).noneMatch(Seen::isContent);
  }

  @Test
  void pull_overLongNames_areRefused() throws IOException {
    list(listed("ä".repeat(128)));
    refuses("a name has at most 255 bytes");
    pull.hub.listing("[" + listed("abc/".repeat(1_100) + "d") + "]");
    refuses("a path has at most 4096 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1_Pooling/config.json ", "CONFIG.json", "LICENSE.", "LICENSE:a"})
  void pull_neededNameThatMeansAnotherFileElsewhere_isRefusedOnlyThere(String name)
      throws IOException {
    list(listed(name));
    if (name.startsWith("LICENSE.")) {
      refuses("means another file on some systems");
    } else {
      // Not needed, so it is not even asked for.
      assertThat(pull.pull().modelFile()).exists();
    }
  }

  @Test
  void pull_otherKindsThanFilesAndFolders_areRefused() throws IOException {
    list(
        "{\"type\":\"symlink\",\"path\":\"weights\",\"size\":1,\"oid\":\""
            + "d".repeat(40)
            + "\"}");
    refuses("files and folders is expected", "a \"symlink\" called weights");
  }

  @Test
  void pull_nameTwice_isRefused() throws IOException {
    list(listed("config.json"));
    refuses("found config.json twice");
  }

  // --- sizes and counts --------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(strings = {"50000000001", "-1", "1e99", "99999999999999999999", "\"12\"", "null"})
  void pull_sizeOutOfRange_isRefused(String size) throws IOException {
    list(
        "{\"type\":\"file\",\"path\":\"huge\",\"oid\":\""
            + "d".repeat(40)
            + "\",\"size\":"
            + size
            + "}");
    refuses("huge is announced with", "0 to 50000000000");
  }

  @Test
  void pull_tooManyFiles_isRefused() throws IOException {
    list(
        IntStream.range(0, 10_001).mapToObj(i -> listed("f" + i)).collect(Collectors.joining(",")));
    refuses("at most 10000 files");
  }

  @Test
  void pull_endlessList_isRefused() throws IOException {
    pull.hub.misbehaving(
        (exchange, request) -> {
          if (!request.path().contains("/tree/")) {
            return false;
          }
          exchange.sendResponseHeaders(200, 0);
          byte[] part = "[[[[      ".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
          for (int i = 0; i < 1_000; i++) {
            exchange.getResponseBody().write(part);
          }
          return true;
        });
    refuses("an answer of at most 16777216 bytes is expected");
  }

  @Test
  void pull_pagesWithoutEnd_areRefused() throws IOException {
    pull.hub.misbehaving(
        (exchange, request) -> {
          if (!request.path().contains("/tree/")) {
            return false;
          }
          exchange
              .getResponseHeaders()
              .add("Link", "<?page=" + request.number() + ">; rel=\"next\"");
          TestHub.send(exchange, 200, "[]");
          return true;
        });
    refuses("at most 100 pages");
  }

  @Test
  void pull_listInPages_isReadWhole() {
    String all = pull.hub.listing();
    pull.hub.misbehaving(
        (exchange, request) -> {
          if (!request.path().contains("/tree/") || request.number() > 1) {
            return false;
          }
          exchange
              .getResponseHeaders()
              .add("Link", "<" + pull.hub.address() + request.path() + "?cursor=2>; rel=\"next\"");
          TestHub.send(exchange, 200, "[]");
          return true;
        });
    assertThat(all).contains(PullFixture.MODEL);
    assertThat(pull.pull().files()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[1,", "{}", "\"x\"", "", "<html>"})
  void pull_listThatIsNone_isRefused(String answer) {
    pull.hub.listing(answer);
    assertThatThrownBy(pull::pull)
        .isInstanceOf(HubException.class)
        .hasMessageContaining("is expected from");
  }

  // --- external data -----------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(strings = {"../config.json", "/etc/passwd", "a/../../b", "C:\\\\secret", "aux"})
  void pull_externalDataOutsideTheFolder_isRefused(String location) throws IOException {
    pull.hub.withLarge(PullFixture.MODEL, TinyModel.withExternalData(location, 4));
    assertThatThrownBy(pull::pull)
        .isInstanceOf(HubException.class)
        .hasMessageContaining("model.onnx keeps weights in \"" + location + "\"")
        .hasMessageContaining("no path inside its folder. Do not use this model");
    assertThat(pull.repository().resolve("snapshots/" + TestHub.COMMIT + "/model.onnx"))
        .doesNotExist();
  }

  @Test
  void pull_externalDataThatIsNotThere_isRefused() {
    pull.hub.withLarge(PullFixture.MODEL, TinyModel.withExternalData("weights.bin", 4));
    assertThatThrownBy(pull::pull)
        .hasMessageContaining("in \"weights.bin\", but there is no such file in the repository");
  }

  @Test
  void pull_modelThatIsNoOnnxFile_isRefused() {
    pull.hub.withLarge(
        PullFixture.MODEL, "version https://git-lfs".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(pull::pull)
        .isInstanceOf(dev.graft.onnx.OnnxModelException.class)
        .hasMessageContaining("is not a readable ONNX model");
  }
}
