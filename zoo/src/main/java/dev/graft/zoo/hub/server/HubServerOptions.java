package dev.graft.zoo.hub.server;

import dev.graft.zoo.hub.HubException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What is served, and where.
 *
 * @param folder holds a folder for each organisation, which holds one for each model
 * @param host the address to listen at
 * @param port 0 for any that is free
 * @param token empty for a server that nobody can write to
 * @param publicAddress how clients reach it, where another server stands in front of it; otherwise
 *     told by the requests themselves
 */
public record HubServerOptions(
    Path folder, String host, int port, Optional<ServerToken> token, Optional<URI> publicAddress) {
  /** The address that only processes of this machine reach. */
  public static final String LOOPBACK = "127.0.0.1";

  private static final int LARGEST_PORT = 65_535;

  /**
   * Checks the port and the address.
   *
   * @throws HubException if one of them is out of its range
   */
  public HubServerOptions {
    if (port < 0 || port > LARGEST_PORT) {
      throw new HubException(
          HubException.Cause.USAGE,
          "Starting the server: a port from 0 to " + LARGEST_PORT + " is expected, found " + port);
    }
    publicAddress.ifPresent(HubServerOptions::requireAddress);
  }

  /** On loopback, on any free port, without writing. */
  public static HubServerOptions of(Path folder) {
    return new HubServerOptions(folder, LOOPBACK, 0, Optional.empty(), Optional.empty());
  }

  /** The same, writable for those who know the token. */
  public HubServerOptions withToken(ServerToken secret) {
    return new HubServerOptions(folder, host, port, Optional.of(secret), publicAddress);
  }

  private static void requireAddress(URI address) {
    String scheme = String.valueOf(address.getScheme());
    if (!scheme.matches("https?") || address.getHost() == null || address.getRawQuery() != null) {
      throw new HubException(
          HubException.Cause.USAGE,
          "Starting the server: an address such as https://models.example is expected, found "
              + address);
    }
  }
}
