package dev.graft.zoo.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What is said where the cache cannot be written to, with the bytes that are needed and free. */
final class DiskProblem {
  private DiskProblem() {}

  /**
   * Refuses to begin what cannot be finished.
   *
   * @throws HubException if a folder's disk has fewer bytes free
   */
  static void requireFree(Path folder, long neededBytes, String doing) throws IOException {
    long free = Files.getFileStore(folder).getUsableSpace();
    if (free < neededBytes) {
      throw new HubException(HubException.Cause.DISK, doing + ": " + lacking(folder, neededBytes));
    }
  }

  /** For a write that failed. */
  static HubException of(IOException failure, Path folder, long neededBytes, String doing) {
    return new HubException(
        HubException.Cause.DISK,
        doing
            + ": writing failed ("
            + HubTransport.words(failure)
            + "); "
            + lacking(folder, neededBytes),
        failure);
  }

  private static String lacking(Path folder, long neededBytes) {
    return neededBytes
        + " more bytes are needed in "
        + folder
        + ", "
        + free(folder)
        + " are free. Free some space or name another cache in HF_HUB_CACHE, then run the same"
        + " command again: what came is kept.";
  }

  private static String free(Path folder) {
    try {
      return String.valueOf(Files.getFileStore(folder).getUsableSpace());
    } catch (IOException unknown) {
      return "an unknown number";
    }
  }
}
