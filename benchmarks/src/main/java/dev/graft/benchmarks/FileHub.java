package dev.graft.benchmarks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A hub on the loopback interface that serves the files of one folder as a model. */
final class FileHub implements AutoCloseable {
  static final String ID = "graft/measured";
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  private static final int CHUNK_BYTES = 1 << 18;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, Path> files = new TreeMap<>();
  private final Map<String, String> digests = new TreeMap<>();

  FileHub(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      for (Path file : all.toList()) {
        files.put(String.valueOf(file.getFileName()), file);
        digests.put(String.valueOf(file.getFileName()), sha256(file));
      }
    }
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  String address() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream content = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] chunk = new byte[CHUNK_BYTES];
      for (int count = content.read(chunk); count >= 0; count = content.read(chunk)) {
        digest.update(chunk, 0, count);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String name = path.substring(path.lastIndexOf('/') + 1);
      Path file = files.get(name);
      if (path.contains("/revision/")) {
        send(exchange, "{\"sha\":\"" + COMMIT + "\"}");
      } else if (path.contains("/tree/")) {
        send(exchange, listing());
      } else if (file != null) {
        file(exchange, name, file);
      } else {
        exchange.sendResponseHeaders(404, -1);
      }
    }
  }

  private String listing() throws IOException {
    Map<String, Long> sizes = new TreeMap<>();
    for (Map.Entry<String, Path> file : files.entrySet()) {
      sizes.put(file.getKey(), Files.size(file.getValue()));
    }
    List<String> entries =
        sizes.entrySet().stream()
            .map(
                file ->
                    "{\"type\":\"file\",\"path\":\"%s\",\"size\":%d,\"lfs\":{\"oid\":\"%s\",\"size\":%d}}"
                        .formatted(
                            file.getKey(),
                            file.getValue(),
                            digests.get(file.getKey()),
                            file.getValue()))
            .toList();
    return entries.stream().collect(Collectors.joining(",", "[", "]"));
  }

  private void file(HttpExchange exchange, String name, Path file) throws IOException {
    exchange.getResponseHeaders().add("ETag", "\"" + digests.get(name) + "\"");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().add("Content-Length", String.valueOf(Files.size(file)));
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    exchange.sendResponseHeaders(200, Files.size(file));
    try (InputStream content = Files.newInputStream(file);
        OutputStream body = exchange.getResponseBody()) {
      byte[] chunk = new byte[CHUNK_BYTES];
      for (int count = content.read(chunk); count >= 0; count = content.read(chunk)) {
        body.write(chunk, 0, count);
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
