package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.cli.Commands.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandTest {
  @TempDir Path folder = Path.of(".");

  @Test
  void verifyAndSign_trainedModel_tellWhatWasDoneToIt() throws IOException {
    assertThat(Commands.train(folder, "--strategy", "head").exitCode()).isZero();
    Path model = folder.resolve("model");
    Path key = folder.resolve("key.pem");
    Path publicKey = folder.resolve("key.pem.pub");

    Outcome untouched = Commands.run("verify", model);
    assertThat(untouched.exitCode()).as(untouched.out()).isZero();
    assertThat(untouched.out()).contains("is as it was written: ").doesNotContain("igned");

    assertThat(Commands.run("sign", "--new-key", key).out())
        .contains("Made " + key + " to sign with", "SHA-256 ");
    assertThat(Commands.run("verify", model, "--key", publicKey).exitCode())
        .isEqualTo(ExitCode.MODEL);
    assertThat(Commands.run("sign", model, "--key", key).exitCode()).isZero();
    assertThat(Commands.run("verify", model).out()).contains("It is signed; --key checks by whom.");
    Outcome signed = Commands.run("verify", model, "--key", publicKey);
    assertThat(signed.exitCode()).isZero();
    assertThat(signed.out()).contains("Signed with the key ");

    Files.writeString(model.resolve("README.md"), "Trust me.");
    Files.delete(model.resolve("metrics.json"));
    Outcome damaged = Commands.run("verify", model);
    assertThat(damaged.exitCode()).isEqualTo(ExitCode.MODEL);
    assertThat(damaged.out())
        .contains(
            "is not what was written:",
            "  README.md was changed: its SHA-256 is ",
            "  metrics.json is missing");
    JsonNode json =
        new ObjectMapper()
            .readTree(Commands.run("verify", model, "--key", publicKey, "--json").out());
    assertThat(json.path("passed").asBoolean()).isFalse();
    assertThat(json.path("signature").asText()).isEqualTo("valid");
    assertThat(json.at("/problems/0/path").asText()).isEqualTo("README.md");
    assertThat(json.at("/problems/0/problem").asText()).isEqualTo("changed");
  }

  @Test
  void sign_withoutKeyOrModel_isAUsageError() {
    Outcome outcome = Commands.run("sign", folder);
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).contains("Expected MODEL with --key FILE, or --new-key FILE alone");
  }

  @Test
  void verify_keyThatIsNone_isAUsageError() throws IOException {
    Path key = Files.writeString(folder.resolve("key"), "nothing");
    Outcome outcome = Commands.run("verify", folder, "--key", key);
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).contains("expected a key in PEM form, found something else");
  }
}
