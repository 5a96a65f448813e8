package dev.graft.cli;

import dev.graft.transfer.TransferLearning;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of {@code train} about the run itself. */
final class RunChoices extends CacheChoice {
  @Option(names = "--overwrite", description = "Replace a trained model in that folder.")
  private boolean overwrite;

  @Option(
      names = "--resume",
      description = "Go on from the checkpoint of an interrupted run with the same settings.")
  private boolean resume;

  @Option(names = "--no-cache", description = "Keep no features between runs.")
  private boolean noCache;

  @Option(names = "--json", description = "Write the result as one JSON object.")
  private boolean json;

  boolean overwrites() {
    return overwrite;
  }

  boolean resumes() {
    return resume;
  }

  boolean asJson() {
    return json;
  }

  /** Where the model of data goes that nobody named a folder for. */
  Path folderFor(Path data) {
    ModelFolder folder = new ModelFolder(data, Path.of(""));
    if (overwrite) {
      return folder.standard(); // the same each time
    }
    return resume ? folder.unfinished().orElseGet(folder::free) : folder.free();
  }

  /** The folder that was chosen for them, or another where a faster run has taken it. */
  Path stillFree(Path data, Path chosen) {
    return overwrite || !Files.exists(chosen) ? chosen : new ModelFolder(data, Path.of("")).free();
  }

  /** That a run of these data which nobody named a folder for could be gone on with instead. */
  Optional<String> unfinishedToo(Path data) {
    return overwrite || resume
        ? Optional.empty()
        : new ModelFolder(data, Path.of(""))
            .unfinished()
            .map(
                folder ->
                    "An unfinished run with these data lies in "
                        + checkpoints(folder)
                        + "; it is left alone. Its command line with --resume goes on with it.");
  }

  /** Beside the results, where whoever resumes looks first. */
  static Path checkpoints(Path out) {
    Path absolute = out.toAbsolutePath().normalize();
    return absolute.resolveSibling("." + absolute.getFileName() + ".checkpoint");
  }

  boolean keepsFeatures() {
    return !noCache;
  }

  boolean contradictsItself() {
    return asked().isPresent() && noCache;
  }

  TransferLearning applyTo(TransferLearning learning, Path out) {
    TransferLearning chosen = asked().map(learning::cache).orElse(learning);
    chosen = noCache ? chosen.withoutCache() : chosen;
    return resume ? chosen.resume(checkpoints(out)) : chosen.checkpoints(checkpoints(out));
  }
}
