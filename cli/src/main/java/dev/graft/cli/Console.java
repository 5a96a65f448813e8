package dev.graft.cli;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The three standard streams of one command and the terminal behind them.
 *
 * <p>{@link #error} may be used by several threads; the other streams by one at a time.
 */
final class Console {
  private final InputStream in;
  private final Charset charset;
  private final ResultWriter results;
  private final OutputStream rawOut;
  private final PrintWriter error;
  private final Terminal terminal;
  private final Map<String, String> environment;
  private @Nullable BufferedReader answers;

  /** With the process's own environment. */
  Console(InputStream in, OutputStream out, OutputStream err, Charset charset, Terminal terminal) {
    this(in, out, err, charset, terminal, System.getenv());
  }

  Console(
      InputStream in,
      OutputStream out,
      OutputStream err,
      Charset charset,
      Terminal terminal,
      Map<String, String> environment) {
    this.in = in;
    this.charset = charset;
    this.rawOut = out;
    this.results = new ResultWriter(out, charset);
    this.error = new PrintWriter(new OutputStreamWriter(err, charset), true);
    this.terminal = terminal;
    this.environment = Map.copyOf(environment);
  }

  /** The process's own streams. */
  static Console system() {
    Terminal terminal = Terminal.detect();
    return new Console(
        System.in,
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err),
        charset(terminal),
        terminal);
  }

  /** UTF-8 for files, pipes and terminals of today; only Windows consoles want their code page. */
  private static Charset charset(Terminal terminal) {
    boolean windows =
        System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");
    String codePage =
        System.getProperty("stdout.encoding", System.getProperty("sun.stdout.encoding", ""));
    boolean known = !codePage.isEmpty() && Charset.isSupported(codePage);
    return windows && terminal.showsResults() && known
        ? Charset.forName(codePage)
        : StandardCharsets.UTF_8;
  }

  /** Where results go. */
  ResultWriter results() {
    return results;
  }

  /** Standard output for the argument parser's own texts, such as help. */
  PrintWriter resultsForParser() {
    return new PrintWriter(new OutputStreamWriter(rawOut, charset), true);
  }

  /** Where progress, remarks and errors go. */
  PrintWriter error() {
    return error;
  }

  /** The terminal behind the streams. */
  Terminal terminal() {
    return terminal;
  }

  /** The environment variables. */
  Map<String, String> environment() {
    return environment;
  }

  /** Standard input as bytes. */
  InputStream in() {
    return in;
  }

  /** Asks a person; empty if nobody can answer or the input ends. */
  Optional<String> ask(String question) {
    if (!terminal.answers()) {
      return Optional.empty();
    }
    error.print(question);
    error.flush();
    try {
      if (answers == null) {
        answers = new BufferedReader(new InputStreamReader(in, charset));
      }
      return Optional.ofNullable(answers.readLine()).map(String::trim);
    } catch (IOException noAnswer) {
      return Optional.empty();
    }
  }
}
