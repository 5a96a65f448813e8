package dev.graft.zoo.hub.server;

import dev.graft.zoo.hub.HubException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * What a client must show to write, and to read what is private. Never shown. Immutable and
 * thread-safe.
 */
public final class ServerToken {
  private static final String SCHEME = "Bearer ";
  private static final int SHORTEST = 16;
  private static final int LONGEST = 1024;

  private final byte[] digest;

  /**
   * Checks that it can stand in a header and is not quickly guessed.
   *
   * @throws HubException if it is shorter than 16 characters, or holds blanks
   */
  public ServerToken(String secret) {
    boolean plain = secret.chars().allMatch(c -> c > ' ' && c <= '~');
    if (!plain || secret.length() < SHORTEST || secret.length() > LONGEST) {
      throw new HubException(
          HubException.Cause.USAGE,
          "Reading the token for writing: "
              + SHORTEST
              + " to "
              + LONGEST
              + " letters, digits and signs without blanks are expected, found "
              + (plain ? secret.length() + " of them" : "something else")
              + ". Make one with: openssl rand -hex 32");
    }
    this.digest = digest(secret);
  }

  /** Whether a header {@code Authorization} shows it; takes as long for any answer. */
  boolean isShownBy(String header) {
    return header.startsWith(SCHEME)
        && MessageDigest.isEqual(digest, digest(header.substring(SCHEME.length()).strip()));
  }

  private static byte[] digest(String secret) {
    return ContentDigest.sha256().digest(secret.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "(a token)";
  }
}
