package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.data.DataException;
import dev.graft.engine.EngineException;
import dev.graft.onnx.OnnxModelException;
import dev.graft.transfer.TransferException;
import dev.graft.zoo.hub.HubException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FailureTest {
  static Stream<Arguments> kinds() {
    return Stream.of(
        Arguments.of(new DataException("x"), ExitCode.DATA),
        Arguments.of(new OnnxModelException("x"), ExitCode.MODEL),
        Arguments.of(new EngineException("x"), ExitCode.MODEL),
        Arguments.of(new EngineException("x", new UnsatisfiedLinkError("y")), ExitCode.ENVIRONMENT),
        Arguments.of(new TransferException(TransferException.Cause.SETTINGS, "x"), ExitCode.USAGE),
        Arguments.of(new TransferException(TransferException.Cause.DATA, "x"), ExitCode.DATA),
        Arguments.of(new TransferException(TransferException.Cause.MODEL, "x"), ExitCode.MODEL),
        Arguments.of(
            new TransferException(TransferException.Cause.ENVIRONMENT, "x"), ExitCode.ENVIRONMENT),
        Arguments.of(new HubException(HubException.Cause.USAGE, "x"), ExitCode.USAGE),
        Arguments.of(new HubException(HubException.Cause.NOT_FOUND, "x"), ExitCode.MODEL),
        Arguments.of(new HubException(HubException.Cause.GATED, "x"), ExitCode.MODEL),
        Arguments.of(new HubException(HubException.Cause.DAMAGED, "x"), ExitCode.MODEL),
        Arguments.of(new HubException(HubException.Cause.NETWORK, "x"), ExitCode.ENVIRONMENT),
        Arguments.of(new HubException(HubException.Cause.DISK, "x"), ExitCode.ENVIRONMENT),
        Arguments.of(new OutOfMemoryError("x"), ExitCode.ENVIRONMENT),
        Arguments.of(new NoClassDefFoundError("x"), ExitCode.ENVIRONMENT),
        Arguments.of(
            new UncheckedIOException(new AccessDeniedException("/x")), ExitCode.ENVIRONMENT),
        Arguments.of(
            new UncheckedIOException(new FileSystemException("/x", null, "Read-only file system")),
            ExitCode.ENVIRONMENT),
        Arguments.of(new UncheckedIOException(new IOException("x")), ExitCode.OTHER),
        Arguments.of(new IllegalStateException("x"), ExitCode.OTHER));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void of_knownKind_hasItsExitCode(Throwable thrown, int exitCode) {
    assertThat(Failure.of(thrown).exitCode()).isEqualTo(exitCode);
  }

  @Test
  void of_fullDiskBeneathAnything_isEnvironmentAndSaysSo() {
    Failure failure =
        Failure.of(
            new OnnxModelException(
                "Writing model.onnx failed.",
                new FileSystemException("model.onnx", null, "No space left on device")));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.ENVIRONMENT);
    assertThat(failure.message())
        .isEqualTo(
            "Writing model.onnx failed. The disk is full: free some space, then run the same"
                + " command again.");
  }

  @Test
  void of_lackOfMemory_saysHowToGiveMore() {
    assertThat(Failure.of(new OutOfMemoryError("Java heap space")).message())
        .contains("Java heap space", "GRAFT_JAVA_OPTS=-Xmx4g");
  }

  @Test
  void of_unknownFailure_asksForStackTrace() {
    assertThat(Failure.of(new IllegalStateException("odd")).message())
        .contains("This should not happen", "odd", "--stacktrace");
  }

  @Test
  void of_messageWithControlCharacters_isMadeHarmless() {
    assertThat(Failure.of(new DataException("bad file \u001b[2J.jpg")).message())
        .isEqualTo("bad file \\u001b[2J.jpg");
  }
}
