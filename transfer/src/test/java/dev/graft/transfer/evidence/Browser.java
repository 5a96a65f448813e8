package dev.graft.transfer.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A headless Chromium with one tab, driven by its DevTools protocol, so that pages are looked at as
 * they are: under their own content security policy, at any width, in both colour schemes. Not
 * thread-safe.
 */
public final class Browser implements AutoCloseable {
  /** Why pages are not looked at where there is no program. */
  public static final String ABSENT =
      "no Chromium is installed (on Debian: apt-get install chromium), so no page is looked at";

  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
  private static final long TIMEOUT_SECONDS = 60;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path profile;
  private final Process process;
  private final BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();
  private final List<String> requests = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();
  private final WebSocket socket;
  private final String session;
  private int lastCall;

  /** The program, where it is installed. */
  public static Optional<Path> program() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of(path.split(java.io.File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Starts the program. */
  public Browser(Path program) throws IOException {
    profile = Files.createTempDirectory("graft-browser");
    process =
        new ProcessBuilder(
                program.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--hide-scrollbars",
                "--disable-background-networking",
                "--disable-component-update",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      socket =
          HttpClient.newHttpClient()
              .newWebSocketBuilder()
              .buildAsync(URI.create(address()), new Listener())
              .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      String target =
          call("Target.createTarget", JSON.createObjectNode().put("url", "about:blank"), null)
              .path("targetId")
              .asText();
      session =
          call(
                  "Target.attachToTarget",
                  JSON.createObjectNode().put("targetId", target).put("flatten", true),
                  null)
              .path("sessionId")
              .asText();
      for (String domain : List.of("Page", "Network", "Log", "Runtime")) {
        call(domain + ".enable", JSON.createObjectNode());
      }
    } catch (Exception e) {
      process.destroyForcibly();
      throw new IOException("Chromium cannot be driven", e);
    }
  }

  /** It says on standard error where it listens. */
  private String address() throws IOException {
    BufferedReader errors = process.errorReader(StandardCharsets.UTF_8);
    String line = errors.readLine();
    while (line != null && !line.contains("DevTools listening on ")) {
      line = errors.readLine();
    }
    if (line == null) {
      throw new IOException("Chromium ended before it listened");
    }
    Thread rest = new Thread(() -> errors.lines().forEach(ignored -> {}), "chromium-errors");
    rest.setDaemon(true);
    rest.start();
    return line.substring(line.indexOf("ws://"));
  }

  /** Chooses the size of the window in CSS pixels. */
  public void resize(int width, int height) {
    call(
        "Emulation.setDeviceMetricsOverride",
        JSON.createObjectNode()
            .put("width", width)
            .put("height", height)
            .put("deviceScaleFactor", 1)
            .put("mobile", width < 600));
  }

  /** Chooses "light" or "dark". */
  public void prefer(String scheme) {
    ObjectNode media = JSON.createObjectNode().put("media", "");
    media.putArray("features").addObject().put("name", "prefers-color-scheme").put("value", scheme);
    call("Emulation.setEmulatedMedia", media);
  }

  /** Opens a file and waits until it is loaded. */
  public void open(Path page) {
    requests.clear();
    complaints.clear();
    call("Page.navigate", JSON.createObjectNode().put("url", page.toUri().toString()));
    String ready =
        "new Promise(done => document.readyState === 'complete' && location.protocol === 'file:'"
            + " ? done('yes') : addEventListener('load', () => done('yes')))";
    evaluate(ready);
  }

  /** The value of an expression in the page, of a promise what it becomes. */
  public JsonNode evaluate(String expression) {
    JsonNode answer =
        call(
            "Runtime.evaluate",
            JSON.createObjectNode()
                .put("expression", expression)
                .put("awaitPromise", true)
                .put("returnByValue", true));
    if (answer.has("exceptionDetails")) {
      throw new IllegalStateException(answer.path("exceptionDetails").toString());
    }
    return answer.path("result").path("value");
  }

  /** The whole page as a PNG. */
  public byte[] picture() {
    return Base64.getDecoder()
        .decode(
            call(
                    "Page.captureScreenshot",
                    JSON.createObjectNode().put("captureBeyondViewport", true))
                .path("data")
                .asText());
  }

  /** The page as it is printed. */
  public byte[] pdf() {
    return Base64.getDecoder()
        .decode(
            call("Page.printToPDF", JSON.createObjectNode().put("printBackground", true))
                .path("data")
                .asText());
  }

  /** What the page asked for since it was opened, itself included, pictures inside of it not. */
  public List<String> requests() {
    return requests.stream().filter(url -> !url.startsWith("data:")).toList();
  }

  /** What the browser complained of since the page was opened. */
  public List<String> complaints() {
    return List.copyOf(complaints);
  }

  private JsonNode call(String method, ObjectNode parameters) {
    return call(method, parameters, session);
  }

  private JsonNode call(String method, ObjectNode parameters, @Nullable String inSession) {
    int id = ++lastCall;
    ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", parameters);
    if (inSession != null) {
      message.put("sessionId", inSession);
    }
    socket.sendText(message.toString(), true).join();
    while (true) {
      JsonNode answer = next(method);
      if (answer.path("id").asInt() == id) {
        if (answer.has("error")) {
          throw new IllegalStateException(method + ": " + answer.path("error"));
        }
        return answer.path("result");
      }
      note(answer);
    }
  }

  private JsonNode next(String method) {
    try {
      JsonNode answer = answers.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      if (answer == null) {
        throw new IllegalStateException(method + ": Chromium does not answer");
      }
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void note(JsonNode event) {
    JsonNode parameters = event.path("params");
    switch (event.path("method").asText()) {
      case "Network.requestWillBeSent" ->
          requests.add(parameters.path("request").path("url").asText());
      case "Log.entryAdded" -> complaints.add(parameters.path("entry").path("text").asText());
      case "Runtime.exceptionThrown" -> complaints.add(parameters.toString());
      default -> {}
    }
  }

  @Override
  public void close() throws IOException {
    try {
      call("Browser.close", JSON.createObjectNode(), null);
      process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      socket.abort();
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    List<Path> files;
    try (Stream<Path> walk = Files.walk(profile)) {
      files = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }

  /** Messages come in parts. */
  private final class Listener implements WebSocket.Listener {
    private final StringBuilder message = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      message.append(data);
      if (last) {
        try {
          answers.add(JSON.readTree(message.toString()));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        message.setLength(0);
      }
      from.request(1);
      return CompletableFuture.completedFuture(null);
    }
  }
}
