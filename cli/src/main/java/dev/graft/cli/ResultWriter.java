package dev.graft.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.Charset;

/**
 * Writes results line by line; unlike {@link java.io.PrintStream} it never swallows a failure, so
 * that a full disk behind {@code > file} does not end in exit code 0. Not thread-safe.
 */
final class ResultWriter {
  private final Writer writer;

  ResultWriter(OutputStream out, Charset charset) {
    this.writer = new BufferedWriter(new OutputStreamWriter(out, charset));
  }

  /**
   * Writes a line and hands it on at once, for who reads along.
   *
   * @throws OutputLostException if it cannot be written
   */
  void line(String text) {
    write(text + System.lineSeparator());
  }

  /**
   * Writes text that brings its own line ends.
   *
   * @throws OutputLostException if it cannot be written
   */
  void write(String text) {
    try {
      writer.write(text);
      writer.flush();
    } catch (IOException failure) {
      throw new OutputLostException(failure);
    }
  }
}
