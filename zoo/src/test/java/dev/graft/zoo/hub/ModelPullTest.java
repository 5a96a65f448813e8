package dev.graft.zoo.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pulls from a hub that behaves. */
class ModelPullTest {
  static final String ID = "someone/tiny";

  @TempDir Path folder = Path.of(".");
  private TestHub hub = TestHub.unchecked(() -> new TestHub(ID));
  private final RecordedPull heard = new RecordedPull();

  @BeforeEach
  void fill() {
    hub.with("config.json", "{\"model_type\":\"tiny\"}")
        .with("README.md", "---\nlicense: mit\n---\n# Tiny\n")
        .with("preprocessor_config.json", "{}")
        .with("pytorch_model.bin", "nobody needs this")
        .withLarge("onnx/model.onnx", TinyModel.of(300_000))
        .withLarge("onnx/model_fp16.onnx", TinyModel.of(150_000));
  }

  @AfterEach
  void close() {
    hub.close();
  }

  static Patience hasty() {
    return new Patience(
        5,
        Duration.ofMillis(1),
        Duration.ofMillis(10),
        Duration.ofSeconds(10),
        Duration.ofSeconds(5),
        Duration.ofSeconds(2));
  }

  private HubSettings settings() {
    return new HubSettings(hub.address(), Optional.empty(), folder.resolve("hub"), false);
  }

  private ModelPull puller(HubSettings settings) {
    return new ModelPull(settings, new HubCache(settings.cache()), heard, hasty());
  }

  private PulledModel pull() {
    return puller(settings()).pull(ModelReference.parse(ID), Optional.empty());
  }

  @Test
  void pull_model_takesWhatIsNeededAndNothingElse() throws IOException {
    PulledModel model = pull();
    assertThat(model.files().stream().map(file -> file.name().text()))
        .containsExactly("README.md", "config.json", "onnx/model.onnx", "preprocessor_config.json");
    for (PulledFile file : model.files()) {
      byte[] content = Files.readAllBytes(model.folder().resolve(file.name().text()));
      assertThat(content).isEqualTo(hub.content(file.name().text()));
      assertThat(file.sha256()).isEqualTo(TestHub.digest("SHA-256", content));
      assertThat(file.sizeBytes()).isEqualTo(content.length);
    }
    assertThat(model.commit()).isEqualTo(TestHub.COMMIT);
    assertThat(model.choice())
        .isEqualTo(
            "onnx/model.onnx is taken of 2 ONNX files: the one with weights of 32 bits; --file"
                + " takes another.");
    assertThat(heard.doneBytes).isEqualTo(heard.wholeBytes).isEqualTo(model.sizeBytes());
    assertThat(hub.contentRequests("pytorch_model.bin")).isEmpty();
  }

  @Test
  void pull_again_fetchesNothing() {
    pull();
    long before = hub.seen().stream().filter(TestHub.Seen::isContent).count();
    pull();
    assertThat(hub.seen().stream().filter(TestHub.Seen::isContent).count())
        .isEqualTo(before)
        .isEqualTo(4);
  }

  @Test
  void pull_byteFlippedInCache_fetchesThatFileAgain() throws IOException {
    PulledModel model = pull();
    Path blob = model.modelFile().toRealPath();
    byte[] content = Files.readAllBytes(blob);
    content[1000] ^= 1;
    Files.write(blob, content);
    pull();
    assertThat(model.modelFile()).hasBinaryContent(hub.content("onnx/model.onnx"));
    assertThat(hub.contentRequests("onnx/model.onnx")).hasSize(2);
    assertThat(hub.contentRequests("config.json")).hasSize(1);
  }

  @Test
  void pull_askedFile_takesThat() {
    PulledModel model =
        puller(settings()).pull(ModelReference.parse(ID), Optional.of("model_fp16.onnx"));
    assertThat(model.modelFile()).hasBinaryContent(hub.content("onnx/model_fp16.onnx"));
    assertThat(model.place()).isEqualTo(model.modelFile());
    assertThat(model.choice()).isEqualTo("onnx/model_fp16.onnx is taken, as it was asked for.");
  }

  @Test
  void pull_commit_needsNoReference() {
    PulledModel model =
        puller(settings()).pull(ModelReference.parse(ID + "@" + TestHub.COMMIT), Optional.empty());
    assertThat(model.commit()).isEqualTo(TestHub.COMMIT);
    assertThat(folder.resolve("hub/models--someone--tiny/refs")).doesNotExist();
  }

  @Test
  void pull_externalData_comesAlong() {
    hub.with("onnx/model.onnx", TinyModel.withExternalData("weights/part 1.bin", 4000))
        .withLarge("onnx/weights/part 1.bin", new byte[4000]);
    PulledModel model = pull();
    assertThat(model.folder().resolve("onnx/weights/part 1.bin")).hasBinaryContent(new byte[4000]);
    assertThat(model.files()).hasSize(5);
  }

  @Test
  void pull_unknownModel_saysWhatToDo() {
    assertThatThrownBy(
            () -> puller(settings()).pull(ModelReference.parse("no/body"), Optional.empty()))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("Pulling no/body: there is no model no/body, or it is not public")
        .hasMessageContaining("answered 404")
        .hasMessageContaining("set HF_TOKEN")
        .extracting(thrown -> ((HubException) thrown).reason())
        .isEqualTo(HubException.Cause.NOT_FOUND);
  }

  @Test
  void cached_pulledBefore_asksNobody() {
    PulledModel pulled = pull();
    int before = hub.seen().size();
    PulledModel present =
        ModelPull.cached(settings(), ModelReference.parse("hf:" + ID)).orElseThrow();
    assertThat(present.files()).isEqualTo(pulled.files());
    assertThat(present.place()).isEqualTo(pulled.folder());
    assertThat(hub.seen()).hasSize(before);
  }

  @Test
  void pull_offline_takesWhatIsThere() {
    PulledModel pulled = pull();
    hub.close();
    PulledModel offline =
        puller(settings().withoutNetwork()).pull(ModelReference.parse(ID), Optional.empty());
    assertThat(offline.files()).isEqualTo(pulled.files());
  }

  @Test
  void pull_offlineAndNotThere_saysWhatToDo() {
    assertThatThrownBy(
            () ->
                puller(settings().withoutNetwork())
                    .pull(ModelReference.parse(ID), Optional.empty()))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("Looking for someone/tiny offline")
        .hasMessageContaining("not there. Run graft pull someone/tiny once without");
    assertThat(hub.seen()).isEqualTo(List.of());
  }
}
