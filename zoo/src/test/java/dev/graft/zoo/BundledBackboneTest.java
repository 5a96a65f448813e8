package dev.graft.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.onnx.OnnxModel;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The resource folders tiny, damaged and escaping lie among the tests. */
final class BundledBackboneTest {
  private static final String MODEL = "no network, only bytes\n";
  private static final long LARGEST_BYTES = 12_000_000;

  private final Path cache;

  BundledBackboneTest(@TempDir Path folder) {
    this.cache = folder.resolve("cache/backbones");
  }

  private static BundledBackbone tiny() {
    return new BundledBackbone("graft/tiny", BackboneKind.IMAGE, "nothing", "tiny/");
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> entry.toFile().getName()).sorted().toList();
    }
  }

  // --- extracting ----------------------------------------------------------------------------

  @Test
  void extractTo_nothingThere_makesFolderOfAllFilesAndNothingElse() throws IOException {
    Path folder = tiny().extractTo(cache);
    assertThat(folder).hasParent(cache);
    assertThat(folder.toFile().getName()).matches("tiny-[0-9a-f]{16}");
    assertThat(names(folder)).containsExactly("config.json", "model.onnx");
    assertThat(folder.resolve("model.onnx")).hasContent(MODEL);
  }

  @Test
  void extractTo_wholeCopyThere_leavesItAlone() throws IOException {
    Path model = tiny().extractTo(cache).resolve("model.onnx");
    FileTime longAgo = FileTime.from(Instant.parse("2001-01-01T00:00:00Z"));
    Files.setLastModifiedTime(model, longAgo);
    assertThat(tiny().extractTo(cache)).isEqualTo(model.getParent());
    assertThat(Files.getLastModifiedTime(model)).isEqualTo(longAgo);
  }

  @Test
  void extractTo_damagedMissingAndForeignFiles_replacesTheFirstAndKeepsTheLast()
      throws IOException {
    Path folder = tiny().extractTo(cache);
    Files.writeString(folder.resolve("model.onnx"), MODEL.replace("only", "ONLY"));
    Files.delete(folder.resolve("config.json"));
    Files.writeString(folder.resolve("notes.txt"), "mine");
    tiny().extractTo(cache);
    assertThat(folder.resolve("model.onnx")).hasContent(MODEL);
    assertThat(names(folder)).containsExactly("config.json", "model.onnx", "notes.txt");
  }

  @Test
  void extractTo_leftoversOfKilledProcesses_removesOldOnes() throws IOException {
    Path folder = tiny().extractTo(cache);
    Path old = Files.writeString(folder.resolve(".writing-old"), "half");
    Path young = Files.writeString(folder.resolve(".writing-young"), "half");
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
    tiny().extractTo(cache);
    assertThat(old).doesNotExist();
    assertThat(young).exists();
  }

  @Test
  void extractTo_manyAtOnce_eachFindsWholeFiles() throws Exception {
    int count = 8;
    CyclicBarrier start = new CyclicBarrier(count);
    ExecutorService threads = Executors.newFixedThreadPool(count);
    try {
      List<Future<String>> found = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        found.add(
            threads.submit(
                () -> {
                  start.await();
                  return Files.readString(tiny().extractTo(cache).resolve("model.onnx"));
                }));
      }
      for (Future<String> each : found) {
        assertThat(each.get()).isEqualTo(MODEL);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(names(tiny().extractTo(cache))).containsExactly("config.json", "model.onnx");
  }

  // --- what cannot be extracted --------------------------------------------------------------

  @Test
  void extractTo_resourceDamaged_saysSoAndWritesNoneOfIt() throws IOException {
    BundledBackbone damaged =
        new BundledBackbone("graft/damaged", BackboneKind.IMAGE, "nothing", "damaged/");
    assertThatThrownBy(() -> damaged.extractTo(cache))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("model.onnx", "is damaged", "SHA-256");
    try (Stream<Path> tree = Files.walk(cache)) {
      assertThat(tree.filter(Files::isRegularFile).map(file -> file.toFile().getName()))
          .containsExactly("config.json");
    }
  }

  @Test
  void extractTo_listLeadsOut_isRefused() {
    BundledBackbone escaping =
        new BundledBackbone("graft/escaping", BackboneKind.IMAGE, "nothing", "escaping/");
    assertThatThrownBy(() -> escaping.extractTo(cache))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("files.sha256", "../outside.txt");
    assertThat(cache).doesNotExist();
  }

  @Test
  void extractTo_notInThisBuild_saysSo() {
    BundledBackbone absent =
        new BundledBackbone("graft/absent", BackboneKind.IMAGE, "nothing", "absent/");
    assertThat(absent.isPresent()).isFalse();
    assertThatThrownBy(() -> absent.extractTo(cache))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessageContainingAll("this build", "graft/absent");
  }

  @Test
  void extractTo_placeIsFile_isRefused() throws IOException {
    Files.createDirectories(cache.getParent());
    Files.writeString(cache, "a file");
    assertThatThrownBy(() -> tiny().extractTo(cache)).isInstanceOf(IOException.class);
    assertThat(cache).hasContent("a file");
  }

  // --- those of this build -------------------------------------------------------------------

  @Test
  void named_knownAndUnknown_givesTheKnown() {
    assertThat(BundledBackbone.named("graft/photo-small")).contains(BundledBackbone.PHOTO_SMALL);
    assertThat(BundledBackbone.named("graft/speech-small")).contains(BundledBackbone.SPEECH_SMALL);
    assertThat(BundledBackbone.named("photo-small")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"graft/photo-small", "graft/speech-small"})
  void bundled_inThisBuild_isWholeModelThatStatesItsId(String id) throws IOException {
    BundledBackbone bundled = BundledBackbone.named(id).orElseThrow();
    assumeTrue(bundled.isPresent(), "its weights are not there");
    Path folder = bundled.extractTo(cache);
    assertThat(names(folder))
        .contains(
            "model.onnx",
            "config.json",
            "preprocessor_config.json",
            "README.md",
            "provenance.json");
    assertThat(Files.size(folder.resolve("model.onnx"))).isLessThan(LARGEST_BYTES);
    assertThat(OnnxModel.read(folder.resolve("model.onnx")).graph().inputs()).hasSize(1);
    assertThat(Files.readString(folder.resolve("config.json")))
        .containsPattern("\"id\" *: *\"" + id + "\"");
    assertThat(Files.readString(folder.resolve("README.md"))).startsWith("---").contains("license");
  }
}
