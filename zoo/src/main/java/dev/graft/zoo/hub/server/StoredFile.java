package dev.graft.zoo.hub.server;

/**
 * A file of a repository, whatever it is called.
 *
 * @param size in bytes
 * @param sha256 of its content
 * @param blob the git blob of the content, or of its pointer where it is large
 * @param large whether clients know it by its SHA-256, as objects of git-lfs are
 */
record StoredFile(long size, String sha256, String blob, boolean large) {
  /** What stands for the content in headers and lists. */
  String etag() {
    return large ? sha256 : blob;
  }
}
