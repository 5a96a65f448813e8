package dev.graft.zoo;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file and what its bytes must be.
 *
 * @param name of the file, without a folder
 * @param sha256 64 lower-case hexadecimal digits
 */
record FileDigest(String name, String sha256) {
  /** Digest, a blank, a blank or an asterisk (for bytes), name: as sha256sum writes it. */
  private static final Pattern LINE =
      Pattern.compile("([0-9a-f]{64}) [ *]([A-Za-z0-9_][A-Za-z0-9_.-]*)");

  /**
   * Reads a list of files, one a line.
   *
   * @throws IOException if a line is none of sha256sum's, or names a file in another folder
   */
  static List<FileDigest> parse(String list) throws IOException {
    List<FileDigest> files = new ArrayList<>();
    for (String line : list.lines().toList()) {
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        throw new IOException(
            "a line of "
                + BundledBackbone.LIST
                + " is expected to be a SHA-256, two blanks and the name of a file, found \""
                + line
                + "\"");
      }
      files.add(new FileDigest(matcher.group(2), matcher.group(1)));
    }
    return files;
  }

  /** Whether bytes are those of the file. */
  boolean fits(byte[] content) {
    return sha256(content).equals(sha256);
  }

  static String sha256(byte[] content) {
    return HexFormat.of().formatHex(digest().digest(content));
  }

  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
