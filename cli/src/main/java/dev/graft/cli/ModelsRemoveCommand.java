package dev.graft.cli;

import dev.graft.zoo.hub.CacheContents;
import dev.graft.zoo.hub.ModelReference;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Removes a model from the cache. */
@Command(
    name = "rm",
    header = "Remove a model from the cache, with all its revisions.",
    description =
        "Remove a model from the cache, with all its revisions, also for the other tools that use"
            + " that cache. What was trained from it is left alone.",
    footer = {"  graft models rm onnx-community/dinov2-small"})
final class ModelsRemoveCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "ID", description = "The model: org/name.")
  private String model = "";

  @Mixin
  @SuppressWarnings("UnusedVariable") // the parser reads it
  private final CommonOptions common = new CommonOptions();

  private final Console console;

  ModelsRemoveCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    ModelReference reference = ModelReference.parse(model);
    long freed = new CacheContents(HubAccess.of(console).settings().cache()).remove(reference.id());
    console
        .results()
        .line("Removed " + reference.id() + "; " + Wording.bytes(freed) + " are free again.");
    return ExitCode.DONE;
  }
}
