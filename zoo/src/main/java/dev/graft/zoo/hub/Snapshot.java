package dev.graft.zoo.hub;

import dev.graft.onnx.ExternalFiles;
import dev.graft.onnx.OnnxModelException;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A commit of a model as it lies in the cache, whoever put it there.
 *
 * @param commit 40 hexadecimal digits
 */
record Snapshot(HubCache cache, RepositoryId id, String commit) {
  private static final int DEEPEST = 8;
  private static final int MOST_FILES = 10_000;

  /**
   * The files that lie there, in order of their names; links that leave the repository left out.
   */
  List<HubFileName> names() throws IOException {
    Path folder = cache.snapshot(id, commit);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Path> found;
    try (Stream<Path> entries =
        Files.find(folder, DEEPEST, (path, kind) -> !kind.isDirectory(), new FileVisitOption[0])) {
      found = entries.limit(MOST_FILES).sorted().toList();
    }
    List<HubFileName> names = new ArrayList<>();
    for (Path file : found) {
      String text = folder.relativize(file).toString().replace(File.separatorChar, '/');
      named(text).filter(name -> cache.file(id, commit, name).isPresent()).ifPresent(names::add);
    }
    return names;
  }

  /** Whether a file lies there. */
  boolean holds(String name) {
    return cache.file(id, commit, new HubFileName(name)).isPresent();
  }

  /** Other tools check less; what they have left under a strange name is left alone. */
  private static Optional<HubFileName> named(String text) {
    try {
      return text.contains(HubCache.LINKING)
          ? Optional.empty()
          : Optional.of(new HubFileName(text));
    } catch (HubException strange) {
      return Optional.empty();
    }
  }

  /** Whether everything that describes a network lies there, or is known not to exist. */
  boolean isComplete(FileChoice choice) {
    return !FileChoice.isReduced(choice.model())
        && holdsWeights(choice.model())
        && FileChoice.DESCRIPTIONS.stream()
            .map(HubFileName::new)
            .allMatch(
                name ->
                    cache.file(id, commit, name).isPresent()
                        || Files.exists(cache.missing(id, commit, name)));
  }

  /** Whether an ONNX file lies there with all that belongs to it. */
  boolean holdsWeights(HubFileName model) {
    Optional<Path> file = cache.file(id, commit, model);
    try {
      return file.isPresent()
          && ExternalFiles.namedBy(file.get()).stream()
              .map(location -> new HubFileName(model.folder() + location))
              .allMatch(name -> cache.file(id, commit, name).isPresent());
    } catch (OnnxModelException | HubException unusable) {
      return false;
    }
  }

  /** What lies there of a choice. */
  PulledModel model(ModelReference reference, FileChoice choice) throws IOException {
    List<HubFileName> wanted = new ArrayList<>(choice.others());
    wanted.add(choice.model());
    List<PulledFile> files = new ArrayList<>();
    for (HubFileName name :
        wanted.stream().sorted(java.util.Comparator.comparing(HubFileName::text)).toList()) {
      files.add(pulled(name));
    }
    return new PulledModel(
        reference,
        commit,
        cache.snapshot(id, commit),
        cache.pointer(id, commit, choice.model()),
        files,
        choice.reason());
  }

  /** A blob that is called by its SHA-256 was checked when it was written. */
  private PulledFile pulled(HubFileName name) throws IOException {
    Path place = cache.pointer(id, commit, name);
    Path blob = place.toRealPath();
    Optional<BlobDigest> called = BlobDigest.ofTag(String.valueOf(blob.getFileName()));
    boolean known =
        called.filter(BlobDigest::isSha256).isPresent()
            && blob.startsWith(cache.blobs(id).toRealPath());
    String sha256 = known ? called.get().hex() : BlobDigest.sha256(blob);
    return new PulledFile(name, Files.size(blob), sha256);
  }
}
