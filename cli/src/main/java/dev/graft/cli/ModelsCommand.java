package dev.graft.cli;

import dev.graft.zoo.BackboneKind;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists the backbones that are at hand, and some that could be. */
@Command(
    name = "models",
    header = "List backbones: bundled, in the cache, and well-known public ones.",
    description =
        "List the backbones that come with Graft, those in the cache of the Hugging Face Hub, which"
            + " other tools may have put there, and a few well-known public ones to begin with. Any"
            + " of them is named to train as --backbone ID, those of a hub as hf:ID.",
    synopsisSubcommandLabel = "[rm ID]",
    subcommands = ModelsRemoveCommand.class,
    footer = {
      "  graft models --kind audio",
      "  graft models rm onnx-community/dinov2-small",
      "  graft pull onnx-community/dinov2-small"
    })
final class ModelsCommand implements Callable<Integer> {
  @Option(
      names = "--kind",
      paramLabel = "image|audio|text",
      description = "List those for one kind of data alone.")
  private @Nullable BackboneKind kind;

  @Option(names = "--json", description = "Write one JSON object.")
  private boolean json;

  @Mixin
  @SuppressWarnings("UnusedVariable") // the parser reads it
  private final CommonOptions common = new CommonOptions();

  private final Console console;

  ModelsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    ModelsOverview overview =
        ModelsOverview.of(HubAccess.of(console).settings().cache(), Optional.ofNullable(kind));
    console
        .results()
        .write(
            json
                ? Json.document(overview.json())
                : overview.text(
                    console.terminal().showsResults() ? console.terminal().columns() : 100));
    return ExitCode.DONE;
  }
}
