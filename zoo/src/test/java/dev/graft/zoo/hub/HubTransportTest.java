package dev.graft.zoo.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.graft.zoo.hub.TestHub.Misbehaviour;
import dev.graft.zoo.hub.TestHub.Seen;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tries, waits, redirects, and where the token goes. */
class HubTransportTest {
  private static final String SECRET = "hf_TheSecretOfThisTest";

  @TempDir Path folder = Path.of(".");
  private PullFixture pull = new PullFixture(Path.of("."));

  @BeforeEach
  void open() {
    pull.close();
    pull = new PullFixture(folder, Optional.of(new HubToken(SECRET)));
  }

  @AfterEach
  void close() {
    pull.close();
  }

  private static boolean isModel(Seen request) {
    return request.isContent() && request.path().endsWith(PullFixture.MODEL);
  }

  private static Misbehaviour failing(int status, int times, Map<String, String> headers) {
    return (exchange, request) -> {
      if (!isModel(request) || request.number() > times) {
        return false;
      }
      headers.forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
      exchange.sendResponseHeaders(status, -1);
      return true;
    };
  }

  // --- tries and waits ---------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503, 504})
  void pull_burstOfFailures_passes(int status) {
    pull.hub.misbehaving(failing(status, 4, Map.of()));
    assertThat(pull.pull().modelFile()).hasBinaryContent(pull.model());
    assertThat(pull.heard.waits).hasSize(4).containsOnly("it answered " + status);
    assertThat(pull.heard.durations).allMatch(wait -> wait.toMillis() <= 10);
  }

  @Test
  void pull_failuresWithoutEnd_areToldAfterFiveTries() {
    pull.hub.misbehaving(failing(500, 99, Map.of("X-Error-Message", "out of order")));
    assertThatThrownBy(pull::pull)
        .isInstanceOf(HubException.class)
        .hasMessageMatching(
            "Pulling someone/tiny: localhost:\\d+ answered 500: out of order, 5 times. Try again"
                + " later.");
    assertThat(pull.hub.contentRequests(PullFixture.MODEL)).hasSize(5);
  }

  @Test
  void pull_failureThatWillStay_isNotTriedAgain() {
    pull.hub.misbehaving(failing(403, 99, Map.of("X-Error-Code", "GatedRepo")));
    assertThatThrownBy(pull::pull)
        .hasMessageContaining("given to those alone who have accepted its terms")
        .extracting(thrown -> ((HubException) thrown).reason())
        .isEqualTo(HubException.Cause.GATED);
    assertThat(pull.hub.contentRequests(PullFixture.MODEL)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"Retry-After|1", "RateLimit|\"api\";r=12;t=99, \"resolvers\";r=0;t=1"})
  void pull_askedToWait_waitsSoLong(String header, String value) {
    pull.hub.misbehaving(failing(429, 1, Map.of(header, value)));
    long start = System.nanoTime();
    pull.pull();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(1));
    assertThat(pull.heard.durations).containsExactly(Duration.ofSeconds(1));
  }

  @Test
  void pull_askedToWaitTooLong_endsAtOnceAndSaysHowLong() {
    pull.hub.misbehaving(failing(429, 1, Map.of("Retry-After", "86400")));
    assertThatThrownBy(pull::pull)
        .hasMessageContaining("asks to wait 86400 s. Try again then; a token in HF_TOKEN usually");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Retry-After|7|7",
        "Retry-After|Sun, 22 Nov 2026 10:00:30 GMT|30",
        "Retry-After|Sun, 22 Nov 2026 09:00:00 GMT|0",
        "Retry-After|soon|",
        "Retry-After|-5|",
        "RateLimit|\"resolvers\";r=0;t=55|55",
        "RateLimit|\"resolvers\";r=3;t=55|",
        "RateLimit|\"a\";r=0;t=5, \"b\";r=0;t=9|9",
        "RateLimit|nonsense|"
      })
  void in_headers_isWhatTheyAskFor(String header, String value, Long seconds) {
    HttpHeaders headers = HttpHeaders.of(Map.of(header, List.of(value)), (name, text) -> true);
    assertThat(RequestedWait.in(headers, Instant.parse("2026-11-22T10:00:00Z")))
        .isEqualTo(Optional.ofNullable(seconds).map(Duration::ofSeconds));
  }

  @Test
  void waitAfter_moreFailures_growsToItsBound() {
    Patience patience = Patience.USUAL;
    for (int tries = 1; tries < 40; tries++) {
      long most = Math.min(16_000, 1_000L << Math.min(20, tries - 1));
      assertThat(patience.waitAfter(tries).toMillis()).isBetween(most / 2, most);
    }
  }

  @Test
  void pull_nobodyThere_saysWhatToDo() {
    pull.close();
    assertThatThrownBy(pull::pull)
        .isInstanceOf(HubException.class)
        .hasMessageContainingAll("cannot be reached", "tried 5 times", "HF_ENDPOINT")
        .extracting(thrown -> ((HubException) thrown).reason())
        .isEqualTo(HubException.Cause.NETWORK);
  }

  // --- redirects and the token -------------------------------------------------------------------

  private static void redirect(HttpExchange exchange, int status, String to) throws IOException {
    exchange.getResponseHeaders().add("Location", to);
    exchange.sendResponseHeaders(status, -1);
  }

  private static List<Optional<String>> tokens(TestHub hub) {
    return hub.seen().stream().map(request -> request.header("Authorization")).toList();
  }

  @Test
  void pull_contentOnAnotherHost_comesWithoutTheToken() throws IOException {
    try (TestHub other = new TestHub(PullFixture.ID).withLarge(PullFixture.MODEL, pull.model())) {
      String place = "http://127.0.0.1:" + other.address().getPort();
      pull.hub.misbehaving(
          (exchange, request) -> {
            if (!request.path().endsWith(PullFixture.MODEL)) {
              return false;
            }
            exchange
                .getResponseHeaders()
                .add("X-Linked-Etag", "\"" + pull.hub.etag(PullFixture.MODEL) + "\"");
            exchange.getResponseHeaders().add("X-Linked-Size", String.valueOf(pull.model().length));
            redirect(exchange, 302, place + request.path() + "?signature=secret");
            return true;
          });
      assertThat(pull.pull().modelFile()).hasBinaryContent(pull.model());
      assertThat(tokens(other)).containsExactly(Optional.empty());
      assertThat(other.seen()).allMatch(Seen::isContent);
    }
    assertThat(tokens(pull.hub)).isNotEmpty().allMatch(Optional.of("Bearer " + SECRET)::equals);
  }

  @Test
  void pull_contentOnAnotherPortOfTheSameHost_comesWithoutTheToken() throws IOException {
    try (TestHub other = new TestHub(PullFixture.ID).withLarge(PullFixture.MODEL, pull.model())) {
      pull.hub.misbehaving(
          (exchange, request) -> {
            if (isModel(request)) {
              redirect(exchange, 307, other.address() + request.path());
            }
            return isModel(request);
          });
      pull.pull();
      assertThat(tokens(other)).containsExactly(Optional.empty());
    }
  }

  @Test
  void pull_renamedModel_isFollowedWithTheToken() {
    pull.hub.misbehaving(
        (exchange, request) -> {
          boolean old = !request.path().startsWith("/moved");
          if (old) {
            redirect(exchange, 307, "/moved" + exchange.getRequestURI());
          }
          return old;
        });
    assertThatThrownBy(pull::pull).hasMessageContaining("there is no model someone/tiny");
    assertThat(pull.hub.seen())
        .extracting(Seen::path)
        .containsExactly(
            "/api/models/someone/tiny/revision/main",
            "/moved/api/models/someone/tiny/revision/main");
    assertThat(tokens(pull.hub)).containsOnly(Optional.of("Bearer " + SECRET));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1:9/x", "//127.0.0.1:9/x", "https://hub.example/x?key=1"})
  void pull_listOnAnotherHost_isNotFollowed(String place) {
    pull.hub.misbehaving(
        (exchange, request) -> {
          redirect(exchange, 302, place);
          return true;
        });
    assertThatThrownBy(pull::pull)
        .hasMessageContaining("answered 302")
        .hasMessageContaining("which is not followed here; where that is the hub, name it")
        .hasMessageNotContaining("key=1");
  }

  @Test
  void pull_redirectsInACircle_end() {
    pull.hub.misbehaving(
        (exchange, request) -> {
          redirect(exchange, 302, request.path());
          return true;
        });
    assertThatThrownBy(pull::pull).hasMessageContaining("sends its clients on more than 5 times");
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///etc/passwd", "ftp://localhost/x", "http://user:pass@localhost/"})
  void pull_redirectToSomethingElse_isNotFollowed(String place) {
    pull.hub.misbehaving(
        (exchange, request) -> {
          if (isModel(request)) {
            redirect(exchange, 302, place);
          }
          return isModel(request);
        });
    assertThatThrownBy(pull::pull).hasMessageContaining("to an address that is not https");
  }

  @Test
  void pull_nextPageOnAnotherHost_isNotAskedFor() throws IOException {
    try (TestHub other = new TestHub(PullFixture.ID)) {
      pull.hub.misbehaving(
          (exchange, request) -> {
            if (!request.path().contains("/tree/")) {
              return false;
            }
            exchange.getResponseHeaders().add("Link", "<" + other.address() + "/>; rel=\"next\"");
            TestHub.send(exchange, 200, "[]");
            return true;
          });
      assertThatThrownBy(pull::pull).hasMessageContaining("on the same server is expected");
      assertThat(other.seen()).isEmpty();
    }
  }

  // --- sending -----------------------------------------------------------------------------------

  private HubResponse post(HubTransport transport) {
    return transport.send(
        HubRequest.post(
            transport.address("/api/repos/create"),
            "application/json",
            "{\"name\":\"x\"}".getBytes(StandardCharsets.UTF_8)),
        "Sending");
  }

  @Test
  void send_post_bringsBodyAndToken() {
    StringBuilder body = new StringBuilder();
    pull.hub.misbehaving(
        (exchange, request) -> {
          body.append(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          TestHub.send(exchange, 200, "{\"url\":\"done\"}");
          return true;
        });
    HubTransport transport = new HubTransport(pull.settings(), WaitListener.SILENT);
    try (HubResponse response = post(transport)) {
      assertThat(response.json("Sending", 1000).path("url").asText()).isEqualTo("done");
    }
    assertThat(body).hasToString("{\"name\":\"x\"}");
    assertThat(tokens(pull.hub)).containsExactly(Optional.of("Bearer " + SECRET));
    assertThat(pull.hub.seen().get(0).header("Content-Type")).contains("application/json");
  }

  @Test
  void send_postThatFails_isNotMadeTwice() {
    pull.hub.misbehaving(
        (exchange, request) -> {
          exchange.sendResponseHeaders(500, -1);
          return true;
        });
    HubTransport transport =
        new HubTransport(pull.settings(), WaitListener.SILENT, PullFixture.hasty());
    try (HubResponse response = post(transport)) {
      assertThatThrownBy(() -> response.requireSuccess("Sending", "model x"))
          .hasMessageContaining("Sending: localhost:")
          .hasMessageContaining("answered 500");
    }
    assertThat(pull.hub.seen()).hasSize(1);
  }

  // --- settings ----------------------------------------------------------------------------------

  @Test
  void token_anywhere_isNeverShown() {
    pull.hub.misbehaving(
        (exchange, request) -> {
          exchange.sendResponseHeaders(401, -1);
          return true;
        });
    assertThatThrownBy(pull::pull)
        .satisfies(
            thrown -> {
              StringWriter trace = new StringWriter();
              thrown.printStackTrace(new PrintWriter(trace));
              assertThat(trace.toString()).doesNotContain(SECRET);
            });
    assertThat(pull.settings().toString()).contains("(a token)").doesNotContain(SECRET);
    assertThatThrownBy(() -> new HubToken(SECRET + "\nX: y"))
        .isInstanceOf(HubException.class)
        .hasMessageNotContaining(SECRET);
  }

  @ParameterizedTest
  @CsvSource({
    "http://hub.example, false",
    "http://10.0.0.1:8080, false",
    "http://localhost.evil.example, false",
    "http://127.0.0.1.evil.example, false",
    "http://localhost:8080, true",
    "http://127.0.0.1, true",
    "http://[::1]:80, true",
    "https://hub.example, true"
  })
  void settings_tokenOverHttp_onlyOnThisMachine(String endpoint, boolean allowed) {
    Map<String, String> environment = Map.of("HF_ENDPOINT", endpoint, "HF_TOKEN", SECRET);
    if (allowed) {
      assertThat(HubSettings.of(environment, folder).token()).isPresent();
    } else {
      assertThatThrownBy(() -> HubSettings.of(environment, folder))
          .isInstanceOf(HubException.class)
          .hasMessageContaining("the address is http, so that anybody on the way could read it")
          .hasMessageNotContaining(SECRET);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"hub.example", "ftp://hub", "http://", "https://a:b@hub", "http://h/?q=1", "::"})
  void settings_noAddress_isRefused(String endpoint) {
    assertThatThrownBy(() -> HubSettings.of(Map.of("HF_ENDPOINT", endpoint), folder))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("Reading the hub's address (HF_ENDPOINT or --endpoint)")
        .hasMessageNotContaining("a:b");
  }

  @Test
  void settings_fromEnvironment_followTheHubsRules() throws IOException {
    assertThat(HubSettings.of(Map.of(), folder))
        .isEqualTo(
            new HubSettings(
                URI.create("https://huggingface.co"),
                Optional.empty(),
                folder.resolve(".cache/huggingface/hub"),
                false));
    assertThat(HubSettings.of(Map.of("XDG_CACHE_HOME", "/x"), folder).cache())
        .isEqualTo(Path.of("/x/huggingface/hub"));
    Map<String, String> home = Map.of("XDG_CACHE_HOME", "/x", "HF_HOME", "~/hf");
    assertThat(HubSettings.of(home, folder).cache()).isEqualTo(folder.resolve("hf/hub"));
    assertThat(HubSettings.of(Map.of("HF_HOME", "/h", "HF_HUB_CACHE", "/c"), folder).cache())
        .isEqualTo(Path.of("/c"));
    assertThat(
            HubSettings.of(Map.of("HF_ENDPOINT", "https://hub.example/base/"), folder).endpoint())
        .isEqualTo(URI.create("https://hub.example/base"));
    for (String yes : List.of("1", "ON", "yes", "True")) {
      assertThat(HubSettings.of(Map.of("HF_HUB_OFFLINE", yes), folder).offline()).isTrue();
      assertThat(HubSettings.of(Map.of("TRANSFORMERS_OFFLINE", yes), folder).offline()).isTrue();
    }
    assertThat(HubSettings.of(Map.of("HF_HUB_OFFLINE", "0"), folder).offline()).isFalse();
  }

  @Test
  void settings_tokenInFile_isFound() throws IOException {
    Path home = folder.resolve(".cache/huggingface");
    Files.createDirectories(home);
    Files.writeString(home.resolve("token"), SECRET + "\n");
    assertThat(HubSettings.of(Map.of(), folder).token().orElseThrow().authorization())
        .isEqualTo("Bearer " + SECRET);
    Path other = Files.writeString(folder.resolve("other"), "other");
    assertThat(
            HubSettings.of(Map.of("HF_TOKEN_PATH", other.toString()), folder)
                .token()
                .orElseThrow()
                .authorization())
        .isEqualTo("Bearer other");
    assertThat(
            HubSettings.of(Map.of("HF_TOKEN", " first "), folder)
                .token()
                .orElseThrow()
                .authorization())
        .isEqualTo("Bearer first");
  }
}
