package dev.graft.cli;

import dev.graft.runtime.BundleLayout;
import dev.graft.runtime.trust.FolderSignature;
import dev.graft.runtime.trust.KeyFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Signs the list of a model's files, or makes the keys for that. */
@Command(
    name = "sign",
    header = "Sign a model's files with an Ed25519 key.",
    description =
        "Sign the list of a model's files (files.sha256), so that graft verify --key tells whether"
            + " they come from you. --new-key makes a key to sign with, which stays with you, and"
            + " beside it FILE.pub to check with, which others get.",
    footer = {"  graft sign --new-key my-key.pem", "  graft sign my-model --key my-key.pem"})
final class SignCommand implements Callable<Integer> {
  @Mixin
  @SuppressWarnings("UnusedVariable") // the parser reads it
  private final CommonOptions common = new CommonOptions();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "MODEL",
      description = "The folder of the model.")
  private @Nullable Path model;

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "The private Ed25519 key (PKCS#8, PEM) to sign with.")
  private @Nullable Path key;

  @Option(
      names = "--new-key",
      paramLabel = "FILE",
      description = "Make a pair of keys: FILE, readable for you alone, and FILE.pub.")
  private @Nullable Path newKey;

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Console console;

  SignCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if ((newKey == null) == (model == null) || (model == null) != (key == null)) {
      throw new ParameterException(
          spec.commandLine(), "Expected MODEL with --key FILE, or --new-key FILE alone");
    }
    if (newKey != null) {
      Path publicKey = KeyFiles.create(newKey);
      console.results().line("Made " + newKey + " to sign with; keep it to yourself.");
      console
          .results()
          .line("Made " + publicKey + " to check with: " + fingerprint(publicKey) + ".");
    } else if (model != null && key != null) {
      FolderSignature.write(model, KeyFiles.readPrivate(key));
      console.results().line("Signed " + model.resolve(BundleLayout.FILES) + ".");
    }
    return ExitCode.DONE;
  }

  private static String fingerprint(Path publicKey) throws IOException {
    return "SHA-256 " + KeyFiles.fingerprint(KeyFiles.readPublic(publicKey));
  }
}
