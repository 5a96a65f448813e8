package dev.graft.zoo.hub.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The two digests that hubs name content by: SHA-256, and the SHA-1 of a git blob, which is that of
 * {@code "blob " + length + NUL + bytes}. Not thread-safe.
 */
final class ContentDigest {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  private final MessageDigest sha256 = sha256();
  private final MessageDigest blob = digest("SHA-1");

  private final boolean large;

  /**
   * @param large whether the second digest is that of the pointer, and the content's is not needed
   */
  ContentDigest(long length, boolean large) {
    this.large = large;
    blob.update(("blob " + length + "\0").getBytes(StandardCharsets.UTF_8));
  }

  void update(byte[] bytes, int count) {
    sha256.update(bytes, 0, count);
    if (!large) {
      blob.update(bytes, 0, count);
    }
  }

  /** A file of a repository with these digests. */
  StoredFile file(long size) {
    String hex = HexFormat.of().formatHex(sha256.digest());
    return new StoredFile(
        size, hex, large ? pointer(hex, size) : HexFormat.of().formatHex(blob.digest()), large);
  }

  /** The git blob of the small file that git-lfs keeps in place of a large one. */
  static String pointer(String sha256, long size) {
    byte[] text = pointerText(sha256, size);
    ContentDigest digest = new ContentDigest(text.length, false);
    digest.update(text, text.length);
    return HexFormat.of().formatHex(digest.blob.digest());
  }

  /** The small file itself. */
  static byte[] pointerText(String sha256, long size) {
    String text =
        "version https://git-lfs.github.com/spec/v1\noid sha256:"
            + sha256
            + "\nsize "
            + size
            + "\n";
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static boolean isSha256(String text) {
    return SHA256.matcher(text).matches();
  }

  static String hex(byte[] content) {
    return HexFormat.of().formatHex(sha256().digest(content));
  }

  static MessageDigest sha256() {
    return digest("SHA-256");
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has " + algorithm, impossible);
    }
  }
}
