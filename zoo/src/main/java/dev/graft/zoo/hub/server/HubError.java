package dev.graft.zoo.hub.server;

/** A request that is answered with an error. Has no stack trace: nobody looks at it. */
final class HubError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;

  /**
   * @param code one that clients of the hub know, such as RepoNotFound; empty where none fits
   */
  HubError(int status, String code, String message) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
  }

  static HubError badRequest(String message) {
    return new HubError(400, "", message);
  }

  static HubError noRepository() {
    return new HubError(404, "RepoNotFound", "Repository not found");
  }

  static HubError noRevision(String revision) {
    return new HubError(404, "RevisionNotFound", "Invalid rev id: " + revision);
  }

  static HubError noEntry() {
    return new HubError(404, "EntryNotFound", "Entry not found");
  }

  static HubError noSuchPage() {
    return new HubError(404, "", "There is no such page");
  }

  static HubError conflict(String message) {
    return new HubError(409, "", message);
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
