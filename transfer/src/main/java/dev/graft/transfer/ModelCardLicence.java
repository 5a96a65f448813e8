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
    Path card = backbone.resolveSibling("README.md");
    try {
      if (!Backbone.isReadableFile(card) || Files.size(card) > MAXIMUM_BYTES) {
        return Optional.empty();
      }
      String text = Files.readString(card, StandardCharsets.UTF_8);
      if (!text.startsWith("---")) {
        return Optional.empty();
      }
      return text.lines()
          .skip(1)
          .takeWhile(line -> !line.startsWith("---"))
          .filter(line -> line.startsWith("license:"))
          .map(line -> line.substring("license:".length()).trim())
          .filter(licence -> !licence.isEmpty())
          .findFirst();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }
}
