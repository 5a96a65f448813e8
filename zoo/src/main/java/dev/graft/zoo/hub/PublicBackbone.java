package dev.graft.zoo.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.graft.zoo.BackboneKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A well-known backbone of the Hugging Face Hub: a short list to begin with, which neither ranks
 * nor forgets others. What it says was read on the models' pages and in their papers; sizes are
 * those of the ONNX files in 32 bits when it was written. Immutable and thread-safe.
 *
 * @param id to pull it by
 * @param sizeBytes of what is pulled, to three digits
 * @param licence of its weights
 * @param goodFor in a few words
 * @param source of that claim and of the licence
 */
public record PublicBackbone(
    RepositoryId id,
    BackboneKind kind,
    long sizeBytes,
    String licence,
    String goodFor,
    String source) {
  private static final List<PublicBackbone> ALL = load();

  /** The list. */
  public static List<PublicBackbone> all() {
    return ALL;
  }

  private static List<PublicBackbone> load() {
    try (InputStream table = PublicBackbone.class.getResourceAsStream("public-backbones.json")) {
      List<PublicBackbone> all = new ArrayList<>();
      for (JsonNode row : JsonMapper.builder().build().readTree(table)) {
        all.add(
            new PublicBackbone(
                new RepositoryId(row.path("id").asText()),
                BackboneKind.valueOf(row.path("kind").asText().toUpperCase(Locale.ROOT)),
                row.path("bytes").asLong(),
                row.path("licence").asText(),
                row.path("good_for").asText(),
                row.path("source").asText()));
      }
      return List.copyOf(all);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
