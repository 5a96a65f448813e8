package dev.graft.zoo.hub.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.zoo.hub.HubException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What everybody may read: a folder that somebody put there. */
class HubServerTest {
  private static final String FILE = "/org/name/resolve/main/model.onnx";

  /** git hash-object of the five bytes "hello". */
  private static final String BLOB_OF_HELLO = "b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0";

  /** sha256sum of the same. */
  private static final String SHA256_OF_HELLO =
      "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

  @TempDir Path folder = Path.of(".");
  private Path root = Path.of(".");
  private Path repository = Path.of(".");
  private byte[] large = new byte[0];
  private TestServer hub;

  @BeforeEach
  void serve() throws IOException {
    root = folder.resolve("root");
    repository = root.resolve("org/name");
    Files.createDirectories(repository.resolve("examples"));
    large = new byte[10_000];
    new Random(1).nextBytes(large);
    Files.write(repository.resolve("model.onnx"), large);
    Files.writeString(repository.resolve("config.json"), "hello");
    Files.writeString(repository.resolve("examples/a b.txt"), "spaced");
    Files.writeString(repository.resolve(".hidden"), "secret");
    Files.writeString(folder.resolve("outside"), "secret");
    hub = TestServer.readOnly(root);
  }

  @AfterEach
  void end() {
    hub.close();
  }

  // --- files -------------------------------------------------------------------------------------

  @Test
  void resolve_largeFile_bearsCommitDigestAndSize() throws Exception {
    HttpResponse<byte[]> head = hub.head(FILE);
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    String commit = TestServer.json(hub.get("/api/models/org/name")).path("sha").asText();
    assertThat(commit).matches("[0-9a-f]{40}");
    assertThat(TestServer.header(head, "X-Repo-Commit")).isEqualTo(commit);
    assertThat(TestServer.header(head, "X-Linked-Etag"))
        .isEqualTo("\"" + ContentDigest.hex(large) + "\"");
    assertThat(TestServer.header(head, "X-Linked-Size")).isEqualTo("10000");
    assertThat(TestServer.header(head, "Content-Length")).isEqualTo("10000");
    HttpResponse<byte[]> get = hub.get("/org/name/resolve/" + commit + "/model.onnx");
    assertThat(get.body()).isEqualTo(large);
    assertThat(TestServer.header(get, "Accept-Ranges")).isEqualTo("bytes");
    assertThat(TestServer.header(get, "X-Content-Type-Options")).isEqualTo("nosniff");
  }

  @Test
  void resolve_smallFile_bearsTheDigestOfItsGitBlob() throws Exception {
    HttpResponse<byte[]> get = hub.get("/org/name/resolve/main/config.json");
    assertThat(get.body()).asString(StandardCharsets.UTF_8).isEqualTo("hello");
    assertThat(TestServer.header(get, "ETag")).isEqualTo("\"" + BLOB_OF_HELLO + "\"");
    assertThat(TestServer.header(get, "X-Linked-Etag")).isEqualTo("(none)");
    assertThat(ContentDigest.hex("hello".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(SHA256_OF_HELLO);
  }

  @Test
  void resolve_nameWithABlank_isDecoded() throws Exception {
    assertThat(hub.get("/org/name/resolve/main/examples/a%20b.txt").body())
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("spaced");
  }

  @Test
  void resolve_ranges_giveThatPart() throws Exception {
    for (String[] asked :
        new String[][] {
          {"bytes=0-0", "0", "1", "bytes 0-0/10000"},
          {"bytes=9990-", "9990", "10000", "bytes 9990-9999/10000"},
          {"bytes=5000-99999", "5000", "10000", "bytes 5000-9999/10000"},
          {"bytes=-7", "9993", "10000", "bytes 9993-9999/10000"},
          {"bytes=-99999", "0", "10000", "bytes 0-9999/10000"},
        }) {
      HttpResponse<byte[]> part = range(asked[0], Optional.empty());
      assertThat(part.statusCode()).as(asked[0]).isEqualTo(206);
      assertThat(part.body())
          .as(asked[0])
          .isEqualTo(
              java.util.Arrays.copyOfRange(
                  large, Integer.parseInt(asked[1]), Integer.parseInt(asked[2])));
      assertThat(TestServer.header(part, "Content-Range")).isEqualTo(asked[3]);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=10000-", "bytes=10001-10002", "bytes=-0"})
  void resolve_rangeOutsideOfTheFile_is416(String range) throws Exception {
    HttpResponse<byte[]> answer = range(range, Optional.empty());
    assertThat(answer.statusCode()).isEqualTo(416);
    assertThat(TestServer.header(answer, "Content-Range")).isEqualTo("bytes */10000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=0-1,3-4", "lines=0-1", "bytes=5-1", "bytes=-", "nonsense"})
  void resolve_rangeOfAnotherForm_givesTheWholeFile(String range) throws Exception {
    HttpResponse<byte[]> answer = range(range, Optional.empty());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(large);
  }

  @Test
  void resolve_rangeOfOtherContent_givesTheWholeFile() throws Exception {
    assertThat(range("bytes=5-", Optional.of("\"other\"")).body()).isEqualTo(large);
    assertThat(range("bytes=5-", Optional.of("\"" + ContentDigest.hex(large) + "\"")).body())
        .hasSize(9_995);
  }

  private HttpResponse<byte[]> range(String range, Optional<String> ifRange) throws Exception {
    HttpRequest.Builder request = hub.request(FILE).header("Range", range);
    ifRange.ifPresent(tag -> request.header("If-Range", tag));
    return hub.send(request);
  }

  @Test
  void resolve_emptyFile_isEmpty() throws Exception {
    Files.createFile(repository.resolve("empty"));
    HttpResponse<byte[]> answer = hub.get("/org/name/resolve/main/empty");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
  }

  // --- lists -------------------------------------------------------------------------------------

  @Test
  void tree_recursive_listsFilesAndFoldersByPage() throws Exception {
    HttpResponse<byte[]> first = hub.get("/api/models/org/name/tree/main?recursive=true");
    assertThat(TestServer.json(first).findValuesAsText("path"))
        .containsExactly("config.json", "examples", "examples/a b.txt");
    String next = TestServer.header(first, "Link").replaceAll("^<(.*)>; rel=\"next\"$", "$1");
    HttpResponse<byte[]> second = hub.get(next);
    JsonNode file = TestServer.json(second).path(0);
    assertThat(file.path("path").asText()).isEqualTo("model.onnx");
    assertThat(file.at("/lfs/oid").asText()).isEqualTo(ContentDigest.hex(large));
    assertThat(file.path("oid").asText()).matches("[0-9a-f]{40}");
    assertThat(file.at("/lfs/pointerSize").asInt()).isEqualTo(43 + 76 + 11);
    assertThat(TestServer.header(second, "Link")).isEqualTo("(none)");
    assertThat(TestServer.json(first).path(0).path("oid").asText()).isEqualTo(BLOB_OF_HELLO);
  }

  @Test
  void paths_thatAreAskedFor_areToldWhereTheyAreFiles() throws Exception {
    HttpResponse<byte[]> answer =
        hub.post(
            "/api/models/org/name/paths-info/main",
            "{\"paths\":[\"config.json\",\"nothing\",\"examples\",\"../outside\"]}");
    assertThat(TestServer.json(answer).findValuesAsText("path")).containsExactly("config.json");
    HttpResponse<byte[]> ofForm =
        hub.send(
            hub.request("/api/models/org/name/paths-info/main")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("paths=examples%2Fa+b.txt&expand=False&paths=x")));
    assertThat(TestServer.json(ofForm).findValuesAsText("path"))
        .containsExactly("examples/a b.txt");
  }

  @Test
  void tree_ofAFolder_listsWhatIsDirectlyInIt() throws Exception {
    assertThat(TestServer.json(hub.get("/api/models/org/name/tree/main")).findValuesAsText("path"))
        .containsExactly("config.json", "examples", "model.onnx");
    assertThat(
            TestServer.json(hub.get("/api/models/org/name/tree/main/examples"))
                .findValuesAsText("path"))
        .containsExactly("examples/a b.txt");
  }

  @Test
  void models_folders_areListed() throws Exception {
    Files.createDirectories(root.resolve("org/other"));
    assertThat(TestServer.json(hub.get("/api/models")).findValuesAsText("id"))
        .containsExactly("org/name", "org/other");
    assertThat(TestServer.json(hub.get("/api/models?search=OTH")).findValuesAsText("id"))
        .containsExactly("org/other");
  }

  @Test
  void commit_followsFromContentAlone() throws Exception {
    String before = commit();
    Files.setLastModifiedTime(
        repository.resolve("config.json"), java.nio.file.attribute.FileTime.fromMillis(1));
    assertThat(commit()).isEqualTo(before);
    Files.writeString(repository.resolve("config.json"), "jello");
    assertThat(commit()).isNotEqualTo(before);
    assertThat(TestServer.error(hub.get("/org/name/resolve/" + before + "/config.json")))
        .isEqualTo("404 RevisionNotFound");
  }

  private String commit() throws Exception {
    return TestServer.json(hub.get("/api/models/org/name/revision/main")).path("sha").asText();
  }

  // --- what is refused ---------------------------------------------------------------------------

  @Test
  void anything_thatIsNotThere_hasItsErrorCode() throws Exception {
    assertThat(TestServer.error(hub.get("/org/nobody/resolve/main/a")))
        .isEqualTo("404 RepoNotFound");
    assertThat(TestServer.error(hub.get("/api/models/a/b"))).isEqualTo("404 RepoNotFound");
    assertThat(TestServer.error(hub.get("/org/name/resolve/v2/config.json")))
        .isEqualTo("404 RevisionNotFound");
    HttpResponse<byte[]> entry = hub.get("/org/name/resolve/main/nothing");
    assertThat(TestServer.error(entry)).isEqualTo("404 EntryNotFound");
    assertThat(TestServer.json(entry).path("error").asText()).isEqualTo("Entry not found");
    assertThat(hub.get("/nothing").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/org/name/resolve/main/.hidden",
        "/org/name/resolve/main/../../../outside",
        "/org/name/resolve/main/..%2f..%2f..%2foutside",
        "/org/name/resolve/main/%2e%2e/%2e%2e/%2e%2e/outside",
        "/org/name/resolve/main/examples%2fa%20b.txt",
        "/org/name/resolve/main/..\\..\\..\\outside",
        "/org/name/resolve/main/..%5c..%5coutside",
        "/org/name/resolve/main//etc/passwd",
        "/org/name/resolve/main/%00",
        "/org/name/resolve/main/config.json%00.txt",
        "/org/name/resolve/main/%c0%ae%c0%ae/outside",
        "/org/name/resolve/main/%zz",
        "/org/name/resolve/main/%",
        "/org/../../outside/resolve/main/x",
        "/%2e%2e/outside/resolve/main/x",
        "/../outside",
        "/org/name/resolve/..%2f..%2f/config.json",
        "//org/name/resolve/main/config.json",
        "http://other/org/name/resolve/main/../../../outside",
      })
  void raw_pathThatLeadsOut_isRefused(String path) throws IOException {
    String answer = hub.raw("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assertThat(answer).matches("(?s)(HTTP/1.1 4\\d\\d .*)?").doesNotContain("secret", "spaced");
  }

  @Test
  void raw_overlongPath_isRefused() throws IOException {
    String answer =
        hub.raw("GET /" + "a".repeat(9_000) + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 400 ").contains("at most 8192 characters");
  }

  @Test
  void raw_hostThatIsNone_doesNotReachAddresses() throws IOException {
    String answer =
        hub.raw(
            """
            GET /api/models/org/name/tree/main?recursive=1 HTTP/1.1\r
            Host: a>;b"\r
            Connection: close\r
            \r
            """);
    assertThat(answer).contains("<http://127.0.0.1:").doesNotContain("a>;b");
  }

  @Test
  void links_insideTheFolder_areNotServed() throws Exception {
    Files.createSymbolicLink(repository.resolve("link"), folder.resolve("outside"));
    Files.createSymbolicLink(repository.resolve("up"), folder);
    Files.createSymbolicLink(root.resolve("org/linked"), repository);
    Files.createSymbolicLink(root.resolve("elsewhere"), folder);
    for (String path :
        List.of(
            "/org/name/resolve/main/link",
            "/org/name/resolve/main/up/outside",
            "/org/linked/resolve/main/config.json",
            "/elsewhere/root/resolve/main/x")) {
      assertThat(hub.get(path).statusCode()).as(path).isEqualTo(404);
    }
  }

  @Test
  void writing_withoutAToken_isForbidden() throws Exception {
    for (String path :
        List.of(
            "/api/repos/create",
            "/api/models/org/name/commit/main",
            "/api/models/org/name/preupload/main",
            "/org/name.git/info/lfs/objects/batch")) {
      HttpResponse<byte[]> answer = hub.post(path, "{}");
      assertThat(answer.statusCode()).as(path).isEqualTo(403);
      assertThat(TestServer.json(answer).path("error").asText()).contains("read-only");
    }
    assertThat(hub.put("/org/name.git/info/lfs/objects/" + SHA256_OF_HELLO, large).statusCode())
        .isEqualTo(403);
    assertThat(hub.send(hub.request(FILE).DELETE()).statusCode()).isEqualTo(404);
  }

  // --- many at once ------------------------------------------------------------------------------

  @Test
  void readers_tenAtOnce_allGetTheWholeFile() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(10);
    try {
      List<Callable<byte[]>> readers = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        readers.add(() -> hub.get(FILE).body());
      }
      for (Future<byte[]> reader : threads.invokeAll(readers)) {
        assertThat(reader.get()).isEqualTo(large);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void reader_thatTakesNothing_isDroppedAndHarmsNobody() throws Exception {
    byte[] huge = new byte[64 << 20];
    Files.write(repository.resolve("huge.bin"), huge);
    assertThat(hub.head("/org/name/resolve/main/huge.bin").statusCode()).isEqualTo(200);
    try (Socket stalled = hub.connect()) {
      stalled
          .getOutputStream()
          .write(
              "GET /org/name/resolve/main/huge.bin HTTP/1.1\r\nHost: a\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      long until = System.nanoTime() + 10_000_000_000L;
      String dropped = "GET /org/name/resolve/main/huge.bin 200";
      while (!hub.answered.contains(dropped) && System.nanoTime() < until) {
        Thread.sleep(20);
      }
      assertThat(hub.answered).contains(dropped);
      assertThat(hub.get(FILE).body()).isEqualTo(large);
      long received = 0;
      try (InputStream in = stalled.getInputStream()) {
        byte[] chunk = new byte[1 << 16];
        for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
          received += count;
        }
      } catch (IOException reset) {
        // Cut, as it should be.
      }
      assertThat(received).isLessThan(huge.length);
    }
  }

  @Test
  void halfRequests_hundredAtOnce_harmNobody() throws Exception {
    List<Socket> halves = new ArrayList<>();
    try {
      for (int i = 0; i < 100; i++) {
        Socket half = hub.connect();
        halves.add(half);
        half.getOutputStream()
            .write("GET / HTTP/1.1\r\nHost: ".getBytes(StandardCharsets.US_ASCII));
      }
      assertThat(hub.get(FILE).body()).isEqualTo(large);
    } finally {
      for (Socket half : halves) {
        half.close();
      }
    }
  }

  // --- starting and ending -----------------------------------------------------------------------

  @Test
  void start_folderOrPortThatCannotBeUsed_isRefused() {
    assertThatThrownBy(() -> TestServer.readOnly(folder.resolve("nowhere")))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("there is no such folder");
    HubServerOptions taken =
        new HubServerOptions(
            root,
            HubServerOptions.LOOPBACK,
            hub.server.address().getPort(),
            Optional.empty(),
            Optional.empty());
    assertThatThrownBy(() -> HubServer.start(taken, HubServerListener.NOTHING))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("it cannot listen at 127.0.0.1, port ");
  }

  @Test
  void close_idleServer_endsAtOnce() {
    long start = System.nanoTime();
    hub.close();
    assertThat((System.nanoTime() - start) / 1e9).isLessThan(1);
    assertThatThrownBy(() -> hub.get("/")).isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "short", "with blanks in between", "lettersbeyondASCIIäöü"})
  void token_thatIsEasilyGuessedOrNoHeader_isRefused(String secret) {
    assertThatThrownBy(() -> new ServerToken(secret))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("16 to 1024 letters")
        .hasMessageNotContaining(secret.isEmpty() ? "\u0000" : secret);
  }
}
