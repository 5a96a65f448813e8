package dev.graft.zoo.hub;

/**
 * A file of a repository as the hub announces it. Immutable and thread-safe.
 *
 * @param name inside the repository
 * @param sizeBytes of its content
 * @param digest of its content
 */
record HubFile(HubFileName name, long sizeBytes, BlobDigest digest) {
  /** Larger files are served in pieces, which needs another protocol. */
  static final long LARGEST_BYTES = 50_000_000_000L;

  HubFile {
    if (sizeBytes < 0 || sizeBytes > LARGEST_BYTES) {
      throw new HubException(
          HubException.Cause.DAMAGED,
          "Checking the files of a model: "
              + name
              + " is announced with "
              + sizeBytes
              + " bytes; 0 to "
              + LARGEST_BYTES
              + " are expected. Take another file of it with --file, or another model.");
    }
  }
}
