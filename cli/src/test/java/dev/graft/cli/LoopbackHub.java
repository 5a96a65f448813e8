package dev.graft.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** A hub on the loopback interface that serves models from memory; all files as large ones. */
final class LoopbackHub implements AutoCloseable {
  static final String COMMIT = "89abcdef0123456789abcdef0123456789abcdef";
  private static final int CHUNK_BYTES = 1 << 14;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, byte[]> files = new TreeMap<>();
  private final AtomicLong sentBytes = new AtomicLong();
  private final AtomicLong requests = new AtomicLong();
  private final List<Integer> offsets = new CopyOnWriteArrayList<>();
  private volatile long pauseNanos;

  LoopbackHub() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Adds a file of a model. */
  LoopbackHub with(String id, String name, byte[] content) {
    files.put(id + "/resolve/" + COMMIT + "/" + name, content);
    return this;
  }

  /** Makes every piece of a body take so long. */
  LoopbackHub pausing(long nanos) {
    pauseNanos = nanos;
    return this;
  }

  String address() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  /** The bytes of files that were sent. */
  long sentBytes() {
    return sentBytes.get();
  }

  /** From where on contents of more than a piece were asked for. */
  List<Integer> offsets() {
    return List.copyOf(offsets);
  }

  /** All requests. */
  long requests() {
    return requests.get();
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private void handle(HttpExchange exchange) {
    requests.incrementAndGet();
    try (exchange) {
      String path = exchange.getRequestURI().getPath().substring(1);
      byte[] content = files.get(path);
      if (path.matches("api/models/[^/]+/[^/]+/revision/.*")) {
        send(exchange, "{\"sha\":\"" + COMMIT + "\"}");
      } else if (path.matches("api/models/[^/]+/[^/]+/tree/.*")) {
        send(exchange, listing(path.split("/")[2] + "/" + path.split("/")[3]));
      } else if (content != null) {
        file(exchange, content);
      } else {
        exchange.sendResponseHeaders(404, -1);
      }
    } catch (IOException gone) {
      // Clients that are killed close their connections.
    }
  }

  private String listing(String id) {
    String prefix = id + "/resolve/" + COMMIT + "/";
    return files.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix))
        .map(
            entry ->
                "{\"type\":\"file\",\"path\":\""
                    + entry.getKey().substring(prefix.length())
                    + "\",\"size\":"
                    + entry.getValue().length
                    + ",\"lfs\":{\"oid\":\""
                    + sha256(entry.getValue())
                    + "\",\"size\":"
                    + entry.getValue().length
                    + "}}")
        .collect(Collectors.joining(",", "[", "]"));
  }

  private void file(HttpExchange exchange, byte[] content) throws IOException {
    exchange.getResponseHeaders().add("X-Repo-Commit", COMMIT);
    exchange.getResponseHeaders().add("ETag", "\"" + sha256(content) + "\"");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().add("Content-Length", String.valueOf(content.length));
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    String range = exchange.getRequestHeaders().getFirst("Range");
    int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
    if (content.length > CHUNK_BYTES) {
      offsets.add(from);
    }
    exchange
        .getResponseHeaders()
        .add("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
    exchange.sendResponseHeaders(range == null ? 200 : 206, content.length - from);
    for (int at = from; at < content.length; at += CHUNK_BYTES) {
      int count = Math.min(CHUNK_BYTES, content.length - at);
      exchange.getResponseBody().write(content, at, count);
      sentBytes.addAndGet(count);
      if (pauseNanos > 0) {
        java.util.concurrent.locks.LockSupport.parkNanos(pauseNanos);
      }
    }
  }

  private static void send(HttpExchange exchange, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
