package dev.graft.zoo.hub.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.graft.zoo.hub.HubException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Serves the models in a folder as a model hub does: reading for everybody who reaches it, and,
 * where there is a token, writing and what is private for those who show it.
 *
 * <p>A folder {@code org/name} that somebody put there is served as it is; what clients push is
 * kept with its history. Files are streamed, so that the memory does not depend on their size.
 *
 * <p>Thread-safe.
 */
public final class HubServer implements AutoCloseable {
  private static final int THREADS = 256;
  private static final int BACKLOG = 128;
  private static final int ENDING_SECONDS = 2;
  private static final int LONGEST_QUEUE = 10_000;

  static {
    // The JDK's server reads these once. A whole request may take three minutes, so that one that
    // trickles in does not hold its thread for long; parts of objects are small for that reason.
    // Small answers are sent at once.
    setUnlessSet("sun.net.httpserver.maxReqTime", "180");
    setUnlessSet("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final ThreadPoolExecutor threads;
  private final StallWatch watch;
  private final Optional<ServerToken> token;
  private final RepositoryFolders repositories;
  private final HubRequests requests;
  private final HubServerListener listener;
  private final AtomicInteger active = new AtomicInteger();

  private static void setUnlessSet(String name, String value) {
    if (System.getProperty(name) == null) {
      System.setProperty(name, value);
    }
  }

  private HubServer(
      HttpServer server,
      Path root,
      HubServerOptions options,
      ServerLimits limits,
      HubServerListener listener) {
    this.server = server;
    this.token = options.token();
    this.listener = listener;
    this.watch = new StallWatch(limits.stall());
    this.repositories = new RepositoryFolders(root, limits);
    this.requests =
        new HubRequests(repositories, limits, options.token().isPresent(), options.publicAddress());
    this.threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            1,
            TimeUnit.MINUTES,
            new LinkedBlockingQueue<>(LONGEST_QUEUE),
            work -> {
              Thread thread = new Thread(work, "graft-hub");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Starts a server.
   *
   * @throws HubException if the folder is none, or the address cannot be listened at
   */
  public static HubServer start(HubServerOptions options, HubServerListener listener) {
    return start(options, ServerLimits.USUAL, listener);
  }

  static HubServer start(
      HubServerOptions options, ServerLimits limits, HubServerListener listener) {
    Path folder = options.folder();
    if (!Files.isDirectory(folder)) {
      throw new HubException(
          HubException.Cause.NOT_FOUND,
          "Starting the server: the folder "
              + folder
              + " is expected to hold a folder for each organisation, with one for each model"
              + " inside; there is no such folder. Make it first.");
    }
    try {
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getByName(options.host()), options.port());
      HttpServer http = HttpServer.create(address, BACKLOG);
      HubServer server = new HubServer(http, folder.toRealPath(), options, limits, listener);
      http.setExecutor(server.threads);
      http.createContext("/", server::handle);
      http.start();
      server.threads.execute(server.repositories::readAhead);
      return server;
    } catch (BindException | UnresolvedAddressException taken) {
      throw cannotListen(options, taken);
    } catch (IOException failure) {
      throw cannotListen(options, failure);
    }
  }

  private static HubException cannotListen(HubServerOptions options, Exception failure) {
    return new HubException(
        HubException.Cause.NETWORK,
        "Starting the server: it cannot listen at "
            + options.host()
            + ", port "
            + options.port()
            + " ("
            + failure.getMessage()
            + "). Choose another one, or port 0 for any that is free.",
        failure);
  }

  /** Where it is reached from this machine, or, where it listens at one address, from others. */
  public URI address() {
    return URI.create("http://" + hostAndPort(server.getAddress()));
  }

  static String hostAndPort(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    if (address.getAddress().isAnyLocalAddress()) {
      host = HubServerOptions.LOOPBACK;
    }
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  private void handle(HttpExchange http) {
    HubExchange exchange = null;
    active.incrementAndGet();
    try {
      exchange = new HubExchange(http, watch, isAuthorised(http));
      respond(exchange);
    } catch (HubError unreadable) {
      refuse(http, unreadable);
    } catch (IOException gone) {
      // The client has left, or was dropped.
    } finally {
      if (exchange != null) {
        exchange.end();
        listener.answered(
            http.getRequestMethod(),
            http.getRequestURI().getRawPath(),
            exchange.status(),
            exchange.sent());
      }
      http.close();
      active.decrementAndGet();
    }
  }

  private void respond(HubExchange exchange) throws IOException {
    try {
      String shown = exchange.header("Authorization").orElse("");
      if (token.isPresent() && !shown.isEmpty() && !exchange.isAuthorised()) {
        throw new HubError(401, "", "Invalid credentials in Authorization header");
      }
      requests.answer(exchange);
    } catch (HubError refused) {
      if (!exchange.isAnswered()) {
        exchange.answer(refused);
      }
    } catch (IOException | RuntimeException failure) {
      if (exchange.isAnswered()) {
        throw failure;
      }
      // What failed is the server's own affair: its messages name its folders.
      exchange.answer(new HubError(500, "", "The server failed to answer"));
    }
  }

  private static void refuse(HttpExchange http, HubError error) {
    try {
      byte[] body = ServerJson.bytes(ServerJson.object().put("error", error.text()));
      http.getResponseHeaders().set("Content-Type", "application/json");
      http.sendResponseHeaders(error.status(), body.length);
      http.getResponseBody().write(body);
    } catch (IOException gone) {
      // There is nobody left to tell.
    }
  }

  private boolean isAuthorised(HttpExchange http) {
    String header = http.getRequestHeaders().getFirst("Authorization");
    return header != null && token.map(secret -> secret.isShownBy(header)).orElse(false);
  }

  /** Answers what it has begun to answer, for two seconds at most, and ends. */
  @Override
  public void close() {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(ENDING_SECONDS);
    while (active.get() > 0 && System.nanoTime() < until) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
    // With a delay, it would wait for all of it even where nobody is connected.
    server.stop(0);
    threads.shutdownNow();
    watch.close();
  }
}
