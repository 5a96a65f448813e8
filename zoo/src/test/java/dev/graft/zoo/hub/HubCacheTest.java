package dev.graft.zoo.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The layout of the cache, rule by rule of the hub's docs/hub/local-cache.md, and who shares it.
 */
class HubCacheTest {
  @TempDir Path folder = Path.of(".");
  private PullFixture pull = new PullFixture(Path.of("."));

  @BeforeEach
  void open() {
    pull.close();
    pull = new PullFixture(folder);
    pull.hub
        .with("1_Pooling/config.json", "{\"pooling_mode_cls_token\": true}")
        .with("LICENSE", "{}")
        .with("README.md", "# Tiny");
  }

  @AfterEach
  void close() {
    pull.close();
  }

  private Path snapshot() {
    return pull.repository().resolve("snapshots").resolve(TestHub.COMMIT);
  }

  // --- the layout --------------------------------------------------------------------------------

  @Test
  void repositoryFolder_isNamedByKindAndIdWithDashes() {
    assertThat(new RepositoryId("julien-c/EsperBERTo-small").folderName())
        .isEqualTo("models--julien-c--EsperBERTo-small");
    assertThat(new RepositoryId("gpt2").folderName()).isEqualTo("models--gpt2");
  }

  @Test
  void repositoryFolder_holdsBlobsRefsSnapshotsAndNoExist() throws IOException {
    pull.pull();
    assertThat(names(pull.repository())).containsExactly(".no_exist", "blobs", "refs", "snapshots");
    assertThat(names(folder.resolve("hub")))
        .containsExactly(".locks", "CACHEDIR.TAG", "models--someone--tiny");
  }

  private static List<String> names(Path place) throws IOException {
    try (Stream<Path> entries = Files.list(place)) {
      return entries.map(entry -> String.valueOf(entry.getFileName())).sorted().toList();
    }
  }

  @Test
  void blobs_areFlatFilesNamedByTheirDigests() throws IOException {
    pull.pull();
    // The LICENSE and config.json have the same content, which is stored once.
    assertThat(pull.blobs()).hasSize(4);
    for (String name : List.of("config.json", "1_Pooling/config.json", "model.onnx", "README.md")) {
      assertThat(pull.blob(name)).isRegularFile().hasBinaryContent(pull.hub.content(name));
    }
    assertThat(pull.hub.etag("config.json")).hasSize(40);
    assertThat(pull.hub.etag("model.onnx")).hasSize(64);
    assertThat(pull.hub.contentRequests("LICENSE").size())
        .isEqualTo(1 - pull.hub.contentRequests(TestHub.COMMIT + "/config.json").size());
  }

  @Test
  void refs_holdTheWholeCommitAndNothingElse() throws IOException {
    pull.pull();
    assertThat(Files.readAllBytes(pull.repository().resolve("refs/main")))
        .isEqualTo(TestHub.COMMIT.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void refs_ofPullRequests_lieInFolders() {
    HubCache cache = pull.cache();
    assertThat(cache.reference(ModelReference.parse("someone/tiny@refs/pr/1")))
        .isEqualTo(pull.repository().resolve("refs/refs/pr/1"));
  }

  @Test
  void snapshots_holdRelativeLinksAtTheFilesPaths() throws IOException {
    pull.pull();
    assertThat(Files.readSymbolicLink(snapshot().resolve("model.onnx")))
        .isEqualTo(Path.of("../../blobs/" + pull.hub.etag("model.onnx")));
    assertThat(Files.readSymbolicLink(snapshot().resolve("1_Pooling/config.json")))
        .isEqualTo(Path.of("../../../blobs/" + pull.hub.etag("1_Pooling/config.json")));
    assertThat(names(snapshot()))
        .containsExactly("1_Pooling", "LICENSE", "README.md", "config.json", "model.onnx");
  }

  @Test
  void noExist_holdsEmptyFilesForWhatTheCommitDoesNotHave() throws IOException {
    pull.pull();
    Path missing = pull.repository().resolve(".no_exist").resolve(TestHub.COMMIT);
    assertThat(missing.resolve("preprocessor_config.json")).isEmptyFile();
    assertThat(missing.resolve("tokenizer.json")).isEmptyFile();
    assertThat(missing.resolve("config.json")).doesNotExist();
    assertThat(Files.isSymbolicLink(missing.resolve("tokenizer.json"))).isFalse();
  }

  @Test
  void locks_lieAtTheCachesTopByRepositoryAndDigest() {
    pull.pull();
    assertThat(
            folder
                .resolve("hub/.locks/models--someone--tiny")
                .resolve(pull.hub.etag("model.onnx") + ".lock"))
        .isRegularFile();
  }

  @Test
  void cacheTag_hasItsSignature() throws IOException {
    pull.pull();
    assertThat(Files.readString(folder.resolve("hub/CACHEDIR.TAG")))
        .startsWith("Signature: 8a477f597d28d172789f06886806bc55\n");
  }

  @Test
  void systemWithoutLinks_hasTheFilesThemselvesInTheSnapshot() throws IOException {
    HubCache cache = new HubCache(folder.resolve("hub"), Optional.of(HubCache.Form.FILES));
    ModelPull puller = new ModelPull(pull.settings(), cache, pull.heard, PullFixture.hasty());
    PulledModel model = puller.pull(ModelReference.parse(PullFixture.ID), Optional.empty());
    for (PulledFile file : model.files()) {
      Path place = snapshot().resolve(file.name().text());
      assertThat(Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS)).isTrue();
      assertThat(place).hasBinaryContent(pull.hub.content(file.name().text()));
    }
    assertThat(pull.blobs()).isEmpty();
    long requests = pull.hub.seen().stream().filter(TestHub.Seen::isContent).count();
    assertThat(puller.pull(ModelReference.parse(PullFixture.ID), Optional.empty()).files())
        .isEqualTo(model.files());
    assertThat(pull.hub.seen().stream().filter(TestHub.Seen::isContent).count())
        .isEqualTo(requests);
  }

  // --- what others put there ---------------------------------------------------------------------

  /** As the Python tools leave it: without what Graft alone writes. */
  private void putByOthers(boolean whole) throws IOException {
    pull.pull();
    for (String name : List.of(".no_exist", "CACHEDIR.TAG", ".locks")) {
      Path place =
          name.equals(".no_exist")
              ? pull.repository().resolve(name)
              : folder.resolve("hub").resolve(name);
      delete(place);
    }
    if (!whole) {
      delete(snapshot().resolve("README.md"));
    }
  }

  private static void delete(Path place) throws IOException {
    try (Stream<Path> all = Files.walk(place)) {
      for (Path one : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    }
  }

  @Test
  void cached_modelOfAnotherTool_isFoundOffline() throws IOException {
    putByOthers(true);
    Optional<PulledModel> found =
        ModelPull.cached(pull.settings().withoutNetwork(), ModelReference.parse(PullFixture.ID));
    assertThat(found.orElseThrow().files()).hasSize(5);
    assertThat(found.orElseThrow().place()).isEqualTo(snapshot());
  }

  @Test
  void pull_modelOfAnotherTool_fetchesOnlyWhatIsMissing() throws IOException {
    putByOthers(false);
    int before = pull.hub.contentRequests("model.onnx").size();
    assertThat(ModelPull.cached(pull.settings(), ModelReference.parse(PullFixture.ID))).isEmpty();
    assertThat(pull.pull().files()).hasSize(5);
    assertThat(pull.hub.contentRequests("model.onnx")).hasSize(before);
    assertThat(ModelPull.cached(pull.settings(), ModelReference.parse(PullFixture.ID))).isPresent();
  }

  @Test
  void cached_linkOutOfTheRepository_isNotTaken() throws IOException {
    pull.pull();
    Path link = snapshot().resolve("model.onnx");
    Files.delete(link);
    Files.createSymbolicLink(
        link, Files.write(folder.resolve("elsewhere"), pull.model()).toAbsolutePath());
    assertThat(
            ModelPull.cached(
                pull.settings().withoutNetwork(), ModelReference.parse(PullFixture.ID)))
        .isEmpty();
  }

  // --- several at once ---------------------------------------------------------------------------

  @Test
  void pull_tenAtOnce_fetchEachContentOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(10);
    try {
      List<Future<PulledModel>> running =
          IntStream.range(0, 10)
              .mapToObj(i -> threads.submit((Callable<PulledModel>) pull::pull))
              .toList();
      for (Future<PulledModel> one : running) {
        assertThat(one.get().modelFile()).hasBinaryContent(pull.model());
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(pull.hub.contentRequests("model.onnx")).hasSize(1);
    assertThat(pull.hub.seen().stream().filter(TestHub.Seen::isContent)).hasSize(4);
    assertThat(pull.blobs()).hasSize(4);
  }

  // --- full disks --------------------------------------------------------------------------------

  @Test
  void pull_moreThanTheDiskHolds_isRefusedBeforeAnythingComes() {
    StringBuilder listing = new StringBuilder(pull.hub.listing().replaceFirst("]$", ""));
    for (int part = 0; part < 400; part++) {
      listing.append(
          ",{\"type\":\"file\",\"path\":\"model.onnx_data_%d\",\"size\":50000000000,\"oid\":\"%040x\"}"
              .formatted(part, part));
    }
    pull.hub.listing(listing + "]");
    assertThatThrownBy(pull::pull)
        .isInstanceOf(HubException.class)
        .hasMessageContaining("Pulling someone/tiny: 20000000")
        .hasMessageContaining(" more bytes are needed in " + pull.repository().resolve("blobs"))
        .hasMessageContaining("are free. Free some space or name another cache in HF_HUB_CACHE")
        .extracting(thrown -> ((HubException) thrown).reason())
        .isEqualTo(HubException.Cause.DISK);
    assertThat(pull.hub.seen()).noneMatch(TestHub.Seen::isContent);
  }

  @Test
  void pull_diskFillsUp_saysHowMuchIsNeededAndGoesOnLater() throws Exception {
    Path small = Files.createDirectory(folder.resolve("small"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", small.toString()),
        "mounting a small file system needs privileges");
    try (PullFixture onSmall = new PullFixture(small)) {
      Path filler = small.resolve("filler");
      onSmall.hub.misbehaving(
          (exchange, request) -> {
            if (request.isContent()
                && request.path().endsWith("model.onnx")
                && request.number() == 1) {
              Files.write(filler, new byte[300_000]);
            }
            return false;
          });
      assertThatThrownBy(onSmall::pull)
          .isInstanceOf(HubException.class)
          .hasMessageContaining("writing failed (No space left on device)")
          .hasMessageMatching(".* \\d+ more bytes are needed in .*, \\d+ are free\\. Free some.*")
          .extracting(thrown -> ((HubException) thrown).reason())
          .isEqualTo(HubException.Cause.DISK);
      Files.delete(filler);
      assertThat(onSmall.pull().modelFile()).hasBinaryContent(onSmall.model());
      assertThat(onSmall.hub.contentRequests("model.onnx").get(1).header("Range")).isPresent();
    } finally {
      assertThat(run("umount", small.toString())).isTrue();
    }
  }

  private static boolean run(String... command) throws Exception {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException noSuchProgram) {
      return false;
    }
  }

  // --- ids ---------------------------------------------------------------------------------------

  @Test
  void parse_references_areReadAndWritten() {
    assertThat(ModelReference.parse("hf:a/b@v1").toString()).isEqualTo("a/b@v1");
    assertThat(ModelReference.parse("a/b@main").toString()).isEqualTo("a/b");
    for (String bad :
        List.of(
            "",
            "a/b/c",
            "../x",
            "a--b/c",
            "a/b..c",
            "-a/b",
            "a/b-",
            "a b/c",
            "a/.git",
            "a/b.git",
            "x".repeat(97))) {
      assertThatThrownBy(() -> ModelReference.parse(bad))
          .isInstanceOf(HubException.class)
          .hasMessageContaining("org/name is expected");
    }
    for (String bad :
        List.of("", "..", "a/../b", "/a", "a//b", "a b", "-x", "x".repeat(201), "a.lock")) {
      assertThatThrownBy(() -> ModelReference.parse("a/b@" + bad))
          .isInstanceOf(HubException.class)
          .hasMessageContaining("a branch, a tag or a commit is expected");
    }
  }
}
