package dev.graft.zoo.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Speaks HTTP with a hub: tries again what may pass, obeys how long it asks to wait, and decides
 * for each redirect whether it is followed. The token goes to the endpoint's own scheme, host and
 * port, and to nobody else.
 *
 * <p>Thread-safe.
 */
public final class HubTransport {
  private static final int MOST_REDIRECTS = 5;
  private static final long SLOWEST_SENDING_BYTES_PER_MILLISECOND = 50;
  private static final Duration CONNECTING = Duration.ofSeconds(10);

  private final HubSettings settings;
  private final Patience patience;
  private final WaitListener waits;
  private final Origin endpoint;
  private @Nullable HttpClient sending;

  /** With the usual patience. */
  public HubTransport(HubSettings settings, WaitListener waits) {
    this(settings, waits, Patience.USUAL);
  }

  HubTransport(HubSettings settings, WaitListener waits, Patience patience) {
    this.settings = settings;
    this.waits = waits;
    this.patience = patience;
    this.endpoint = Origin.of(settings.endpoint());
  }

  /** An address of the hub. */
  public URI address(String pathAndQuery) {
    return URI.create(settings.endpoint() + pathAndQuery);
  }

  /** How often is tried, and how long is waited. */
  Patience patience() {
    return patience;
  }

  /**
   * Asks, and asks again after what may pass: connections that fail, 408, 429 and 5xx.
   *
   * @param doing what messages begin with, such as "Pulling org/name"
   * @return any answer that trying again would not change; its body must be closed
   * @throws HubException if the hub cannot be reached, still asks to wait, or fails each time
   */
  public HubResponse send(HubRequest request, String doing) {
    requireOnline(doing);
    for (int tries = 1; ; tries++) {
      HubResponse response;
      try {
        response = follow(request, doing);
      } catch (IOException failure) {
        if (tries >= patience.tries() || !request.repeatable()) {
          throw unreachable(request, doing, tries, failure);
        }
        pause("it did not answer (" + words(failure) + ")", patience.waitAfter(tries), doing);
        continue;
      }
      if (!mayPass(response.status(), request)) {
        return response;
      }
      response.close();
      if (tries >= patience.tries()) {
        throw new HubException(
            HubException.Cause.NETWORK,
            doing + ": " + response.answer() + ", " + tries + " times. Try again later.");
      }
      pause("it answered " + response.status(), wait(response, tries, doing), doing);
    }
  }

  private static boolean mayPass(int status, HubRequest request) {
    boolean unseen = status == 408 || status == 429 || status == 503;
    boolean failed = status == 500 || status == 502 || status == 504;
    return unseen || (failed && request.repeatable());
  }

  private Duration wait(HubResponse response, int tries, String doing) {
    Optional<Duration> asked = RequestedWait.in(response.headers(), Instant.now());
    if (asked.isPresent() && asked.get().compareTo(patience.longestObeyed()) > 0) {
      throw new HubException(
          HubException.Cause.NETWORK,
          doing
              + ": "
              + response.answer()
              + " and asks to wait "
              + asked.get().toSeconds()
              + " s. Try again then; a token in HF_TOKEN usually allows more requests.");
    }
    Duration own = patience.waitAfter(tries);
    return asked.filter(time -> time.compareTo(own) > 0).orElse(own);
  }

  /** Waits before the next try of anything. */
  void pause(String reason, Duration wait, String doing) {
    waits.waits(reason, wait);
    try {
      Thread.sleep(wait.toMillis());
    } catch (InterruptedException ended) {
      throw interrupted(doing, ended);
    }
  }

  private static HubException interrupted(String doing, InterruptedException ended) {
    Thread.currentThread().interrupt();
    return new HubException(HubException.Cause.NETWORK, doing + ": it was interrupted.", ended);
  }

  private void requireOnline(String doing) {
    if (settings.offline()) {
      throw new HubException(
          HubException.Cause.NETWORK,
          doing
              + ": the hub is needed, but HF_HUB_OFFLINE (or --offline) forbids to ask it. Leave it"
              + " away once, while there is a network.");
    }
  }

  private HubResponse follow(HubRequest request, String doing) throws IOException {
    URI address = request.address();
    for (int followed = 0; ; followed++) {
      HubResponse response = once(request.at(address), doing);
      Optional<URI> next =
          response.isRedirect()
              ? response.header("Location").flatMap(HubTransport::uri)
              : Optional.empty();
      if (next.isEmpty() || !isFollowed(next.get(), response, request)) {
        return response;
      }
      response.close();
      if (followed == MOST_REDIRECTS) {
        throw new HubException(
            HubException.Cause.NETWORK,
            doing
                + ": "
                + HubResponse.place(address)
                + " sends its clients on more than "
                + MOST_REDIRECTS
                + " times. Check the hub's address (HF_ENDPOINT).");
      }
      address = address.resolve(next.get());
      requireAsSafe(request.address(), address, doing);
    }
  }

  private static Optional<URI> uri(String location) {
    try {
      return Optional.of(URI.create(location.strip()));
    } catch (IllegalArgumentException noAddress) {
      return Optional.empty();
    }
  }

  private static boolean isFollowed(URI location, HubResponse response, HubRequest request) {
    boolean reads = request.isReading();
    boolean keepsMethod = response.status() == 307 || response.status() == 308;
    boolean relative = !location.isAbsolute() && location.getRawAuthority() == null;
    return (reads || keepsMethod)
        && (relative || (reads && request.redirects() == HubRequest.Redirects.CONTENT));
  }

  private static void requireAsSafe(URI from, URI to, String doing) {
    boolean downgraded = Origin.of(from).isEncrypted() && !Origin.of(to).isEncrypted();
    if (downgraded || !Origin.isUsable(to)) {
      throw new HubException(
          HubException.Cause.NETWORK,
          doing
              + ": "
              + HubResponse.place(from)
              + " sends its clients to an address that is not https ("
              + to.getScheme()
              + "), which is not followed. Check the hub's address (HF_ENDPOINT).");
    }
  }

  private HubResponse once(HubRequest request, String doing) throws IOException {
    Map<String, String> headers = new TreeMap<>(request.headers());
    headers.put("User-Agent", "graft");
    if (Origin.of(request.address()).equals(endpoint)) {
      settings.token().ifPresent(token -> headers.put("Authorization", token.authorization()));
    }
    boolean content = request.redirects() == HubRequest.Redirects.CONTENT;
    return request.isReading()
        ? ReadingConnection.open(
            request, headers, CONNECTING, content ? patience.stall() : patience.answer())
        : exchanged(request, headers, doing);
  }

  private HubResponse exchanged(HubRequest request, Map<String, String> headers, String doing)
      throws IOException {
    BodyPublisher body = request.body().get();
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(request.address()).method(request.method(), body);
    headers.forEach(builder::setHeader);
    // A time limit of the request itself would count the body as well, in newer versions of Java.
    CompletableFuture<HttpResponse<InputStream>> answer =
        sending().sendAsync(builder.build(), BodyHandlers.ofInputStream());
    Duration most = patience.answer().plusMillis(sendingMillis(body));
    try {
      HttpResponse<InputStream> response = answer.get(most.toMillis(), TimeUnit.MILLISECONDS);
      return new HubResponse(
          request.address(), response.statusCode(), response.headers(), response.body());
    } catch (TimeoutException late) {
      answer.cancel(true);
      throw new HttpTimeoutException("no answer within " + most.toSeconds() + " s");
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IOException(String.valueOf(failed.getCause()), failed);
    } catch (InterruptedException ended) {
      answer.cancel(true);
      throw interrupted(doing, ended);
    }
  }

  /** Made when something is sent: most commands only read. */
  private synchronized HttpClient sending() {
    HttpClient made = sending;
    if (made == null) {
      made =
          HttpClient.newBuilder()
              .followRedirects(HttpClient.Redirect.NEVER)
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(CONNECTING)
              .build();
      sending = made;
    }
    return made;
  }

  private static long sendingMillis(BodyPublisher body) {
    return Math.max(0, body.contentLength()) / SLOWEST_SENDING_BYTES_PER_MILLISECOND;
  }

  private static HubException unreachable(
      HubRequest request, String doing, int tries, IOException failure) {
    return new HubException(
        HubException.Cause.NETWORK,
        doing
            + ": "
            + HubResponse.place(request.address())
            + " cannot be reached ("
            + words(failure)
            + "), tried "
            + tries
            + (tries == 1 ? " time" : " times")
            + ". Check the network and the address (HF_ENDPOINT); behind a proxy, set"
            + " GRAFT_JAVA_OPTS=-Dhttps.proxyHost=HOST -Dhttps.proxyPort=PORT.",
        failure);
  }

  static String words(IOException failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }
}
