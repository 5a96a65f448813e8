package dev.graft.zoo.hub.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What those may do who know the token. */
class HubServerWritingTest {
  private static final String COMMIT = "/api/models/org/name/commit/main";
  private static final String BATCH = "/org/name.git/info/lfs/objects/batch";

  @TempDir Path root = Path.of(".");
  private TestServer hub;

  @BeforeEach
  void serve() {
    hub = TestServer.writable(root);
  }

  @AfterEach
  void end() {
    hub.close();
  }

  private void create(boolean hidden) throws Exception {
    HttpResponse<byte[]> answer =
        hub.post(
            "/api/repos/create",
            "{\"type\":\"model\",\"organization\":\"org\",\"name\":\"name\",\"private\":"
                + hidden
                + "}");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(TestServer.json(answer).path("url").asText()).endsWith("/org/name");
  }

  private static String header(String summary) {
    return "{\"key\":\"header\",\"value\":{\"summary\":\"" + summary + "\"}}\n";
  }

  private static String file(String path, String content) {
    String encoded = Base64.getEncoder().encodeToString(content.getBytes(StandardCharsets.UTF_8));
    return "{\"key\":\"file\",\"value\":{\"path\":\""
        + path
        + "\",\"encoding\":\"base64\",\"content\":\""
        + encoded
        + "\"}}\n";
  }

  private static String object(String path, byte[] content) {
    return "{\"key\":\"lfsFile\",\"value\":{\"path\":\""
        + path
        + "\",\"algo\":\"sha256\",\"oid\":\""
        + ContentDigest.hex(content)
        + "\",\"size\":"
        + content.length
        + "}}\n";
  }

  private String commit(String... lines) throws Exception {
    HttpResponse<byte[]> answer = hub.post(COMMIT, String.join("", lines));
    assertThat(answer.statusCode())
        .as(new String(answer.body(), StandardCharsets.UTF_8))
        .isEqualTo(200);
    return TestServer.json(answer).path("commitOid").asText();
  }

  private String read(String revision, String path) throws Exception {
    HttpResponse<byte[]> answer = hub.get("/org/name/resolve/" + revision + "/" + path);
    return answer.statusCode() == 200
        ? new String(answer.body(), StandardCharsets.UTF_8)
        : TestServer.error(answer);
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private JsonNode batch(byte[] content, String transfers) throws Exception {
    HttpResponse<byte[]> answer =
        hub.post(
            BATCH,
            "{\"operation\":\"upload\",\"transfers\":["
                + transfers
                + "],\"hash_algo\":\"sha256\",\"objects\":[{\"oid\":\""
                + ContentDigest.hex(content)
                + "\",\"size\":"
                + content.length
                + "}]}");
    assertThat(answer.statusCode()).isEqualTo(200);
    return TestServer.json(answer).at("/objects/0");
  }

  // --- commits -----------------------------------------------------------------------------------

  @Test
  void commit_filesWrittenAndDeleted_keepsEveryState() throws Exception {
    create(false);
    String first = commit(header("one"), file("a.txt", "A"), file("sub/b.txt", "B"));
    String second =
        commit(
            header("two"),
            file("a.txt", "AA"),
            "{\"key\":\"deletedFile\",\"value\":{\"path\":\"sub/b.txt\"}}\n");
    assertThat(read("main", "a.txt")).isEqualTo("AA");
    assertThat(read("main", "sub/b.txt")).isEqualTo("404 EntryNotFound");
    assertThat(read(first, "a.txt")).isEqualTo("A");
    assertThat(read(first, "sub/b.txt")).isEqualTo("B");
    assertThat(TestServer.json(hub.get("/api/models/org/name")).path("sha").asText())
        .isEqualTo(second);
  }

  @Test
  void commit_asTheSameAgain_isNone() throws Exception {
    create(false);
    String first = commit(header("one"), file("a.txt", "A"));
    assertThat(commit(header("again"), file("a.txt", "A"))).isEqualTo(first);
  }

  @Test
  void commit_onAnotherParentThanExpected_is412() throws Exception {
    create(false);
    String first = commit(header("one"), file("a.txt", "A"));
    commit(header("two"), file("a.txt", "AA"));
    String late =
        "{\"key\":\"header\",\"value\":{\"summary\":\"s\",\"parentCommit\":\"" + first + "\"}}\n";
    assertThat(hub.post(COMMIT, late + file("a.txt", "lost")).statusCode()).isEqualTo(412);
    assertThat(read("main", "a.txt")).isEqualTo("AA");
  }

  @Test
  void commit_asPullRequest_leavesTheBranchAlone() throws Exception {
    create(false);
    commit(header("one"), file("a.txt", "A"));
    JsonNode answer =
        TestServer.json(
            hub.post(COMMIT + "?create_pr=1", header("proposal") + file("a.txt", "better")));
    assertThat(answer.path("pullRequestUrl").asText()).endsWith("/org/name/discussions/1");
    assertThat(read("main", "a.txt")).isEqualTo("A");
    assertThat(read("refs%2Fpr%2F1", "a.txt")).isEqualTo("better");
    assertThat(read("refs/pr/1", "a.txt")).isEqualTo("404 RevisionNotFound");
    JsonNode second =
        TestServer.json(hub.post(COMMIT + "?create_pr=1", header("p") + file("a.txt", "other")));
    assertThat(second.path("pullRequestUrl").asText()).endsWith("/discussions/2");
  }

  @Test
  void branch_ofMain_takesCommitsOfItsOwn() throws Exception {
    create(false);
    commit(header("one"), file("a.txt", "A"));
    assertThat(hub.post("/api/models/org/name/branch/v2", "{}").statusCode()).isEqualTo(200);
    assertThat(hub.post("/api/models/org/name/branch/v2", "{}").statusCode()).isEqualTo(409);
    hub.post("/api/models/org/name/commit/v2", header("two") + file("a.txt", "2"));
    assertThat(read("v2", "a.txt")).isEqualTo("2");
    assertThat(read("main", "a.txt")).isEqualTo("A");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../evil",
        "/etc/passwd",
        "a/../../b",
        "a//b",
        "",
        ".",
        "con",
        "a\\\\b",
        "a\\u0000b",
        "a:b",
      })
  void commit_pathThatLeadsOut_isRefused(String path) throws Exception {
    create(false);
    assertThat(hub.post(COMMIT, header("x") + file(path, "x")).statusCode()).isEqualTo(400);
    assertThat(TestServer.json(hub.get("/api/models/org/name")).path("siblings")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not json\n",
        "[]\n",
        "{\"key\":\"header\",\"value\":{\"summary\":\"\"}}\n",
        """
        {"key":"header","value":{"summary":"s"}}
        {"key":"other","value":{}}
        """,
        """
        {"key":"header","value":{"summary":"s"}}
        {"key":"deletedFile","value":{"path":"nothing"}}
        """,
        """
        {"key":"header","value":{"summary":"s"}}
        {"key":"file","value":{"path":"a","encoding":"base64","content":"!"}}
        {"key":"file","value":{"path":"a/b","content":"x"}}
        """,
      })
  void commit_thatCannotBeUnderstood_isRefused(String body) throws Exception {
    create(false);
    assertThat(hub.post(COMMIT, body).statusCode()).isEqualTo(400);
  }

  @Test
  void commit_largeFileInside_isRefused() throws Exception {
    create(false);
    String content = "x".repeat(30_000);
    assertThat(hub.post(COMMIT, header("x") + file("a", content)).statusCode()).isEqualTo(413);
  }

  @Test
  void commit_byTwentyAtOnce_losesNone() throws Exception {
    create(false);
    ExecutorService threads = Executors.newFixedThreadPool(20);
    try {
      List<Callable<String>> writers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        String path = "file-" + i;
        writers.add(() -> commit(header("s"), file(path, path)));
      }
      for (Future<String> writer : threads.invokeAll(writers)) {
        assertThat(writer.get()).matches("[0-9a-f]{40}");
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(TestServer.json(hub.get("/api/models/org/name")).path("siblings")).hasSize(20);
  }

  // --- objects -----------------------------------------------------------------------------------

  @Test
  void object_sentWhole_isServedByItsDigest() throws Exception {
    create(false);
    byte[] content = random(900);
    String href = batch(content, "\"basic\"").at("/actions/upload/href").asText();
    assertThat(hub.put(href, content).statusCode()).isEqualTo(200);
    assertThat(batch(content, "\"basic\"").has("actions")).isFalse();
    commit(header("s"), object("model.onnx", content));
    HttpResponse<byte[]> answer = hub.get("/org/name/resolve/main/model.onnx");
    assertThat(answer.body()).isEqualTo(content);
    assertThat(TestServer.header(answer, "X-Linked-Etag"))
        .isEqualTo("\"" + ContentDigest.hex(content) + "\"");
  }

  @Test
  void object_sentInParts_isJoined() throws Exception {
    create(false);
    byte[] content = random(3_500);
    JsonNode upload = batch(content, "\"basic\",\"multipart\"").at("/actions/upload");
    assertThat(upload.at("/header/chunk_size").asText()).isEqualTo("1000");
    assertThat(upload.path("header")).hasSize(5);
    StringBuilder parts = new StringBuilder();
    // In any order, and one of them twice.
    for (int number : new int[] {4, 2, 1, 2, 3}) {
      byte[] part =
          Arrays.copyOfRange(content, (number - 1) * 1_000, Math.min(number * 1_000, 3_500));
      String href = upload.path("header").path("0000" + number).asText();
      assertThat(hub.put(href, part).statusCode()).isEqualTo(200);
    }
    for (int number = 1; number <= 4; number++) {
      parts.append(number == 1 ? "" : ",").append("{\"partNumber\":").append(number).append("}");
    }
    String complete = upload.path("href").asText();
    String body = "{\"oid\":\"\",\"parts\":[" + parts + "]}";
    assertThat(hub.post(complete, body).statusCode()).isEqualTo(200);
    assertThat(hub.post(complete, body).statusCode()).isEqualTo(200);
    commit(header("s"), object("model.onnx", content));
    assertThat(hub.get("/org/name/resolve/main/model.onnx").body()).isEqualTo(content);
    try (Stream<Path> waiting = Files.list(root.resolve("org/name/.graft-hub/uploads"))) {
      assertThat(waiting).isEmpty();
    }
  }

  @Test
  void object_partMissing_isNotJoined() throws Exception {
    create(false);
    byte[] content = random(1_500);
    JsonNode upload = batch(content, "\"multipart\"").at("/actions/upload");
    hub.put(upload.at("/header/00001").asText(), Arrays.copyOf(content, 1_000));
    HttpResponse<byte[]> answer =
        hub.post(
            upload.path("href").asText(), "{\"parts\":[{\"partNumber\":1},{\"partNumber\":2}]}");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(TestServer.json(answer).path("error").asText()).contains("Part 2 of ");
  }

  @Test
  void object_ofAnotherContent_isNotKept() throws Exception {
    create(false);
    byte[] content = random(900);
    String href = batch(content, "\"basic\"").at("/actions/upload/href").asText();
    byte[] flipped = content.clone();
    flipped[5] ^= 1;
    assertThat(hub.put(href, flipped).statusCode()).isEqualTo(400);
    assertThat(hub.put(href, Arrays.copyOf(content, 899)).statusCode()).isEqualTo(400);
    assertThat(hub.put(href, random(2_000)).statusCode()).isEqualTo(400);
    assertThat(hub.post(COMMIT, header("s") + object("m", content)).statusCode()).isEqualTo(400);
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void object_bodyThatBreaksOff_leavesNothing() throws Exception {
    create(false);
    byte[] content = random(900);
    String href = batch(content, "\"basic\"").at("/actions/upload/href").asText();
    try (Socket socket = hub.connect()) {
      String path = href.replaceAll("^http://[^/]*", "");
      socket
          .getOutputStream()
          .write(
              ("PUT " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\nhalf")
                  .getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      // Then nothing more: the server gives it up by itself.
      long until = System.nanoTime() + 10_000_000_000L;
      while (hub.answered.stream().noneMatch(a -> a.startsWith("PUT "))
          && System.nanoTime() < until) {
        Thread.sleep(20);
      }
    }
    assertThat(hub.answered).anyMatch(a -> a.startsWith("PUT "));
    assertThat(leftovers()).isEmpty();
    assertThat(hub.put(href, content).statusCode()).isEqualTo(200);
  }

  private List<Path> leftovers() throws IOException {
    try (Stream<Path> tree = Files.walk(root)) {
      return tree.filter(path -> path.getFileName().toString().startsWith(".writing-")).toList();
    }
  }

  @Test
  void object_addressThatWasNotGivenOut_isForbidden() throws Exception {
    create(false);
    byte[] content = random(900);
    String href = batch(content, "\"basic\"").at("/actions/upload/href").asText();
    String other = href.replace(ContentDigest.hex(content), ContentDigest.hex(random(10)));
    for (String forged :
        List.of(
            other,
            href.replace("size=900", "size=901"),
            href.replaceAll("expires=\\d+", "expires=99999999999"),
            href.replaceAll("ticket=.", "ticket=0x"),
            href.replaceAll("\\?.*", "?size=900"),
            href.replace("/org/name.git", "/org/other.git"))) {
      assertThat(hub.put(forged, content).statusCode()).as(forged).isIn(403, 404);
    }
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void object_tooLarge_isRefusedBeforeItIsSent() throws Exception {
    create(false);
    JsonNode told = batch(random(50_001), "\"basic\"");
    assertThat(told.at("/error/code").asInt()).isEqualTo(422);
    assertThat(told.has("actions")).isFalse();
  }

  @Test
  void preupload_tellsWhatGoesWhere() throws Exception {
    create(false);
    String zero = Base64.getEncoder().encodeToString(new byte[] {1, 0, 2});
    String text = Base64.getEncoder().encodeToString("text".getBytes(StandardCharsets.UTF_8));
    JsonNode files =
        TestServer.json(
                hub.post(
                    "/api/models/org/name/preupload/main",
                    "{\"files\":[{\"path\":\"a\",\"size\":4,\"sample\":\""
                        + text
                        + "\"},{\"path\":\"b\",\"size\":3,\"sample\":\""
                        + zero
                        + "\"},{\"path\":\"c\",\"size\":100,\"sample\":\""
                        + text
                        + "\"},{\"path\":\"d\",\"size\":0,\"sample\":\"\"}]}"))
            .path("files");
    assertThat(files.findValuesAsText("uploadMode"))
        .containsExactly("regular", "lfs", "lfs", "regular");
  }

  // --- who may -----------------------------------------------------------------------------------

  @Test
  void anything_withoutTheToken_isRefused() throws Exception {
    create(false);
    for (String path : List.of("/api/repos/create", COMMIT, BATCH)) {
      assertThat(hub.send(hub.request(path).POST(BodyPublishers.ofString("{}"))).statusCode())
          .as(path)
          .isEqualTo(401);
      assertThat(
              hub.send(
                      hub.request(path)
                          .header("Authorization", "Bearer another-token-of-some-length")
                          .POST(BodyPublishers.ofString("{}")))
                  .statusCode())
          .as(path)
          .isEqualTo(401);
    }
    assertThat(hub.get("/api/whoami-v2").statusCode()).isEqualTo(401);
    assertThat(
            TestServer.json(hub.send(TestServer.withToken(hub.request("/api/whoami-v2"))))
                .at("/auth/accessToken/role")
                .asText())
        .isEqualTo("write");
  }

  @Test
  void privateRepository_withoutTheToken_isAsOneThatIsNotThere() throws Exception {
    create(true);
    commit(header("s"), file("a.txt", "secret"));
    for (String path :
        List.of(
            "/%s/resolve/main/a.txt",
            "/api/models/%s", "/api/models/%s/tree/main", "/api/models/%s/revision/main")) {
      HttpResponse<byte[]> hidden = hub.get(String.format(path, "org/name"));
      HttpResponse<byte[]> missing = hub.get(String.format(path, "org/missing"));
      assertThat(TestServer.error(hidden)).isEqualTo("401 RepoNotFound");
      assertThat(TestServer.error(missing)).isEqualTo(TestServer.error(hidden));
      assertThat(missing.body()).isEqualTo(hidden.body());
    }
    assertThat(TestServer.json(hub.get("/api/models"))).isEmpty();
    assertThat(hub.send(TestServer.withToken(hub.request("/org/name/resolve/main/a.txt"))).body())
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("secret");
  }

  @Test
  void privateRepository_onAServerWithoutToken_staysHidden() throws Exception {
    create(true);
    commit(header("s"), file("a.txt", "secret"));
    hub.close();
    hub = TestServer.readOnly(root);
    assertThat(read("main", "a.txt")).isEqualTo("404 RepoNotFound");
  }

  @Test
  void create_twiceOrOverAFolder_isAConflict() throws Exception {
    create(false);
    String again = "{\"organization\":\"org\",\"name\":\"name\"}";
    assertThat(hub.post("/api/repos/create", again).statusCode()).isEqualTo(409);
    Files.createDirectories(root.resolve("org/plain"));
    Files.writeString(root.resolve("org/plain/a.txt"), "by hand");
    assertThat(
            hub.post("/api/repos/create", "{\"organization\":\"org\",\"name\":\"plain\"}")
                .statusCode())
        .isEqualTo(409);
    HttpResponse<byte[]> pushed =
        hub.post("/api/models/org/plain/commit/main", header("s") + file("a.txt", "x"));
    assertThat(pushed.statusCode()).isEqualTo(403);
    assertThat(TestServer.json(pushed).path("error").asText()).contains("plain folder");
    assertThat(root.resolve("org/plain/a.txt")).hasContent("by hand");
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", ".git", "a/b/c", "", "a--b", "a\\u0000b", "-a", "CON"})
  void create_nameThatIsNone_isRefused(String name) throws Exception {
    String body = "{\"organization\":\"org\",\"name\":\"" + name + "\"}";
    assertThat(hub.post("/api/repos/create", body).statusCode()).isEqualTo(400);
    try (Stream<Path> entries = Files.list(root)) {
      assertThat(entries).isEmpty();
    }
  }

  @Test
  void server_startedAgain_servesWhatWasPushed() throws Exception {
    create(false);
    String commit = commit(header("one"), file("a.txt", "A"));
    hub.close();
    hub = TestServer.writable(root);
    assertThat(read(commit, "a.txt")).isEqualTo("A");
  }
}
