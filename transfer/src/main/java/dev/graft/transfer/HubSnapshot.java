package dev.graft.transfer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A model in the cache that the tools of the Hugging Face Hub share: {@code
 * models--org--name/snapshots/COMMIT}, whose files are links into {@code models--org--name/blobs}.
 *
 * @param repository the folder of all its revisions
 * @param id org/name
 * @param commit 40 hexadecimal digits
 */
record HubSnapshot(Path repository, String id, String commit) {
  private static final String PREFIX = "models--";
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  /** The one that a file or folder lies in, by its path; empty where that is no such cache. */
  static Optional<HubSnapshot> around(Path fileOrFolder) {
    for (Path at = fileOrFolder.toAbsolutePath().normalize(); at != null; at = at.getParent()) {
      Path snapshots = at.getParent();
      Path repository = snapshots == null ? null : snapshots.getParent();
      if (snapshots == null || repository == null || !snapshots.endsWith("snapshots")) {
        continue;
      }
      String name = String.valueOf(repository.getFileName());
      String commit = String.valueOf(at.getFileName());
      if (name.startsWith(PREFIX) && COMMIT.matcher(commit).matches()) {
        // Neither an organisation nor a name may hold two dashes.
        String id = name.substring(PREFIX.length()).replace("--", "/");
        return Optional.of(new HubSnapshot(repository, id, commit));
      }
    }
    return Optional.empty();
  }

  /**
   * Refuses links that leave the repository's folder: a snapshot that somebody else has made could
   * have any file of this machine read as a part of the model.
   *
   * @throws TransferException if one of them is such a link
   */
  void requireInside(Iterable<Path> files) {
    for (Path file : files) {
      if (Files.exists(file) && !isInside(file)) {
        throw new TransferException(
            TransferException.Cause.MODEL,
            "Loading the backbone "
                + id
                + ": "
                + file
                + " is expected to lie in "
                + repository
                + ", but it is a link to another place. Remove that folder unless you trust who made"
                + " it, then run graft pull "
                + id
                + ".");
      }
    }
  }

  private boolean isInside(Path file) {
    try {
      return file.toRealPath().startsWith(repository.toRealPath());
    } catch (IOException unreadable) {
      return false;
    }
  }
}
