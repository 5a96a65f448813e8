package dev.graft.transfer;

import dev.graft.data.image.ImagePreprocessing;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Properties;

/**
 * Published files that come without a description, by the SHA-256 of their bytes: the name of the
 * preset that they were trained with, their licence and their source task.
 */
final class KnownBackbones {
  private static final Properties TABLE = load();

  private KnownBackbones() {}

  static Optional<ImagePreprocessing> preprocessing(String sha256, int height, int width) {
    return Optional.ofNullable(TABLE.getProperty(sha256 + ".preprocessing"))
        .map(name -> ImagePreprocessing.preset(name, height, width));
  }

  /** The name of the front end that an encoder of spectrograms was trained with. */
  static Optional<String> frontEnd(String sha256) {
    return Optional.ofNullable(TABLE.getProperty(sha256 + ".front-end"));
  }

  static Optional<String> licence(String sha256) {
    return Optional.ofNullable(TABLE.getProperty(sha256 + ".licence"));
  }

  static Optional<SourceTask> sourceTask(String sha256) {
    return Optional.ofNullable(TABLE.getProperty(sha256 + ".source-images"))
        .map(
            images ->
                new SourceTask(
                    Long.parseLong(images),
                    Integer.parseInt(TABLE.getProperty(sha256 + ".source-classes", "1"))));
  }

  private static Properties load() {
    Properties table = new Properties();
    try (InputStream resource =
        KnownBackbones.class.getResourceAsStream("known-backbones.properties")) {
      table.load(resource);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return table;
  }
}
