package dev.graft.runtime.trust;

import dev.graft.runtime.AtomicFile;
import dev.graft.runtime.BundleLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.util.Optional;

/**
 * The Ed25519 signature (RFC 8032) of a folder's list of files: 64 bytes over the bytes of the list
 * as it stands there, which {@code openssl pkeyutl -verify -rawin} checks as well.
 */
public final class FolderSignature {
  private static final int BYTES = 64;

  private FolderSignature() {}

  /**
   * Signs a folder: its files must be those of its list, which is made where there is none.
   *
   * @throws TrustException if a file is not what the list says, or cannot be listed
   * @throws IOException if a file cannot be read or written
   */
  public static void write(Path folder, PrivateKey key) throws IOException {
    if (!Files.exists(folder.resolve(BundleLayout.FILES), LinkOption.NOFOLLOW_LINKS)) {
      FileList.write(folder);
    }
    Verification verification = Verification.of(folder, Optional.empty());
    if (!verification.passed()) {
      Verification.Problem first = verification.problems().get(0);
      throw new TrustException(
          TrustException.Cause.FOLDER,
          folder
              + " is not signed: "
              + first.path()
              + " "
              + first.kind().words()
              + ". graft verify says more; delete "
              + BundleLayout.FILES
              + " first if the files are meant to be as they are.");
    }
    byte[] list = FileList.read(FolderScan.of(folder));
    try {
      Signature signing = Signature.getInstance(KeyFiles.ALGORITHM);
      signing.initSign(key);
      signing.update(list);
      AtomicFile.replace(folder.resolve(BundleLayout.SIGNATURE), signing.sign());
    } catch (GeneralSecurityException unusable) {
      throw new TrustException(
          TrustException.Cause.KEY,
          "Signing with this key failed: " + unusable.getMessage() + ". Make one with --new-key.",
          unusable);
    }
  }

  /** Whether a folder's signature was made of a list with the private half of a key. */
  static boolean isBy(PublicKey key, FolderScan scan, byte[] list) throws IOException {
    byte[] found;
    try {
      found = FileList.readBounded(scan, BundleLayout.SIGNATURE, BYTES);
    } catch (TrustException tooLongOrNoFile) {
      return false;
    }
    try {
      Signature checking = Signature.getInstance(KeyFiles.ALGORITHM);
      checking.initVerify(key);
      checking.update(list);
      return found.length == BYTES && checking.verify(found);
    } catch (SignatureException malformed) {
      return false;
    } catch (GeneralSecurityException unusable) {
      throw new TrustException(
          TrustException.Cause.KEY,
          "Checking with this key failed: " + unusable.getMessage() + ". Give an Ed25519 key.",
          unusable);
    }
  }
}
