package dev.graft.zoo.hub.server;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proofs that who holds the token was told to send something, which go into addresses, as those of
 * object stores do: clients show no token there. A ticket is an HMAC-SHA256 of what it is for, with
 * a key that nobody else knows and that ends with the process. Thread-safe.
 */
final class UploadTickets {
  private static final String ALGORITHM = "HmacSHA256";
  private static final long LIFE_SECONDS = 24 * 60 * 60;

  private final SecretKeySpec key;

  UploadTickets() {
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    this.key = new SecretKeySpec(secret, ALGORITHM);
  }

  /** A query that proves that some values were given out, such as repository, object and size. */
  String query(List<String> values) {
    long expires = Instant.now().getEpochSecond() + LIFE_SECONDS;
    return "expires=" + expires + "&ticket=" + HexFormat.of().formatHex(mac(values, expires));
  }

  /**
   * Checks what came back.
   *
   * @throws HubError if it was not given out for these values, or too long ago
   */
  void require(HubExchange exchange, List<String> values) {
    long expires = exchange.query("expires").flatMap(RequestPath::number).orElse(0L);
    String ticket = exchange.query("ticket").orElse("");
    boolean valid =
        ticket.matches("[0-9a-f]{64}")
            && MessageDigest.isEqual(HexFormat.of().parseHex(ticket), mac(values, expires));
    if (!valid || expires < Instant.now().getEpochSecond()) {
      throw new HubError(403, "", "This address was not given out, or too long ago; ask anew");
    }
  }

  private byte[] mac(List<String> values, long expires) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      // No value holds a line end, so that no two lists give the same text.
      String text = String.join("\n", values) + "\n" + expires;
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java has " + ALGORITHM, impossible);
    }
  }
}
