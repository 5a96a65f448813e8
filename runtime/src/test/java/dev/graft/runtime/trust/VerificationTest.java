package dev.graft.runtime.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.runtime.trust.Verification.Problem;
import dev.graft.runtime.trust.Verification.Signature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerificationTest {
  /** Of the five bytes "hello", as RFC 6234's own implementation gives it. */
  private static final String SHA256_OF_HELLO =
      "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

  @TempDir Path folder = Path.of(".");
  private Path model = Path.of(".");

  @BeforeEach
  void write() throws IOException {
    model = folder.resolve("model");
    Files.createDirectories(model.resolve("examples"));
    Files.writeString(model.resolve("model.onnx"), "hello");
    Files.writeString(model.resolve("config.json"), "{}");
    Files.writeString(model.resolve("examples/000.png"), "pixels");
    FileList.write(model);
  }

  private static Verification verify(Path model) throws IOException {
    return Verification.of(model, Optional.empty());
  }

  private static List<String> found(Verification verification) {
    return verification.problems().stream()
        .map(problem -> problem.kind() + " " + problem.path())
        .toList();
  }

  // --- the list ----------------------------------------------------------------------------------

  @Test
  void write_folder_listsFilesAsSha256sumDoes() throws IOException {
    assertThat(Files.readAllLines(model.resolve("files.sha256")))
        .hasSize(3)
        .last()
        .isEqualTo(SHA256_OF_HELLO + "  model.onnx");
    assertThat(Files.readString(model.resolve("files.sha256"))).endsWith("  model.onnx\n");
  }

  @Test
  void write_again_leavesTheSameBytes() throws IOException {
    byte[] before = Files.readAllBytes(model.resolve("files.sha256"));
    FileList.write(model);
    assertThat(model.resolve("files.sha256")).hasBinaryContent(before);
  }

  @Test
  void of_untouched_passes() throws IOException {
    Verification verification = verify(model);
    assertThat(verification.problems()).isEmpty();
    assertThat(verification.passed()).isTrue();
    assertThat(verification.files()).isEqualTo(3);
    assertThat(verification.bytes()).isEqualTo(13);
    assertThat(verification.signature()).isEqualTo(Signature.NONE);
  }

  @Test
  void of_flippedBit_namesTheFileAndBothDigests() throws IOException {
    byte[] bytes = Files.readAllBytes(model.resolve("model.onnx"));
    bytes[2] ^= 1;
    Files.write(model.resolve("model.onnx"), bytes);
    Verification verification = verify(model);
    assertThat(found(verification)).containsExactly("CHANGED model.onnx");
    assertThat(verification.problems().get(0).detail()).contains("expected " + SHA256_OF_HELLO);
  }

  @Test
  void of_removedAndAddedFiles_namesThem() throws IOException {
    Files.delete(model.resolve("examples/000.png"));
    Files.writeString(model.resolve("examples/evil.so"), "x");
    assertThat(found(verify(model)))
        .containsExactly("MISSING examples/000.png", "UNKNOWN examples/evil.so");
  }

  @Test
  void of_fileThatHubsAdd_isNoProblem() throws IOException {
    Files.writeString(model.resolve(".gitattributes"), "*.onnx filter=lfs");
    assertThat(verify(model).problems()).isEmpty();
    Files.writeString(model.resolve("examples/.gitattributes"), "x");
    assertThat(found(verify(model))).containsExactly("UNKNOWN examples/.gitattributes");
  }

  @Test
  void of_linkInsteadOfFile_isNotFollowed() throws IOException {
    Path outside = Files.writeString(folder.resolve("outside"), "hello");
    Files.delete(model.resolve("model.onnx"));
    Files.createSymbolicLink(model.resolve("model.onnx"), outside);
    assertThat(found(verify(model))).containsExactly("LINK model.onnx");
  }

  @Test
  void of_linkedFolder_isNotEntered() throws IOException {
    Path outside = Files.createDirectories(folder.resolve("outside"));
    Files.writeString(outside.resolve("a"), "a");
    Files.createSymbolicLink(model.resolve("more"), outside);
    assertThat(found(verify(model))).containsExactly("LINK more");
  }

  @Test
  void of_snapshotInASharedCache_followsItsOwnBlobsAlone() throws IOException {
    Path snapshot = folder.resolve("models--a--b/snapshots/0123");
    Path blobs = Files.createDirectories(folder.resolve("models--a--b/blobs"));
    Files.createDirectories(snapshot);
    Path blob = Files.writeString(blobs.resolve(SHA256_OF_HELLO), "hello");
    Path link = snapshot.resolve("model.onnx");
    Files.createSymbolicLink(link, snapshot.relativize(blob));
    FileList.write(snapshot);
    assertThat(verify(snapshot).problems()).isEmpty();

    Files.delete(link);
    Path outside = Files.writeString(folder.resolve(SHA256_OF_HELLO), "hello");
    Files.createSymbolicLink(link, snapshot.relativize(outside));
    assertThat(found(verify(snapshot))).containsExactly("LINK model.onnx");
  }

  @Test
  void of_bundleOfBefore_saysThatThereIsNoList() throws IOException {
    Files.delete(model.resolve("files.sha256"));
    Verification verification = verify(model);
    assertThat(verification.passed()).isFalse();
    assertThat(found(verification)).containsExactly("NO_LIST files.sha256");
    assertThat(verification.problems().get(0).detail()).contains("older graft");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../outside",
        "/etc/passwd",
        "a/../../b",
        "a//b",
        "./a",
        "C:\\windows",
        "a\\b",
        "files.sha256",
        "",
      })
  void of_listWithAPathThatLeadsOut_isRefused(String path) throws IOException {
    Files.writeString(model.resolve("files.sha256"), SHA256_OF_HELLO + "  " + path + "\n");
    assertThat(found(verify(model))).containsExactly("UNUSABLE_LIST files.sha256");
  }

  @Test
  void of_listWithOverlongNames_isRefused() throws IOException {
    String line = SHA256_OF_HELLO + "  " + "a".repeat(256) + "\n";
    Files.writeString(model.resolve("files.sha256"), line);
    assertThat(verify(model).problems())
        .extracting(Problem::kind, Problem::detail)
        .allSatisfy(tuple -> assertThat(tuple.toString()).contains("longer than 255 bytes"));
  }

  @Test
  void of_listOfTheSameFileTwice_isRefused() throws IOException {
    Files.writeString(
        model.resolve("files.sha256"), (SHA256_OF_HELLO + "  model.onnx\n").repeat(2));
    assertThat(verify(model).problems().get(0).detail()).contains("which is there already");
  }

  @Test
  void of_hugeList_isNotRead() throws IOException {
    byte[] chunk =
        (SHA256_OF_HELLO + "  model.onnx\n").repeat(10_000).getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < 6; i++) {
      Files.write(
          model.resolve("files.sha256"),
          chunk,
          StandardOpenOption.APPEND,
          StandardOpenOption.WRITE);
    }
    assertThat(verify(model).problems().get(0).detail()).contains("more than 4194304 bytes");
  }

  @Test
  void of_listWithTooManyLines_isRefused() throws IOException {
    StringBuilder list = new StringBuilder();
    for (int i = 0; i <= FolderScan.MOST_ENTRIES; i++) {
      list.append(SHA256_OF_HELLO).append("  ").append(i).append('\n');
    }
    Files.writeString(model.resolve("files.sha256"), list);
    assertThat(verify(model).problems().get(0).detail()).contains("more than 20000 lines");
  }

  @Test
  void of_noFolder_isRefused() {
    assertThatThrownBy(() -> verify(folder.resolve("nowhere")))
        .isInstanceOf(TrustException.class)
        .hasMessageContaining("expected the folder of a model, found nothing");
  }

  // --- signatures --------------------------------------------------------------------------------

  private Path newKey(String name) throws IOException {
    Path key = folder.resolve(name);
    assertThat(KeyFiles.create(key)).isEqualTo(folder.resolve(name + ".pub"));
    return key;
  }

  private static PublicKey publicHalf(Path key) throws IOException {
    return KeyFiles.readPublic(key.resolveSibling(key.getFileName() + ".pub"));
  }

  private PublicKey sign() throws IOException {
    Path key = newKey("key.pem");
    FolderSignature.write(model, KeyFiles.readPrivate(key));
    return publicHalf(key);
  }

  private static Verification verify(Path model, PublicKey key) throws IOException {
    return Verification.of(model, Optional.of(key));
  }

  @Test
  void of_signedFolder_isValidWithItsKeyAndUncheckedWithoutOne() throws IOException {
    PublicKey key = sign();
    assertThat(verify(model, key).problems()).isEmpty();
    assertThat(verify(model, key).signature()).isEqualTo(Signature.VALID);
    assertThat(verify(model).signature()).isEqualTo(Signature.UNCHECKED);
    assertThat(model.resolve("files.sha256.sig")).hasSize(64);
  }

  @Test
  void of_changedFileWithItsListMadeAnew_isCaughtByTheSignatureAlone() throws IOException {
    PublicKey key = sign();
    Files.writeString(model.resolve("model.onnx"), "other weights");
    FileList.write(model);
    assertThat(verify(model).problems()).isEmpty();
    Verification verification = verify(model, key);
    assertThat(found(verification)).containsExactly("WRONG_SIGNATURE files.sha256.sig");
    assertThat(verification.signature()).isEqualTo(Signature.WRONG);
  }

  @Test
  void of_anotherKey_fails() throws IOException {
    sign();
    assertThat(found(verify(model, publicHalf(newKey("other.pem")))))
        .containsExactly("WRONG_SIGNATURE files.sha256.sig");
  }

  @Test
  void of_unsignedFolderWithKey_fails() throws IOException {
    assertThat(found(verify(model, publicHalf(newKey("key.pem")))))
        .containsExactly("NOT_SIGNED files.sha256.sig");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 63, 65, 100_000})
  void of_signatureOfAnotherLength_fails(int length) throws IOException {
    PublicKey key = sign();
    Files.write(model.resolve("files.sha256.sig"), new byte[length]);
    assertThat(found(verify(model, key))).containsExactly("WRONG_SIGNATURE files.sha256.sig");
  }

  @Test
  void sign_changedFolder_isRefused() throws IOException {
    Files.writeString(model.resolve("config.json"), "{ }");
    assertThatThrownBy(this::sign)
        .isInstanceOf(TrustException.class)
        .hasMessageContaining("config.json was changed");
    assertThat(model.resolve("files.sha256.sig")).doesNotExist();
  }

  @Test
  void sign_bundleOfBefore_makesTheList() throws IOException {
    Files.delete(model.resolve("files.sha256"));
    assertThat(verify(model, sign()).problems()).isEmpty();
  }

  // --- keys --------------------------------------------------------------------------------------

  @Test
  void create_newKey_isForItsOwnerAlone() throws IOException {
    Path key = newKey("key.pem");
    assertThat(key).content().startsWith("-----BEGIN PRIVATE KEY-----\n");
    assumeTrue(Files.getFileStore(key).supportsFileAttributeView("posix"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
  }

  @Test
  void create_existingKey_isNotReplaced() throws IOException {
    String before = Files.readString(newKey("key.pem"));
    assertThatThrownBy(() -> KeyFiles.create(folder.resolve("key.pem")))
        .isInstanceOf(TrustException.class)
        .hasMessageContaining("exists already and is not replaced");
    assertThat(folder.resolve("key.pem")).hasContent(before);
  }

  @Test
  void readPublic_privateKey_saysWhatWasGiven() throws IOException {
    Path key = newKey("key.pem");
    assertThatThrownBy(() -> KeyFiles.readPublic(key))
        .isInstanceOf(TrustException.class)
        .hasMessageContaining("expected -----BEGIN PUBLIC KEY-----")
        .hasMessageContaining("found -----BEGIN PRIVATE KEY-----");
  }

  @Test
  void readPrivate_keyOfAnotherKind_isRefused() throws Exception {
    byte[] ofX25519 =
        KeyPairGenerator.getInstance("X25519").generateKeyPair().getPrivate().getEncoded();
    Path file = folder.resolve("x25519.pem");
    Files.writeString(
        file,
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getEncoder().encodeToString(ofX25519)
            + "\n-----END PRIVATE KEY-----\n");
    assertThatThrownBy(() -> KeyFiles.readPrivate(file))
        .isInstanceOf(TrustException.class)
        .hasMessageContaining("found a key of another kind");
  }

  /** As openssl pkey -pubout writes it. */
  @Test
  void readPublic_keyOfRfc8032_isTheSameKey() throws IOException {
    Path file = folder.resolve("rfc8032.pem");
    Files.writeString(
        file,
        """
        -----BEGIN PUBLIC KEY-----
        MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
        -----END PUBLIC KEY-----
        """);
    // The public key of the first test of RFC 8032, section 7.1.
    assertThat(KeyFiles.readPublic(file).getEncoded())
        .endsWith(
            java.util.HexFormat.of()
                .parseHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
  }
}
