package dev.graft.zoo.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.zoo.BackboneKind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What lies in a cache, and its removal. Immutable and thread-safe. */
public final class CacheContents {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long LARGEST_DESCRIPTION_BYTES = 16 << 20;

  private final HubCache cache;

  /** Of the cache in a folder, which need not exist. */
  public CacheContents(Path folder) {
    this.cache = new HubCache(folder);
  }

  // --- what is there -----------------------------------------------------------------------------

  /** All models, by id. */
  public List<CachedModel> models() {
    List<CachedModel> models = new ArrayList<>();
    for (Path folder : children(cache.folder())) {
      id(folder).ifPresent(id -> models.add(model(id, folder)));
    }
    models.sort(Comparator.comparing(model -> model.id().text()));
    return models;
  }

  private static List<Path> children(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    } catch (IOException unreadable) {
      throw new HubException(
          HubException.Cause.DISK,
          "Listing the cache: " + folder + " cannot be read (" + unreadable + ").",
          unreadable);
    }
  }

  private static Optional<RepositoryId> id(Path folder) {
    String name = String.valueOf(folder.getFileName());
    if (!name.startsWith(RepositoryId.FOLDER_PREFIX) || !Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new RepositoryId(name.substring(RepositoryId.FOLDER_PREFIX.length()).replace("--", "/")));
    } catch (HubException otherFolder) {
      return Optional.empty();
    }
  }

  private CachedModel model(RepositoryId id, Path folder) {
    List<String> revisions = new ArrayList<>();
    for (Path reference : children(folder.resolve("refs"))) {
      if (Files.isRegularFile(reference)) {
        String name = String.valueOf(reference.getFileName());
        cache
            .commitOf(new ModelReference(id, name))
            .ifPresent(commit -> revisions.add(name + " at " + commit.substring(0, 7)));
      }
    }
    boolean hasOnnx = false;
    Optional<BackboneKind> kind = Optional.empty();
    Optional<String> licence = Optional.empty();
    for (Path place : children(folder.resolve("snapshots"))) {
      Snapshot snapshot = new Snapshot(cache, id, String.valueOf(place.getFileName()));
      hasOnnx |= hasOnnx(snapshot);
      Optional<ModelCard> card =
          snapshot.holds("README.md") ? ModelCard.in(place) : Optional.empty();
      licence = card.flatMap(ModelCard::licence).or(() -> knownLicence(id));
      kind = kind.isPresent() ? kind : kind(snapshot, card);
    }
    return new CachedModel(id, revisions, sizeOnDisk(folder), hasOnnx, kind, licence);
  }

  /** Copies of a model in ONNX often come without the licence of the original. */
  private static Optional<String> knownLicence(RepositoryId id) {
    return PublicBackbone.all().stream()
        .filter(known -> known.id().equals(id))
        .map(PublicBackbone::licence)
        .findFirst();
  }

  private static boolean hasOnnx(Snapshot snapshot) {
    try {
      return snapshot.names().stream().anyMatch(name -> name.text().endsWith(".onnx"));
    } catch (IOException unreadable) {
      return false;
    }
  }

  private static Optional<BackboneKind> kind(Snapshot snapshot, Optional<ModelCard> card) {
    String task = card.flatMap(ModelCard::task).orElse("");
    JsonNode described = json(snapshot, "preprocessor_config.json");
    String modality = json(snapshot, "config.json").path("modality").asText("");
    if (task.startsWith("image") || described.has("image_mean") || modality.equals("image")) {
      return Optional.of(BackboneKind.IMAGE);
    }
    if (task.startsWith("audio")
        || task.equals("automatic-speech-recognition")
        || described.has("sampling_rate")
        || modality.equals("audio")) {
      return Optional.of(BackboneKind.AUDIO);
    }
    boolean tokens = snapshot.holds("tokenizer.json") || snapshot.holds("vocab.txt");
    return tokens || modality.equals("text") ? Optional.of(BackboneKind.TEXT) : Optional.empty();
  }

  private static JsonNode json(Snapshot snapshot, String name) {
    Path file = snapshot.cache().snapshot(snapshot.id(), snapshot.commit()).resolve(name);
    try {
      if (snapshot.holds(name) && Files.size(file) <= LARGEST_DESCRIPTION_BYTES) {
        JsonNode read = JSON.readTree(Files.readAllBytes(file));
        return read == null ? JSON.missingNode() : read;
      }
    } catch (IOException noJson) {
      // It tells nothing, then.
    }
    return JSON.missingNode();
  }

  /** Links take nothing, so that contents of several revisions count once. */
  private static long sizeOnDisk(Path folder) {
    long[] bytes = {0};
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              bytes[0] += attributes.isRegularFile() ? attributes.size() : 0;
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException unreadable) {
      return bytes[0];
    }
    return bytes[0];
  }

  // --- removal -----------------------------------------------------------------------------------

  /**
   * Removes a model with all its revisions.
   *
   * @return the bytes that are free now
   * @throws HubException if it is not there, is being pulled, or cannot be removed
   */
  public long remove(RepositoryId id) {
    Path folder = cache.repository(id);
    String doing = "Removing " + id;
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      boolean link = Files.isSymbolicLink(folder);
      throw new HubException(
          HubException.Cause.NOT_FOUND,
          doing
              + ": "
              + (link
                  ? folder + " is a link, which is left alone. Remove it yourself."
                  : "there is no such model in " + cache.folder() + ". See graft models."));
    }
    requireIdle(id, doing);
    long bytes = sizeOnDisk(folder);
    try {
      delete(folder);
      return bytes;
    } catch (IOException failure) {
      throw new HubException(
          HubException.Cause.DISK,
          doing + ": " + folder + " cannot be removed (" + failure + "). Check its permissions.",
          failure);
    }
  }

  private void requireIdle(RepositoryId id, String doing) {
    for (Path lock : children(cache.folder().resolve(".locks").resolve(id.folderName()))) {
      try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
          FileLock held = channel.tryLock()) {
        if (held != null) {
          continue;
        }
      } catch (OverlappingFileLockException ownProcess) {
        // Told below.
      } catch (IOException unlockable) {
        continue;
      }
      throw new HubException(
          HubException.Cause.DISK,
          doing + ": it is being pulled by another process. Wait until that has ended.");
    }
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path emptied, @Nullable IOException failure)
              throws IOException {
            Files.delete(emptied);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
