package dev.graft.zoo.hub;

/**
 * What tells a hub who asks. Never shown: neither {@link #toString} nor a message holds it.
 * Immutable and thread-safe.
 */
public final class HubToken {
  private final String secret;

  /**
   * Checks that it can stand in a header.
   *
   * @throws HubException if it cannot
   */
  public HubToken(String secret) {
    if (secret.isEmpty() || secret.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      throw new HubException(
          HubException.Cause.USAGE,
          "Reading the token for the hub (HF_TOKEN, or the file HF_TOKEN_PATH): letters, digits and"
              + " signs without blanks are expected, but it holds something else. Copy it anew from"
              + " the hub's settings.");
    }
    this.secret = secret;
  }

  /** The value of the header {@code authorization}. */
  String authorization() {
    return "Bearer " + secret;
  }

  @Override
  public String toString() {
    return "(a token)";
  }
}
