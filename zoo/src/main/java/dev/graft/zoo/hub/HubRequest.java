package dev.graft.zoo.hub;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What is asked of a hub. Immutable; thread-safe where its body is.
 *
 * @param method such as GET
 * @param headers without the token, which {@link HubTransport} adds where it belongs
 * @param body made anew for each try
 * @param redirects which of them are followed
 * @param repeatable whether it may be made again after a failure that leaves open whether the hub
 *     has seen it
 */
public record HubRequest(
    String method,
    URI address,
    Map<String, String> headers,
    Supplier<BodyPublisher> body,
    Redirects redirects,
    boolean repeatable) {

  /** Where a hub may send its clients. */
  public enum Redirects {
    /** To another path of its own: a repository that was renamed. */
    RELATIVE,
    /** Anywhere, for content whose digest is known beforehand. The token does not go along. */
    CONTENT
  }

  /** Copies the headers. */
  public HubRequest {
    headers = Map.copyOf(headers);
  }

  /** Reads something that the hub itself tells. */
  public static HubRequest get(URI address) {
    return new HubRequest(
        "GET", address, Map.of(), BodyPublishers::noBody, Redirects.RELATIVE, true);
  }

  /** Reads the headers of something that the hub itself tells. */
  public static HubRequest head(URI address) {
    return new HubRequest(
        "HEAD",
        address,
        Map.of("Accept-Encoding", "identity"),
        BodyPublishers::noBody,
        Redirects.RELATIVE,
        true);
  }

  /** Reads the bytes of a file, wherever the hub keeps them. */
  public static HubRequest content(URI address) {
    return new HubRequest(
        "GET",
        address,
        Map.of("Accept-Encoding", "identity"),
        BodyPublishers::noBody,
        Redirects.CONTENT,
        true);
  }

  /** Sends bytes; not made again unless the hub has refused to look at it. */
  public static HubRequest post(URI address, String contentType, byte[] content) {
    return new HubRequest(
        "POST",
        address,
        Map.of("Content-Type", contentType),
        () -> BodyPublishers.ofByteArray(content),
        Redirects.RELATIVE,
        false);
  }

  /** The same with another header. */
  public HubRequest with(String name, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(name, value);
    return new HubRequest(method, address, more, body, redirects, repeatable);
  }

  /** The same, made again after any failure. */
  public HubRequest asRepeatable() {
    return new HubRequest(method, address, headers, body, redirects, true);
  }

  /** Whether it sends nothing and changes nothing. */
  boolean isReading() {
    return method.equals("GET") || method.equals("HEAD");
  }

  HubRequest at(URI other) {
    return new HubRequest(method, other, headers, body, redirects, repeatable);
  }
}
