package dev.graft.transfer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The licence that a model card (README.md with YAML front matter) beside a backbone states. */
final class ModelCardLicence {
  private static final long MAXIMUM_BYTES = 1 << 20;

  private ModelCardLicence() {}

  static Optional<String> beside(Path backbone) {
    Optional<Path> found = BackboneFolder.describing(backbone, "README.md");
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Path card = found.get();
    try {
      if (Files.size(card) > MAXIMUM_BYTES) {
        return Optional.empty();
      }
      String text = Files.readString(card, StandardCharsets.UTF_8);
      if (!text.startsWith("---")) {
        return Optional.empty();
      }
      Optional<String> licence = value(text, "license");
      // One that hubs do not know is "other", and has its name beside it.
      Optional<String> name = value(text, "license_name");
      return licence.filter("other"::equals).isPresent() && name.isPresent() ? name : licence;
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  private static Optional<String> value(String text, String key) {
    return text.lines()
        .skip(1)
        .takeWhile(line -> !line.startsWith("---"))
        .filter(line -> line.startsWith(key + ":"))
        .map(line -> line.substring(key.length() + 1).strip().replaceAll("^[\"']|[\"']$", ""))
        .filter(value -> !value.isEmpty())
        .findFirst();
  }
}
