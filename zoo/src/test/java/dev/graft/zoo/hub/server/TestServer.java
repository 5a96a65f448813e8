package dev.graft.zoo.hub.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A real server on loopback, and a client that sends it what a test wants. */
final class TestServer implements AutoCloseable {
  static final String TOKEN = "a-token-of-this-test-0123456789";

  /** Small parts, small pages, and little patience. */
  static final ServerLimits LIMITS =
      new ServerLimits(1_000, 100, 50_000, 20_000, Duration.ofMillis(400), 3);

  private static final ObjectMapper JSON = new ObjectMapper();

  final HubServer server;
  final List<String> answered = new CopyOnWriteArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();

  private TestServer(HubServerOptions options, ServerLimits limits) {
    this.server =
        HubServer.start(
            options,
            limits,
            (method, path, status, bytes) -> answered.add(method + " " + path + " " + status));
  }

  static TestServer readOnly(Path folder) {
    return new TestServer(HubServerOptions.of(folder), LIMITS);
  }

  static TestServer writable(Path folder) {
    return writable(folder, LIMITS);
  }

  static TestServer writable(Path folder, ServerLimits limits) {
    return new TestServer(HubServerOptions.of(folder).withToken(new ServerToken(TOKEN)), limits);
  }

  URI address(String pathAndQuery) {
    return URI.create(server.address() + pathAndQuery);
  }

  // --- requests ----------------------------------------------------------------------------------

  HttpRequest.Builder request(String pathAndQuery) {
    URI address =
        pathAndQuery.startsWith("http") ? URI.create(pathAndQuery) : address(pathAndQuery);
    return HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(20));
  }

  HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  HttpResponse<byte[]> get(String pathAndQuery) throws Exception {
    return send(request(pathAndQuery));
  }

  HttpResponse<byte[]> head(String pathAndQuery) throws Exception {
    return send(request(pathAndQuery).method("HEAD", BodyPublishers.noBody()));
  }

  HttpResponse<byte[]> post(String pathAndQuery, String body) throws Exception {
    return send(withToken(request(pathAndQuery)).POST(BodyPublishers.ofString(body)));
  }

  HttpResponse<byte[]> put(String pathAndQuery, byte[] body) throws Exception {
    return put(pathAndQuery, BodyPublishers.ofByteArray(body));
  }

  HttpResponse<byte[]> put(String pathAndQuery, BodyPublisher body) throws Exception {
    return send(request(pathAndQuery).PUT(body));
  }

  static HttpRequest.Builder withToken(HttpRequest.Builder request) {
    return request.setHeader("Authorization", "Bearer " + TOKEN);
  }

  static JsonNode json(HttpResponse<byte[]> response) throws IOException {
    return JSON.readTree(response.body());
  }

  static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("(none)");
  }

  static String error(HttpResponse<?> response) {
    return response.statusCode() + " " + header(response, "X-Error-Code");
  }

  /** Sends bytes as they are, and tells all that comes back. */
  String raw(String request) throws IOException {
    try (Socket socket = connect()) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      InputStream in = socket.getInputStream();
      try {
        in.transferTo(answer);
      } catch (IOException cut) {
        // What came before counts.
      }
      return answer.toString(StandardCharsets.ISO_8859_1);
    }
  }

  Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), server.address().getPort());
  }

  @Override
  public void close() {
    server.close();
  }
}
