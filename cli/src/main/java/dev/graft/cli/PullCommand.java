package dev.graft.cli;

import dev.graft.zoo.hub.HubSettings;
import dev.graft.zoo.hub.ModelReference;
import dev.graft.zoo.hub.PulledModel;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Fetches a pretrained model from a hub. */
@Command(
    name = "pull",
    header = "Fetch a pretrained model from a hub, checked.",
    description =
        "Fetch what transfer needs of a model on the Hugging Face Hub, or on any server that speaks"
            + " its protocol (HF_ENDPOINT): its ONNX file in 32 bits, what describes it, licence and"
            + " model card. Each file is checked by its digest, and kept in the cache that the hub's"
            + " other tools use, too (HF_HUB_CACHE, HF_HOME). What was broken off goes on where it"
            + " stopped. A token (HF_TOKEN) is sent to the hub's own host alone.",
    footer = {
      "  graft pull onnx-community/dinov2-small",
      "  graft pull Xenova/all-MiniLM-L6-v2 --file onnx/model_fp16.onnx",
      "  graft pull our-team/bolts@v2 --endpoint http://localhost:8080"
    })
final class PullCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "ID[@REVISION]",
      description = "The model: org/name, and a branch, tag or commit where not the newest one.")
  private String model = "";

  @Option(
      names = "--file",
      paramLabel = "NAME",
      description =
          "The ONNX file to take, where a model has several (default: the one in 32 bits).")
  private @Nullable String file;

  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      description = "The hub (default: HF_ENDPOINT, else https://huggingface.co).")
  private @Nullable String endpoint;

  @Option(
      names = "--offline",
      description = "Take what lies in the cache, and ask nobody (also: HF_HUB_OFFLINE=1).")
  private boolean offline;

  @Option(names = "--json", description = "Write one JSON object.")
  private boolean json;

  @Mixin
  @SuppressWarnings("UnusedVariable") // the parser reads it
  private final CommonOptions common = new CommonOptions();

  private final Console console;

  PullCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    HubAccess access = HubAccess.of(console);
    HubSettings settings = access.settings();
    settings = endpoint == null ? settings : settings.withEndpoint(endpoint);
    settings = offline ? settings.withoutNetwork() : settings;
    PulledModel pulled =
        access.pull(settings, ModelReference.parse(model), Optional.ofNullable(file));
    PulledModelText text = new PulledModelText(pulled);
    console.results().write(json ? Json.document(text.json()) : text.toString());
    return ExitCode.DONE;
  }
}
