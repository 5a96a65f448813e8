package dev.graft.zoo.hub.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One request and its answer. For one thread, but for {@link #drop}. */
final class HubExchange {
  private static final int CHUNK_BYTES = 1 << 17;

  private final HttpExchange exchange;
  private final StallWatch watch;
  private final boolean authorised;
  private final List<String> parts;
  private final Map<String, String> query;
  private int status;
  private long sent;

  /** Whether the one who asks has shown the server's token. */
  HubExchange(HttpExchange exchange, StallWatch watch, boolean authorised) {
    this.exchange = exchange;
    this.watch = watch;
    this.authorised = authorised;
    this.parts = RequestPath.parts(exchange.getRequestURI().getRawPath());
    this.query =
        RequestPath.query(Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse(""));
  }

  boolean isAuthorised() {
    return authorised;
  }

  String method() {
    return exchange.getRequestMethod();
  }

  boolean is(String method) {
    return method().equals(method);
  }

  /** Whether something is only asked for. */
  boolean reads() {
    return is("GET") || is("HEAD");
  }

  List<String> parts() {
    return parts;
  }

  String part(int index) {
    return parts.get(index);
  }

  Optional<String> query(String name) {
    return Optional.ofNullable(query.get(name));
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
  }

  /** The address as clients know it, without a path. */
  String address() {
    // Names and ports alone: the header comes from the client and goes back into addresses.
    return "http://"
        + header("Host")
            .filter(
                host -> host.matches("[A-Za-z0-9.\\-]+(:\\d{1,5})?|\\[[0-9a-fA-F:.]+](:\\d{1,5})?"))
            .orElseGet(() -> HubServer.hostAndPort(exchange.getLocalAddress()));
  }

  // --- the request's body ------------------------------------------------------------------------

  /** The announced length of the body. */
  Optional<Long> length() {
    return header("Content-Length").flatMap(RequestPath::number);
  }

  /** The body, in whose reading the client must not pause for too long. */
  InputStream body() {
    return new WatchedStream(
        exchange.getRequestBody(), () -> watch.waits(this), () -> watch.ended(this));
  }

  /**
   * The body as a JSON object.
   *
   * @throws HubError if it is none, or too long
   */
  ObjectNode json() throws IOException {
    byte[] content = smallBody();
    return ServerJson.ofClient(content, content.length);
  }

  /**
   * The body as text.
   *
   * @throws HubError if it is too long
   */
  String text() throws IOException {
    return new String(smallBody(), StandardCharsets.UTF_8);
  }

  private byte[] smallBody() throws IOException {
    byte[] content = body().readNBytes(ServerLimits.SMALL_BODY_BYTES + 1);
    if (content.length > ServerLimits.SMALL_BODY_BYTES) {
      throw new HubError(
          413, "", "At most " + ServerLimits.SMALL_BODY_BYTES + " bytes are expected here");
    }
    return content;
  }

  // --- the answer --------------------------------------------------------------------------------

  void set(String name, String value) {
    exchange.getResponseHeaders().set(name, value);
  }

  void answer(int code, JsonNode json) throws IOException {
    answer(code, "application/json; charset=utf-8", ServerJson.bytes(json));
  }

  void answer(int code, String contentType, byte[] content) throws IOException {
    set("Content-Type", contentType);
    begin(code, content.length);
    if (!is("HEAD")) {
      write(content, content.length);
    }
  }

  void answer(HubError error) throws IOException {
    if (!error.code().isEmpty()) {
      set("X-Error-Code", error.code());
    }
    set("X-Error-Message", error.text().replaceAll("[^ -~]", "?"));
    answer(error.status(), ServerJson.object().put("error", error.text()));
  }

  /** Sends a part of a stream whose other bytes were passed over. */
  void answer(int code, InputStream content, long count) throws IOException {
    begin(code, count);
    byte[] chunk = new byte[CHUNK_BYTES];
    long left = is("HEAD") ? 0 : count;
    while (left > 0) {
      int read = content.read(chunk, 0, (int) Math.min(left, chunk.length));
      if (read < 0) {
        throw new IOException("a file became shorter while it was sent");
      }
      write(chunk, read);
      left -= read;
    }
  }

  private void begin(int code, long length) throws IOException {
    Headers headers = exchange.getResponseHeaders();
    headers.set("X-Content-Type-Options", "nosniff");
    status = code;
    if (is("HEAD") || length == 0) {
      headers.set("Content-Length", Long.toString(length));
      exchange.sendResponseHeaders(code, -1);
    } else {
      exchange.sendResponseHeaders(code, length);
    }
  }

  private void write(byte[] bytes, int count) throws IOException {
    OutputStream out = exchange.getResponseBody();
    watch.waits(this);
    try {
      out.write(bytes, 0, count);
    } finally {
      watch.ended(this);
    }
    sent += count;
  }

  /** Whether the answer has begun, so that no other can be given. */
  boolean isAnswered() {
    return status != 0;
  }

  int status() {
    return status;
  }

  long sent() {
    return sent;
  }

  /** Ends the exchange; what was not read of a short body is read, so that the answer arrives. */
  void end() {
    watch.waits(this);
    try {
      exchange.close();
    } finally {
      watch.ended(this);
    }
  }

  /** Cuts the connection, from any thread. */
  void drop() {
    exchange.close();
  }
}
