package dev.graft.zoo.hub.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A model that is served. Thread-safe. */
sealed interface Repository permits PlainRepository, KeptRepository {
  /** The branch where no other is named. */
  String MAIN = "main";

  /** A commit and its id. */
  record Resolved(String id, Commit commit) {}

  /** Whether the token is needed to read it. */
  boolean isPrivate() throws IOException;

  /** What a branch, a reference or a commit id stands for. */
  Optional<Resolved> at(String revision) throws IOException;

  /** Where the bytes of a file lie. */
  Path content(String path, StoredFile file);
}
