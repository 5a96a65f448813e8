package dev.graft.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.runtime.BundleLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * A folder that holds a backbone: model.onnx, and beside it what is known of it, such as a
 * preprocessor_config.json, a config.json with its {@code id} and a model card. Stateless,
 * thread-safe.
 */
public final class BackboneFolder {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long MAXIMUM_BYTES = 16 << 20;
  private static final int LONGEST_ID = 200;

  private BackboneFolder() {}

  /** Whether a path is such a folder, and not that of a model which training wrote. */
  public static boolean isAt(Path path) {
    return Files.isRegularFile(path.resolve(BundleLayout.MODEL)) && !isTrained(path);
  }

  /**
   * The file of a backbone that is named by its file or by its folder.
   *
   * @throws TransferException for a folder that holds none
   */
  public static Path modelOf(Path fileOrFolder) {
    if (!Files.isDirectory(fileOrFolder)) {
      return fileOrFolder;
    }
    Path model = fileOrFolder.resolve(BundleLayout.MODEL);
    if (!Files.isRegularFile(model)) {
      throw refused(
          fileOrFolder,
          "a folder with "
              + BundleLayout.MODEL
              + " in it is expected, but there is none. Name the ONNX file itself, or another folder.");
    }
    if (isTrained(fileOrFolder)) {
      throw refused(
          fileOrFolder,
          "a pretrained network is expected, but this is a model that training wrote, which prepares"
              + " its images itself. Name the backbone that it was made from; graft inspect shows"
              + " which.");
    }
    return model;
  }

  private static TransferException refused(Path path, String reason) {
    return new TransferException(
        TransferException.Cause.MODEL, "Loading the backbone " + path + ": " + reason);
  }

  /** A backbone's id: that of its folder's config.json, else the folder's or the file's name. */
  static String idOf(Path fileOrFolder) {
    Path name = fileOrFolder.toAbsolutePath().normalize().getFileName();
    String text = name == null ? fileOrFolder.toString() : name.toString();
    if (Files.isDirectory(fileOrFolder)) {
      return statedId(fileOrFolder).orElse(text);
    }
    return text.endsWith(".onnx") ? text.substring(0, text.length() - ".onnx".length()) : text;
  }

  private static Optional<String> statedId(Path folder) {
    return config(folder)
        .map(json -> json.path("id").asText("").strip())
        .filter(id -> !id.isEmpty() && id.length() <= LONGEST_ID)
        .filter(id -> id.chars().noneMatch(Character::isISOControl));
  }

  /** The pooling that the config.json beside a file asks for; an unknown one counts as none. */
  public static Optional<PoolingChoice> statedPooling(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    return folder == null
        ? Optional.empty()
        : config(folder)
            .map(json -> json.path("pooling").asText(""))
            .flatMap(
                stated ->
                    Arrays.stream(PoolingChoice.values())
                        .filter(one -> one.name().equalsIgnoreCase(stated))
                        .findFirst());
  }

  /** What training writes names the backbone that it came from. */
  private static boolean isTrained(Path folder) {
    return config(folder).filter(json -> json.path("backbone").isObject()).isPresent();
  }

  /** Any hub's config.json may lie there; one that cannot be read tells nothing. */
  private static Optional<JsonNode> config(Path folder) {
    Path file = folder.resolve(BundleLayout.CONFIG);
    try {
      return Files.isRegularFile(file) && Files.size(file) <= MAXIMUM_BYTES
          ? Optional.ofNullable(JSON.readTree(Files.readAllBytes(file)))
          : Optional.empty();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }
}
