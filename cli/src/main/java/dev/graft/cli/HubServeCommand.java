package dev.graft.cli;

import dev.graft.zoo.hub.HubException;
import dev.graft.zoo.hub.server.HubServer;
import dev.graft.zoo.hub.server.HubServerListener;
import dev.graft.zoo.hub.server.HubServerOptions;
import dev.graft.zoo.hub.server.ServerToken;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Serves a folder of models until the process is told to end. */
@Command(
    name = "serve",
    header = "Serve a folder of models to others.",
    description =
        "Serve the models in a folder, so that graft pull, graft train --backbone hf:... and the"
            + " Hugging Face Hub's own tools get them with HF_ENDPOINT. DIR/org/name is the model"
            + " org/name. Nobody can write unless a token is given, by a file or the environment"
            + " variable GRAFT_HUB_TOKEN; with it, graft push writes, and what is private is read."
            + " Other machines reach it with --host alone, and unencrypted: a token belongs behind a"
            + " server that speaks https.",
    footer = {
      "  graft hub serve models/",
      "  graft hub serve models/ --port 8080 --token-file hub-token"
    })
final class HubServeCommand implements Callable<Integer> {
  private static final String VARIABLE = "GRAFT_HUB_TOKEN";
  private static final long LARGEST_TOKEN_FILE_BYTES = 4096;

  @Mixin
  @SuppressWarnings("UnusedVariable") // the parser reads it
  private final CommonOptions common = new CommonOptions();

  @Parameters(
      index = "0",
      paramLabel = "DIR",
      description = "Holds a folder for each organisation, with one for each model inside.")
  private Path folder = Path.of("");

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8090",
      description = "The port to listen at; 0 for any that is free (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = HubServerOptions.LOOPBACK,
      description =
          "The address to listen at; 0.0.0.0 for all of this machine's (default:"
              + " ${DEFAULT-VALUE}, which others do not reach).")
  private String host = HubServerOptions.LOOPBACK;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "Who knows the token in this file may write.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--address",
      paramLabel = "URL",
      description = "How clients reach it, where another server stands in front of it.")
  private @Nullable URI address;

  @Option(names = "--quiet", description = "Do not tell each request on standard error.")
  private boolean quiet;

  private final Console console;

  HubServeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Optional<ServerToken> token = token();
    HubServerOptions options =
        new HubServerOptions(folder, host, port, token, Optional.ofNullable(address));
    try (HubServer server = HubServer.start(options, quiet ? HubServerListener.NOTHING : log())) {
      URI shown = address == null ? server.address() : address;
      console
          .results()
          .line(
              "Serving "
                  + Wording.name(folder.toString())
                  + " at "
                  + shown
                  + (token.isPresent() ? ", writable with the token." : ", read-only."));
      console.results().line("Pull with: graft pull org/name --endpoint " + shown);
      warn(token.isPresent());
      awaitEnd(server);
    }
    return ExitCode.DONE;
  }

  private HubServerListener log() {
    return (method, path, status, bytes) ->
        console
            .error()
            .println(
                Wording.name(method + " " + path) + " " + status + ", " + Wording.bytes(bytes));
  }

  private void warn(boolean writable) throws IOException {
    if (!InetAddress.getByName(host).isLoopbackAddress()) {
      console
          .error()
          .println(
              "graft: warning: whoever reaches this machine can read what is not private"
                  + (writable && address == null
                      ? ", and whoever can listen on the way learns the token; put a server that"
                          + " speaks https in front (--address)."
                      : "."));
    }
  }

  /** Until the process is told to end; what is being answered is answered then. */
  private static void awaitEnd(HubServer server) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    Thread hook = new Thread(server::close, "graft-hub-ending");
    Runtime.getRuntime().addShutdownHook(hook);
    never.await();
  }

  private Optional<ServerToken> token() throws IOException {
    if (tokenFile == null) {
      return Optional.ofNullable(console.environment().get(VARIABLE))
          .map(String::strip)
          .filter(text -> !text.isEmpty())
          .map(ServerToken::new);
    }
    if (!Files.isRegularFile(tokenFile) || Files.size(tokenFile) > LARGEST_TOKEN_FILE_BYTES) {
      throw new HubException(
          HubException.Cause.USAGE,
          "Reading the token for writing: "
              + tokenFile
              + " is expected to be a file with the token on its only line, but there is "
              + (Files.exists(tokenFile) ? "something else" : "nothing")
              + ". Make one with: openssl rand -hex 32 > "
              + tokenFile);
    }
    return Optional.of(new ServerToken(Files.readString(tokenFile).strip()));
  }
}
