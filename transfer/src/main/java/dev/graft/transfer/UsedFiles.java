package dev.graft.transfer;

import dev.graft.onnx.ExternalFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The files that a backbone is made of, with the digests by which they are known again. */
final class UsedFiles {
  /** What is read, or was pulled because people read it. */
  static final List<String> DESCRIPTIONS =
      List.of(
          "config.json",
          "preprocessor_config.json",
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "vocab.txt",
          "modules.json",
          "config_sentence_transformers.json",
          "sentence_bert_config.json",
          "1_Pooling/config.json",
          "provenance.json",
          "README.md",
          "LICENSE",
          "LICENSE.txt",
          "LICENSE.md");

  private static final int CHUNK_BYTES = 1 << 16;

  private UsedFiles() {}

  /** The files that describe a network, where they lie. */
  static List<Path> descriptions(Path file) {
    return BackboneFolder.foldersOf(file).stream()
        .flatMap(folder -> DESCRIPTIONS.stream().map(folder::resolve))
        .filter(BackboneFolder::isReadableFile)
        .toList();
  }

  /**
   * SHA-256 by name, relative to the folder that describes the network.
   *
   * @param sha256 of the ONNX file and its external data
   * @throws TransferException if one of them cannot be read
   */
  static Map<String, String> digests(Path file, String sha256) {
    List<Path> folders = BackboneFolder.foldersOf(file);
    Path top = folders.get(folders.size() - 1);
    Map<String, String> digests = new TreeMap<>();
    try {
      Set<String> external = ExternalFiles.namedBy(file);
      Path model = file.toAbsolutePath().normalize();
      digests.put(name(top, model), external.isEmpty() ? sha256 : sha256(model));
      for (String location : external) {
        put(digests, top, folders.get(0).resolve(location));
      }
      for (Path description : descriptions(file)) {
        put(digests, top, description);
      }
      return Collections.unmodifiableMap(digests);
    } catch (IOException gone) {
      throw new TransferException(
          TransferException.Cause.ENVIRONMENT,
          "Loading the backbone "
              + file
              + ": a file that describes it cannot be read ("
              + gone
              + "). Make it readable, or take it away.",
          gone);
    }
  }

  private static void put(Map<String, String> digests, Path top, Path file) throws IOException {
    digests.put(name(top, file), sha256(file));
  }

  private static String name(Path top, Path file) {
    return top.relativize(file).toString().replace('\\', '/');
  }

  private static String sha256(Path file) throws IOException {
    MessageDigest digest = digest();
    try (InputStream content = Files.newInputStream(file)) {
      byte[] chunk = new byte[CHUNK_BYTES];
      for (int count = content.read(chunk); count >= 0; count = content.read(chunk)) {
        digest.update(chunk, 0, count);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
