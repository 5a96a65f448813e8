package dev.graft.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.runtime.trust.KeyFiles;
import dev.graft.runtime.trust.Verification;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Holds a model's files against the list of them. */
@Command(
    name = "verify",
    header = "Check that a model's files are those that were written.",
    description =
        "Check each file of a model against the SHA-256 that training wrote beside it"
            + " (files.sha256): what was changed, is missing or was added is named, with exit code"
            + " 4. Digests alone tell damage, not intent: whoever changes a file can change the"
            + " list as well. With --key, the list must bear the signature of that key.",
    footer = {"  graft verify my-model", "  graft verify their-model --key their-key.pem.pub"})
final class VerifyCommand implements Callable<Integer> {
  @Mixin
  @SuppressWarnings("UnusedVariable") // the parser reads it
  private final CommonOptions common = new CommonOptions();

  @Parameters(index = "0", paramLabel = "MODEL", description = "The folder of the model.")
  private Path model = Path.of("");

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "The public Ed25519 key (PEM) that the list must be signed with.")
  private @Nullable Path key;

  @Option(names = "--json", description = "Write one JSON object.")
  private boolean json;

  private final Console console;

  VerifyCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    Optional<PublicKey> signer =
        key == null ? Optional.empty() : Optional.of(KeyFiles.readPublic(key));
    Verification verification = Verification.of(model, signer);
    console.results().write(json ? Json.document(json(verification)) : text(verification, signer));
    return verification.passed() ? ExitCode.DONE : ExitCode.MODEL;
  }

  private String text(Verification verification, Optional<PublicKey> signer) {
    StringBuilder text = new StringBuilder();
    String name = Wording.name(model.toString());
    if (verification.passed()) {
      line(
          text,
          name
              + " is as it was written: "
              + Wording.count(verification.files(), "file")
              + ", "
              + Wording.bytes(verification.bytes())
              + ".");
    } else {
      line(text, name + " is not what was written:");
      for (Verification.Problem problem : verification.problems()) {
        line(
            text,
            "  "
                + Wording.name(problem.path())
                + " "
                + problem.kind().words()
                + (problem.detail().isEmpty() ? "" : ": " + Wording.name(problem.detail())));
      }
    }
    switch (verification.signature()) {
      case VALID ->
          line(text, "Signed with the key " + signer.map(KeyFiles::fingerprint).orElse("") + ".");
      case UNCHECKED -> line(text, "It is signed; --key checks by whom.");
      case WRONG, NONE -> {}
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append(System.lineSeparator());
  }

  private ObjectNode json(Verification verification) {
    ObjectNode object = Json.object();
    object.put("folder", model.toString());
    object.put("passed", verification.passed());
    object.put("files", verification.files());
    object.put("bytes", verification.bytes());
    object.put("signature", word(verification.signature()));
    ArrayNode problems = object.putArray("problems");
    for (Verification.Problem problem : verification.problems()) {
      problems
          .addObject()
          .put("path", problem.path())
          .put("problem", word(problem.kind()))
          .put("detail", problem.detail());
    }
    return object;
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
