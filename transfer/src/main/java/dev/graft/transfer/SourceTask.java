package dev.graft.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.runtime.BundleLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a backbone learned from.
 *
 * @param examples number of its training examples, at least 1
 * @param classes number of its classes, at least 1
 */
public record SourceTask(long examples, int classes) {
  private static final long MAXIMUM_BYTES = 16 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What the provenance.json beside a backbone states, which pre-training wrote. */
  static Optional<SourceTask> beside(Path backbone) {
    Path file = backbone.resolveSibling(BundleLayout.PROVENANCE);
    try {
      if (!BackboneFolder.isReadableFile(file) || Files.size(file) > MAXIMUM_BYTES) {
        return Optional.empty();
      }
      JsonNode counts = JSON.readTree(Files.readAllBytes(file)).at("/data/examples/train");
      long examples = 0;
      for (JsonNode count : counts) {
        examples += Math.max(0, count.asLong());
      }
      return examples > 0 && counts.isObject()
          ? Optional.of(new SourceTask(examples, counts.size()))
          : Optional.empty();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }
}
