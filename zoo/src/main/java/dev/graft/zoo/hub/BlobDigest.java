package dev.graft.zoo.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the bytes of a file must hash to, as a hub names it: 64 hexadecimal digits are the SHA-256
 * of the content, 40 the SHA-1 of a git blob, which is that of {@code "blob " length "\0" content}.
 * Immutable and thread-safe.
 *
 * @param hex in lower case
 */
record BlobDigest(String hex) {
  private static final int CHUNK_BYTES = 1 << 18;
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

  BlobDigest {
    if (!HEX.matcher(hex).matches()) {
      throw new IllegalArgumentException("expected 40 or 64 hexadecimal digits, found " + hex);
    }
  }

  /** From an ETag, weak or not, in quotes or not; empty where it is no digest. */
  static Optional<BlobDigest> ofTag(String tag) {
    String text = tag.strip();
    String plain = text.startsWith("W/") ? text.substring(2) : text;
    String digits = plain.replace("\"", "").toLowerCase(Locale.ROOT);
    return HEX.matcher(digits).matches() ? Optional.of(new BlobDigest(digits)) : Optional.empty();
  }

  boolean isSha256() {
    return hex.length() == 64;
  }

  /** What it is called. */
  String algorithm() {
    return isSha256() ? "SHA-256" : "git blob SHA-1";
  }

  /** Ready for the content of a file of a size. */
  MessageDigest begin(long size) {
    MessageDigest digest = digest(isSha256() ? "SHA-256" : "SHA-1");
    if (!isSha256()) {
      digest.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
    }
    return digest;
  }

  /** Whether a digest that was fed is this one. */
  boolean equalsFed(MessageDigest fed) {
    return HexFormat.of().formatHex(fed.digest()).equals(hex);
  }

  /** Whether a file has a size and this digest. */
  boolean isOf(Path file, long size) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) != size) {
      return false;
    }
    MessageDigest digest = begin(size);
    feed(digest, file);
    return equalsFed(digest);
  }

  /** Feeds a digest with what a file holds. */
  static void feed(MessageDigest digest, Path file) throws IOException {
    try (InputStream content = Files.newInputStream(file)) {
      byte[] chunk = new byte[CHUNK_BYTES];
      for (int count = content.read(chunk); count >= 0; count = content.read(chunk)) {
        digest.update(chunk, 0, count);
      }
    }
  }

  /** The SHA-256 of a file, 64 hexadecimal digits. */
  static String sha256(Path file) throws IOException {
    MessageDigest digest = digest("SHA-256");
    feed(digest, file);
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has " + algorithm, impossible);
    }
  }

  @Override
  public String toString() {
    return hex;
  }
}
