package dev.graft.cli;

import dev.graft.runtime.trust.FolderSignature;
import dev.graft.runtime.trust.KeyFiles;
import dev.graft.transfer.sharing.ModelSharing;
import dev.graft.transfer.sharing.SharedModel;
import dev.graft.transfer.sharing.SharingOptions;
import dev.graft.zoo.hub.HubSettings;
import dev.graft.zoo.hub.ModelPush;
import dev.graft.zoo.hub.ModelReference;
import dev.graft.zoo.hub.PushRequest;
import dev.graft.zoo.hub.PushedModel;
import dev.graft.zoo.hub.RemoteModel;
import dev.graft.zoo.hub.RepositoryId;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shares a model on a hub. */
@Command(
    name = "push",
    header = "Share a model on a hub.",
    description =
        "Bring a model that training or pre-training wrote to the Hugging Face Hub, or to any server"
            + " that speaks its protocol (HF_ENDPOINT, graft hub serve), with a token that may write"
            + " (HF_TOKEN). Nothing of the training data goes along unless --with-examples says so;"
            + " the golden examples are replaced by synthetic ones. A model that is not there yet is"
            + " only shown as it would be; --yes makes it.",
    footer = {
      "  graft push my-model our-team/bolts",
      "  graft push my-model our-team/bolts --yes --private",
      "  graft push my-model our-team/bolts --create-pr --message \"More screws\""
    })
final class PushCommand implements Callable<Integer> {
  @Mixin
  @SuppressWarnings("UnusedVariable") // the parser reads it
  private final CommonOptions common = new CommonOptions();

  @Parameters(index = "0", paramLabel = "MODEL", description = "The folder of the model.")
  private Path model = Path.of("");

  @Parameters(index = "1", paramLabel = "ID", description = "What it is called there: org/name.")
  private String id = "";

  @Option(
      names = {"--yes", "--create"},
      description = "Make the model on the hub where it is not there yet.")
  private boolean create;

  @Option(names = "--dry-run", description = "Show what would be sent, and send nothing.")
  private boolean dryRun;

  @Option(
      names = "--private",
      description = "Make it readable for those alone who are let; counts where it is made.")
  private boolean hidden;

  @Option(
      names = "--create-pr",
      description = "Propose the change to whom the model belongs, and leave it as it is.")
  private boolean pullRequest;

  @Option(
      names = "--revision",
      paramLabel = "BRANCH",
      defaultValue = ModelReference.MAIN,
      description = "The branch (default: ${DEFAULT-VALUE}); made where it is missing.")
  private String revision = ModelReference.MAIN;

  @Option(
      names = "--message",
      paramLabel = "TEXT",
      defaultValue = "Upload a model made with Graft",
      description = "What is new, in one line.")
  private String message = "";

  @Option(
      names = "--with-examples",
      description =
          "Send golden examples, report, predictions and features of the training data as well.")
  private boolean withExamples;

  @Option(
      names = "--licence-reason",
      paramLabel = "TEXT",
      description =
          "Why you may share it although the backbone's licence does not say so; goes into the"
              + " model card.")
  private @Nullable String licenceReason;

  @Option(
      names = "--sign",
      paramLabel = "FILE",
      description = "Sign its files with this private Ed25519 key; see graft sign.")
  private @Nullable Path key;

  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      description = "The hub (default: HF_ENDPOINT, else https://huggingface.co).")
  private @Nullable String endpoint;

  @Option(names = "--json", description = "Write one JSON object.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Console console;

  PushCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (message.isBlank() || message.contains("\n")) {
      throw new ParameterException(
          spec.commandLine(), "Expected --message to be one line that is not blank");
    }
    ModelReference target = new ModelReference(new RepositoryId(id), revision);
    Optional<PrivateKey> signer =
        key == null ? Optional.empty() : Optional.of(KeyFiles.readPrivate(key));
    HubSettings settings = HubAccess.of(console).settings();
    settings = endpoint == null ? settings : settings.withEndpoint(endpoint);
    Path staging = java.nio.file.Files.createTempDirectory("graft-push-");
    try {
      SharedModel shared =
          ModelSharing.prepare(
              model, staging, new SharingOptions(withExamples, Optional.ofNullable(licenceReason)));
      if (signer.isPresent()) {
        FolderSignature.write(staging, signer.get());
      }
      push(settings, target, shared);
      return ExitCode.DONE;
    } finally {
      TemporaryFolder.delete(staging);
    }
  }

  private void push(HubSettings settings, ModelReference target, SharedModel shared) {
    try (Progress progress = Progress.on(console);
        Interruption interruption =
            Interruption.announce(
                console,
                progress,
                () -> "the hub keeps what was sent; the same command goes on from there.")) {
      PushProgressLine line = new PushProgressLine(progress, target, interruption::pass);
      ModelPush push = new ModelPush(settings, line);
      RemoteModel remote = push.look(target);
      PushText text = new PushText(target, settings.endpoint(), remote, shared);
      boolean sends = !dryRun && (remote.exists() || create);
      if (!json) {
        progress.close();
        console.results().write(text.plan(sends));
      }
      if (!sends) {
        if (json) {
          console.results().write(Json.document(text.json(Optional.empty())));
        }
        return;
      }
      if (!remote.exists()) {
        push.create(target.id(), hidden);
      }
      PushedModel pushed =
          push.push(
              new PushRequest(
                  target, shared.folder(), message, pullRequest, ModelSharing::isWritten));
      interruption.pass();
      progress.close();
      console
          .results()
          .write(json ? Json.document(text.json(Optional.of(pushed))) : text.done(pushed));
    }
  }
}
