package dev.graft.zoo.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A hub on the loopback interface that serves one model from memory, as the real one does, unless a
 * test tells it to misbehave.
 */
final class TestHub implements AutoCloseable {
  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  /** Answers a request in the hub's place. */
  interface Misbehaviour {
    /** Returns whether it has answered. */
    boolean answer(HttpExchange exchange, Seen request) throws IOException;
  }

  /**
   * A request that came.
   *
   * @param number of the requests with this method and path, from 1 on
   */
  record Seen(String method, String path, Map<String, String> headers, int number) {
    Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name.toLowerCase(java.util.Locale.ROOT)));
    }

    boolean isContent() {
      return method.equals("GET") && path.contains("/resolve/");
    }
  }

  private record Content(byte[] bytes, boolean large) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final String id;
  private final Map<String, Content> files = new TreeMap<>();
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final List<Misbehaviour> misbehaviours = new CopyOnWriteArrayList<>();
  private @Nullable String listing;

  TestHub(String id) throws IOException {
    this.id = id;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Stores a file as git does. */
  TestHub with(String name, byte[] content) {
    files.put(name, new Content(content, false));
    return this;
  }

  TestHub with(String name, String content) {
    return with(name, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Stores a file as large ones are stored, by its SHA-256. */
  TestHub withLarge(String name, byte[] content) {
    files.put(name, new Content(content, true));
    return this;
  }

  TestHub misbehaving(Misbehaviour misbehaviour) {
    misbehaviours.add(misbehaviour);
    return this;
  }

  /** What is told of the files, in place of the truth. */
  TestHub listing(String json) {
    listing = json;
    return this;
  }

  URI address() {
    return URI.create("http://localhost:" + server.getAddress().getPort());
  }

  List<Seen> seen() {
    return List.copyOf(seen);
  }

  /** The requests for a file's content. */
  List<Seen> contentRequests(String name) {
    return seen.stream().filter(one -> one.isContent() && one.path.endsWith("/" + name)).toList();
  }

  static String digest(String algorithm, byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      for (byte[] part : parts) {
        digest.update(part);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static String gitDigest(byte[] content) {
    return digest(
        "SHA-1", ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII), content);
  }

  private Content file(String name) {
    return Objects.requireNonNull(files.get(name), name);
  }

  /** What a blob of a file is called. */
  String etag(String name) {
    Content content = file(name);
    return content.large ? digest("SHA-256", content.bytes) : gitDigest(content.bytes);
  }

  byte[] content(String name) {
    return file(name).bytes;
  }

  private void handle(HttpExchange exchange) {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String method = exchange.getRequestMethod();
      Map<String, String> headers = new TreeMap<>();
      exchange
          .getRequestHeaders()
          .forEach(
              (name, values) ->
                  headers.put(name.toLowerCase(java.util.Locale.ROOT), String.join(",", values)));
      Seen request;
      synchronized (seen) {
        int number =
            1
                + (int)
                    seen.stream()
                        .filter(one -> one.path.equals(path) && one.method.equals(method))
                        .count();
        request = new Seen(method, path, headers, number);
        seen.add(request);
      }
      for (Misbehaviour misbehaviour : misbehaviours) {
        if (misbehaviour.answer(exchange, request)) {
          return;
        }
      }
      answer(exchange, request);
    } catch (IOException gone) {
      // Clients that are killed close their connections.
    }
  }

  private void answer(HttpExchange exchange, Seen request) throws IOException {
    String prefix = "/" + id + "/resolve/" + COMMIT + "/";
    if (request.path.equals("/api/models/" + id + "/revision/main")
        || request.path.equals("/api/models/" + id + "/revision/" + COMMIT)) {
      send(exchange, 200, "{\"id\":\"" + id + "\",\"sha\":\"" + COMMIT + "\"}");
    } else if (request.path.equals("/api/models/" + id + "/tree/" + COMMIT)) {
      send(exchange, 200, listing == null ? listing() : listing);
    } else if (request.path.startsWith(prefix)
        && files.containsKey(request.path.substring(prefix.length()))) {
      file(exchange, request, request.path.substring(prefix.length()));
    } else {
      exchange.getResponseHeaders().add("X-Error-Code", "RepoNotFound");
      send(exchange, 404, "{\"error\":\"Repository not found\"}");
    }
  }

  /** The list of files as the hub gives it. */
  String listing() {
    return files.entrySet().stream()
        .map(entry -> entry(entry.getKey(), entry.getValue()))
        .collect(Collectors.joining(",", "[{\"type\":\"directory\",\"path\":\"folder\"},", "]"));
  }

  private static String entry(String name, Content content) {
    int size = content.bytes.length;
    String lfs =
        content.large
            ? ",\"lfs\":{\"oid\":\""
                + digest("SHA-256", content.bytes)
                + "\",\"size\":"
                + size
                + ",\"pointerSize\":133}"
            : "";
    return "{\"type\":\"file\",\"path\":\""
        + name
        + "\",\"size\":"
        + size
        + ",\"oid\":\""
        + gitDigest(content.bytes)
        + "\""
        + lfs
        + "}";
  }

  private void file(HttpExchange exchange, Seen request, String name) throws IOException {
    Content content = file(name);
    exchange.getResponseHeaders().add("X-Repo-Commit", COMMIT);
    exchange.getResponseHeaders().add("ETag", "\"" + etag(name) + "\"");
    if (content.large) {
      exchange.getResponseHeaders().add("X-Linked-Etag", "\"" + etag(name) + "\"");
      exchange.getResponseHeaders().add("X-Linked-Size", String.valueOf(content.bytes.length));
    }
    if (request.method.equals("HEAD")) {
      exchange.getResponseHeaders().add("Content-Length", String.valueOf(content.bytes.length));
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    sendFrom(exchange, content.bytes, request.header("Range"));
  }

  /** The rest of a file, or all of it. */
  static void sendFrom(HttpExchange exchange, byte[] bytes, Optional<String> range)
      throws IOException {
    int from =
        range.map(text -> Integer.parseInt(text.replaceAll("bytes=(\\d+)-", "$1"))).orElse(0);
    if (from > 0) {
      exchange
          .getResponseHeaders()
          .add("Content-Range", "bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length);
    }
    int length = bytes.length - from;
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, length == 0 ? -1 : length);
    exchange.getResponseBody().write(bytes, from, length);
  }

  /** Announces a length but sends less, then closes the connection. */
  static void sendPart(HttpExchange exchange, byte[] bytes, int announced) throws IOException {
    exchange.sendResponseHeaders(200, announced);
    exchange.getResponseBody().write(bytes);
    exchange.getResponseBody().flush();
  }

  static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  /** For lambdas that cannot throw. */
  static <T> T unchecked(java.util.concurrent.Callable<T> call) {
    try {
      return call.call();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }
}
