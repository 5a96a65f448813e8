package dev.graft.runtime.trust;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ed25519 keys as files: PKCS#8 for the private half, X.509 for the public one, both in PEM, as
 * {@code openssl genpkey -algorithm ed25519} writes them.
 */
public final class KeyFiles {
  /** What is added to the private key's name for the public one. */
  public static final String PUBLIC_SUFFIX = ".pub";

  static final String ALGORITHM = "Ed25519";

  private static final String PRIVATE = "PRIVATE KEY";
  private static final String PUBLIC = "PUBLIC KEY";
  private static final int MAXIMUM_BYTES = 1 << 14;
  private static final int LINE_LENGTH = 64;
  private static final Pattern PEM =
      Pattern.compile(
          "\\s*-----BEGIN ([A-Z0-9 ]+)-----\\s+([A-Za-z0-9+/=\\s]+)-----END \\1-----\\s*");

  private KeyFiles() {}

  /**
   * Makes a pair of keys: the private one in a file that its owner alone may read, the public one
   * beside it. Nothing is replaced.
   *
   * @return the file of the public key
   * @throws TrustException if one of the files exists already
   * @throws IOException if a file cannot be written
   */
  public static Path create(Path privateFile) throws IOException {
    Path publicFile = privateFile.resolveSibling(privateFile.getFileName() + PUBLIC_SUFFIX);
    KeyPair pair;
    try {
      pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java from 15 on has Ed25519", impossible);
    }
    if (Files.exists(publicFile)) {
      throw exists(publicFile);
    }
    writeNew(privateFile, pem(PRIVATE, pair.getPrivate().getEncoded()), true);
    writeNew(publicFile, pem(PUBLIC, pair.getPublic().getEncoded()), false);
    return publicFile;
  }

  /**
   * Reads a private key.
   *
   * @throws TrustException if the file holds none
   * @throws IOException if it cannot be read
   */
  public static PrivateKey readPrivate(Path file) throws IOException {
    byte[] encoded = read(file, PRIVATE);
    try {
      return KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    } catch (GeneralSecurityException other) {
      throw refused(file, "a private Ed25519 key", "a key of another kind");
    }
  }

  /**
   * Reads a public key.
   *
   * @throws TrustException if the file holds none
   * @throws IOException if it cannot be read
   */
  public static PublicKey readPublic(Path file) throws IOException {
    byte[] encoded = read(file, PUBLIC);
    try {
      return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded));
    } catch (GeneralSecurityException other) {
      throw refused(file, "a public Ed25519 key", "a key of another kind");
    }
  }

  /** The SHA-256 of a public key in X.509 form, by which people compare keys. */
  public static String fingerprint(PublicKey key) {
    return HexFormat.of().formatHex(FolderScan.digest().digest(key.getEncoded()));
  }

  private static byte[] read(Path file, String expected) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw refused(file, "a key in PEM form", "no file of that name");
    }
    byte[] content;
    try (InputStream stream = Files.newInputStream(file)) {
      content = stream.readNBytes(MAXIMUM_BYTES + 1);
    }
    String text = new String(content, StandardCharsets.US_ASCII);
    Matcher matcher = PEM.matcher(text);
    if (content.length > MAXIMUM_BYTES || !matcher.matches()) {
      throw refused(file, "a key in PEM form", "something else");
    }
    if (!matcher.group(1).equals(expected)) {
      throw refused(
          file, "-----BEGIN " + expected + "-----", "-----BEGIN " + matcher.group(1) + "-----");
    }
    try {
      return Base64.getMimeDecoder().decode(matcher.group(2));
    } catch (IllegalArgumentException damaged) {
      throw refused(file, "a key in PEM form", "damaged Base64");
    }
  }

  private static String pem(String kind, byte[] encoded) {
    String body = Base64.getMimeEncoder(LINE_LENGTH, new byte[] {'\n'}).encodeToString(encoded);
    return "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n";
  }

  private static void writeNew(Path file, String text, boolean ownerAlone) throws IOException {
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] attributes =
        ownerAlone && posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    try (SeekableByteChannel channel =
        Files.newByteChannel(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
      ByteBuffer remaining = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
      while (remaining.hasRemaining()) {
        channel.write(remaining);
      }
    } catch (FileAlreadyExistsException there) {
      throw exists(file);
    }
  }

  private static TrustException exists(Path file) {
    return new TrustException(
        TrustException.Cause.KEY,
        "No key is made: " + file + " exists already and is not replaced. Name another file.");
  }

  private static TrustException refused(Path file, String expected, String found) {
    return new TrustException(
        TrustException.Cause.KEY,
        "Cannot use the key "
            + file
            + ": expected "
            + expected
            + ", found "
            + found
            + ". graft sign --new-key FILE makes FILE, to sign with, and FILE"
            + PUBLIC_SUFFIX
            + ", to check with.");
  }
}
