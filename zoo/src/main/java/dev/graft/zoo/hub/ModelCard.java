package dev.graft.zoo.hub;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the README.md of a model says of it. Of its front matter only plain keys at the top are
 * read; it is shown to people, and nothing else depends on it. Immutable and thread-safe.
 *
 * @param licence such as apache-2.0, with the name of one that hubs do not know
 * @param task its pipeline_tag, such as image-classification
 * @param beginning the first lines of its text
 */
public record ModelCard(Optional<String> licence, Optional<String> task, List<String> beginning) {
  private static final int LARGEST_BYTES = 4 << 20;
  private static final int MOST_LINES = 8;
  private static final int LONGEST_LINE = 200;
  private static final String FENCE = "---";

  /** Copies the lines. */
  public ModelCard {
    beginning = List.copyOf(beginning);
  }

  /** That of a folder; empty where it has none that can be read. */
  public static Optional<ModelCard> in(Path folder) {
    Path file = folder.resolve("README.md");
    try {
      return Files.isRegularFile(file) && Files.size(file) <= LARGEST_BYTES
          ? Optional.of(parse(Files.readString(file, StandardCharsets.UTF_8)))
          : Optional.empty();
    } catch (CharacterCodingException otherEncoding) {
      return Optional.empty();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /** Reads the text of one. */
  public static ModelCard parse(String text) {
    List<String> lines = text.lines().toList();
    int end = lines.isEmpty() || !lines.get(0).strip().equals(FENCE) ? 0 : fence(lines);
    List<String> front = lines.subList(Math.min(1, end), Math.max(0, end));
    Optional<String> licence = value(front, "license");
    Optional<String> name = value(front, "license_name").filter(n -> licence.isPresent());
    return new ModelCard(
        name.isPresent() ? name : licence,
        value(front, "pipeline_tag"),
        beginning(lines.subList(end == 0 ? 0 : end + 1, lines.size())));
  }

  /** The line that ends the front matter; 0 where none does. */
  private static int fence(List<String> lines) {
    for (int i = 1; i < lines.size(); i++) {
      if (lines.get(i).strip().equals(FENCE)) {
        return i;
      }
    }
    return 0;
  }

  private static Optional<String> value(List<String> front, String key) {
    return front.stream()
        .filter(line -> line.startsWith(key + ":"))
        .map(line -> line.substring(key.length() + 1).strip())
        .map(value -> value.replaceAll("^[\"']|[\"']$", ""))
        .filter(value -> !value.isEmpty() && value.length() <= LONGEST_LINE)
        .findFirst();
  }

  /** Without pictures, badges and mark-up that is no text. */
  private static List<String> beginning(List<String> lines) {
    List<String> kept = new ArrayList<>();
    for (String line : lines) {
      String plain = line.replaceAll("<[^>]*>", "").strip();
      boolean picture = plain.startsWith("![") || plain.startsWith("[![");
      if (!plain.isEmpty() && !picture && kept.size() < MOST_LINES) {
        kept.add(plain.length() > LONGEST_LINE ? plain.substring(0, LONGEST_LINE) + "..." : plain);
      }
    }
    return kept;
  }
}
