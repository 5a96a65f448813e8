package dev.graft.cli;

import dev.graft.zoo.hub.HubSettings;
import dev.graft.zoo.hub.ModelPull;
import dev.graft.zoo.hub.ModelReference;
import dev.graft.zoo.hub.PulledModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Pulls models from a hub, with progress on standard error. */
final class HubAccess {
  private final Console console;

  HubAccess(Console console) {
    this.console = console;
  }

  /** What the environment says of the hub. */
  HubSettings settings() {
    return HubSettings.of(
        console.environment(), Path.of(System.getProperty("user.home", ".")).toAbsolutePath());
  }

  /**
   * Fetches a model; where the process is told to end, what came is kept.
   *
   * @param command that is run again to go on
   */
  PulledModel pull(
      HubSettings settings, ModelReference model, Optional<String> file, List<String> command) {
    try (Progress progress = Progress.on(console);
        Interruption interruption =
            Interruption.announce(console, progress, () -> interrupted(command))) {
      progress.phase(PullProgressLine.PHASE);
      PullProgressLine line = new PullProgressLine(progress, interruption::pass);
      PulledModel pulled = new ModelPull(settings, line).pull(model, file);
      interruption.pass();
      return pulled;
    }
  }

  private static String interrupted(List<String> command) {
    return "what came so far is kept. To go on from there: " + CommandText.of(command);
  }
}
