package dev.graft.zoo.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;

/**
 * The folder in which all tools of the hub keep what they have fetched: for each repository its
 * contents by digest ({@code blobs}), its revisions as links to them ({@code snapshots}), and the
 * commits of branches and tags ({@code refs}). Where the file system has no symbolic links, the
 * files themselves lie in the snapshots.
 *
 * <p>Immutable and thread-safe. Source: docs/hub/local-cache.md of the hub's documentation.
 */
public final class HubCache {
  private static final long LONGEST_REFERENCE_BYTES = 1024;

  /** Programs that make backups leave such a folder out (https://bford.info/cachedir). */
  private static final String TAG = "CACHEDIR.TAG";

  private static final String TAG_TEXT =
      """
      Signature: 8a477f597d28d172789f06886806bc55
      # This file is a cache directory tag created by Graft.
      # For information about cache directory tags, see https://bford.info/cachedir/
      """;

  /** What the names of links begin with until they are renamed. */
  static final String LINKING = ".linking-";

  /** How files of a snapshot are stored. */
  enum Form {
    LINKS,
    FILES
  }

  private final Path folder;
  private final Optional<Form> given;

  /** The cache in a folder, which need not exist yet. */
  public HubCache(Path folder) {
    this(folder, Optional.empty());
  }

  HubCache(Path folder, Optional<Form> given) {
    this.folder = folder.toAbsolutePath().normalize();
    this.given = given;
  }

  /** Where it lies. */
  public Path folder() {
    return folder;
  }

  // --- places ------------------------------------------------------------------------------------

  /** All that is kept of a repository. */
  Path repository(RepositoryId id) {
    return folder.resolve(id.folderName());
  }

  Path blobs(RepositoryId id) {
    return repository(id).resolve("blobs");
  }

  Path blob(RepositoryId id, BlobDigest digest) {
    return blobs(id).resolve(digest.hex());
  }

  /**
   * What came of a blob so far. The name is not the {@code DIGEST.incomplete} of other tools: older
   * ones of them append to that under a lock which Java cannot see.
   */
  Path partial(RepositoryId id, BlobDigest digest) {
    return blobs(id).resolve(digest.hex() + ".graft.incomplete");
  }

  Path lock(RepositoryId id, BlobDigest digest) {
    return folder.resolve(".locks").resolve(id.folderName()).resolve(digest.hex() + ".lock");
  }

  /** The files of a commit. */
  public Path snapshot(RepositoryId id, String commit) {
    return repository(id).resolve("snapshots").resolve(commit);
  }

  Path pointer(RepositoryId id, String commit, HubFileName name) {
    return snapshot(id, commit).resolve(name.text());
  }

  Path reference(ModelReference model) {
    return repository(model.id()).resolve("refs").resolve(model.revision());
  }

  Path missing(RepositoryId id, String commit, HubFileName name) {
    return repository(id).resolve(".no_exist").resolve(commit).resolve(name.text());
  }

  // --- reading -----------------------------------------------------------------------------------

  /** The commit that a revision was last seen at; a commit stands for itself. */
  public Optional<String> commitOf(ModelReference model) {
    if (ModelReference.isCommit(model.revision())) {
      return Optional.of(model.revision());
    }
    Path file = reference(model);
    try {
      return Files.isRegularFile(file) && Files.size(file) <= LONGEST_REFERENCE_BYTES
          ? Optional.of(Files.readString(file).strip()).filter(ModelReference::isCommit)
          : Optional.empty();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /** A file of a commit, where it lies there and its link stays inside the repository's folder. */
  Optional<Path> file(RepositoryId id, String commit, HubFileName name) {
    Path place = pointer(id, commit, name);
    return Files.isRegularFile(place) && isInside(place, repository(id))
        ? Optional.of(place)
        : Optional.empty();
  }

  /** Whether a file lies in a folder once all links are followed. */
  static boolean isInside(Path file, Path folder) {
    try {
      return file.toRealPath().startsWith(folder.toRealPath());
    } catch (IOException unreadable) {
      return false;
    }
  }

  // --- writing -----------------------------------------------------------------------------------

  /** Makes the folders of a repository. */
  void prepare(RepositoryId id) throws IOException {
    Files.createDirectories(blobs(id));
    Path tag = folder.resolve(TAG);
    if (!Files.exists(tag, LinkOption.NOFOLLOW_LINKS)) {
      writeWhole(tag, TAG_TEXT);
    }
  }

  /** How snapshots are stored on this file system. */
  Form form(RepositoryId id) throws IOException {
    if (given.isPresent()) {
      return given.get();
    }
    Path trial = blobs(id).resolve(".trial-" + UUID.randomUUID());
    try {
      Files.createSymbolicLink(trial, Path.of("nowhere"));
      return Form.LINKS;
    } catch (UnsupportedOperationException | FileSystemException noLinks) {
      return Form.FILES;
    } finally {
      Files.deleteIfExists(trial);
    }
  }

  /**
   * Shows a blob under its name in a snapshot.
   *
   * @param last whether no other file is to be made of the blob, where files take its place
   */
  void show(
      RepositoryId id, String commit, HubFileName name, BlobDigest digest, Form form, boolean last)
      throws IOException {
    Path place = pointer(id, commit, name);
    Files.createDirectories(place.getParent());
    if (form == Form.FILES) {
      if (last) {
        Files.move(blob(id, digest), place, StandardCopyOption.REPLACE_EXISTING);
      } else {
        Files.copy(blob(id, digest), place, StandardCopyOption.REPLACE_EXISTING);
      }
      return;
    }
    Path target =
        Path.of("../".repeat(name.parts().size() + 1)).resolve("blobs").resolve(digest.hex());
    if (Files.isSymbolicLink(place) && Files.readSymbolicLink(place).equals(target)) {
      return;
    }
    Path beside = place.resolveSibling(LINKING + UUID.randomUUID());
    try {
      Files.createSymbolicLink(beside, target);
      Files.move(
          beside, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  /** Notes at which commit a branch or tag was seen. */
  void writeReference(ModelReference model, String commit) throws IOException {
    if (ModelReference.isCommit(model.revision())) {
      return;
    }
    Path place = reference(model);
    Files.createDirectories(place.getParent());
    if (!commitOf(model).equals(Optional.of(commit))) {
      writeWhole(place, commit);
    }
  }

  /** Notes that a commit does not have a file, so that other tools need not ask. */
  void writeMissing(RepositoryId id, String commit, HubFileName name) throws IOException {
    Path place = missing(id, commit, name);
    Files.createDirectories(place.getParent());
    try {
      Files.createFile(place);
    } catch (FileAlreadyExistsException known) {
      // It says the same.
    }
  }

  /** Beside its place, forced to the disk, renamed. */
  private static void writeWhole(Path place, String text) throws IOException {
    Path beside = place.resolveSibling(".writing-" + UUID.randomUUID());
    try {
      try (FileChannel channel =
          FileChannel.open(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        ByteBuffer remaining = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        while (remaining.hasRemaining()) {
          channel.write(remaining);
        }
        channel.force(true);
      }
      Files.move(
          beside, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(beside);
    }
  }
}
