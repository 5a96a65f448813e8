package dev.graft.zoo.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A hub with one model, a cache in a folder, and pulls between them without long waits. */
final class PullFixture implements AutoCloseable {
  static final String ID = "someone/tiny";
  static final String MODEL = "model.onnx";
  static final int MODEL_BYTES = 400_000;

  final TestHub hub;
  final RecordedPull heard = new RecordedPull();
  private final Path cacheFolder;
  private final Optional<HubToken> token;

  PullFixture(Path folder) {
    this(folder, Optional.empty());
  }

  PullFixture(Path folder, Optional<HubToken> token) {
    this.cacheFolder = folder.resolve("hub");
    this.token = token;
    this.hub =
        TestHub.unchecked(() -> new TestHub(ID))
            .with("config.json", "{}")
            .withLarge(MODEL, TinyModel.of(MODEL_BYTES));
  }

  static Patience hasty() {
    return new Patience(
        5,
        Duration.ofMillis(1),
        Duration.ofMillis(10),
        Duration.ofSeconds(5),
        Duration.ofSeconds(5),
        Duration.ofMillis(600));
  }

  HubSettings settings() {
    return new HubSettings(hub.address(), token, cacheFolder, false);
  }

  HubCache cache() {
    return new HubCache(cacheFolder);
  }

  PulledModel pull() {
    return new ModelPull(settings(), cache(), heard, hasty())
        .pull(ModelReference.parse(ID), Optional.empty());
  }

  byte[] model() {
    return hub.content(MODEL);
  }

  Path repository() {
    return cacheFolder.resolve("models--someone--tiny");
  }

  Path blob(String name) {
    return repository().resolve("blobs").resolve(hub.etag(name));
  }

  Path partial(String name) {
    return repository().resolve("blobs").resolve(hub.etag(name) + ".graft.incomplete");
  }

  /** The names of what lies among the contents. */
  List<String> blobs() throws IOException {
    try (Stream<Path> files = Files.list(repository().resolve("blobs"))) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  @Override
  public void close() {
    hub.close();
  }
}
