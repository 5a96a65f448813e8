package dev.graft.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.runtime.BundleLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A folder that holds a backbone: model.onnx, and beside it what is known of it, such as a
 * preprocessor_config.json, a config.json with its {@code id} and a model card. Stateless,
 * thread-safe.
 */
public final class BackboneFolder {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long MAXIMUM_BYTES = 16 << 20;
  private static final int LONGEST_ID = 200;

  /** Where hubs keep the ONNX file of a network that they hold in other formats, too. */
  private static final String HUB_FOLDER = "onnx";

  private BackboneFolder() {}

  /** Whether a path is such a folder, and not that of a model which training wrote. */
  public static boolean isAt(Path path) {
    Path inHubFolder = path.resolve(HUB_FOLDER).resolve(BundleLayout.MODEL);
    return (Files.isRegularFile(path.resolve(BundleLayout.MODEL)) && !isTrained(path))
        || Files.isRegularFile(inHubFolder);
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
    Path inHubFolder = fileOrFolder.resolve(HUB_FOLDER).resolve(BundleLayout.MODEL);
    if (!Files.isRegularFile(model) && Files.isRegularFile(inHubFolder)) {
      return inHubFolder;
    }
    if (!Files.isRegularFile(model)) {
      throw refused(
          fileOrFolder,
          "a folder with "
              + BundleLayout.MODEL
              + " in it is expected, but there is none. Name the ONNX file itself, or another folder.");
    }
    return model;
  }

  private static TransferException refused(Path path, String reason) {
    return new TransferException(
        TransferException.Cause.MODEL, "Loading the backbone " + path + ": " + reason);
  }

  /**
   * A backbone's id: that of its folder's config.json, else of the hub that it came from, else the
   * folder's or the file's name.
   */
  static String idOf(Path fileOrFolder) {
    Optional<HubSnapshot> ofHub = HubSnapshot.around(fileOrFolder);
    if (ofHub.isPresent()) {
      return ofHub.get().id();
    }
    Path name = fileOrFolder.toAbsolutePath().normalize().getFileName();
    String text = name == null ? fileOrFolder.toString() : name.toString();
    if (Files.isDirectory(fileOrFolder)) {
      return statedId(fileOrFolder).orElse(text);
    }
    return text.endsWith(".onnx") ? text.substring(0, text.length() - ".onnx".length()) : text;
  }

  /** A description of a file: beside it, or around the folder {@code onnx} that it lies in. */
  static Optional<Path> describing(Path file, String name) {
    return foldersOf(file).stream()
        .map(folder -> folder.resolve(name))
        .filter(BackboneFolder::isReadableFile)
        .findFirst();
  }

  /** What describes the preprocessing of a file. */
  static Optional<Path> description(Path file) {
    return describing(file, "preprocessor_config.json");
  }

  static boolean isReadableFile(Path path) {
    return Files.isRegularFile(path) && Files.isReadable(path);
  }

  private static Optional<String> statedId(Path folder) {
    return config(folder)
        .map(json -> json.path("id").asText("").strip())
        .filter(id -> !id.isEmpty() && id.length() <= LONGEST_ID)
        .filter(id -> id.chars().noneMatch(Character::isISOControl));
  }

  /** The pooling that the config.json beside a file asks for; an unknown one counts as none. */
  public static Optional<PoolingChoice> statedPooling(Path file) {
    return describing(file, BundleLayout.CONFIG)
        .flatMap(BackboneFolder::json)
        .map(json -> json.path("pooling").asText(""))
        .flatMap(
            stated ->
                Arrays.stream(PoolingChoice.values())
                    .filter(one -> one.name().equalsIgnoreCase(stated))
                    .findFirst());
  }

  /**
   * How long the texts are that the config.json beside a file asks for, in tokens; what is out of
   * range counts as nothing.
   */
  static OptionalInt statedTokens(Path file) {
    int stated =
        describing(file, BundleLayout.CONFIG)
            .flatMap(BackboneFolder::json)
            .map(json -> json.path("max_tokens").asInt(0))
            .orElse(0);
    return stated >= TextOptions.FEWEST_TOKENS && stated <= TextOptions.MOST_TOKENS
        ? OptionalInt.of(stated)
        : OptionalInt.empty();
  }

  /**
   * The folders that describe a file: its own, and where that is the {@code onnx} of a hub's
   * layout, the one around it.
   */
  static List<Path> foldersOf(Path file) {
    Path own = file.toAbsolutePath().normalize().getParent();
    if (own == null) {
      return List.of();
    }
    Path around = own.getParent();
    return around != null && own.endsWith(HUB_FOLDER) ? List.of(own, around) : List.of(own);
  }

  /** Whether a folder holds a model that training wrote: it names the backbone it came from. */
  static boolean isTrained(Path folder) {
    return config(folder).filter(json -> json.path("backbone").isObject()).isPresent();
  }

  /** Any hub's config.json may lie there; one that cannot be read tells nothing. */
  private static Optional<JsonNode> config(Path folder) {
    return json(folder.resolve(BundleLayout.CONFIG));
  }

  /** A description, where one lies there that is of a sensible size and can be read. */
  static Optional<JsonNode> json(Path file) {
    try {
      return Files.isRegularFile(file) && Files.size(file) <= MAXIMUM_BYTES
          ? Optional.ofNullable(JSON.readTree(Files.readAllBytes(file)))
          : Optional.empty();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }
}
