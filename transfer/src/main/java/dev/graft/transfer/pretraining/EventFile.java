package dev.graft.transfer.pretraining;

import dev.graft.transfer.TransferException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * The curves of a run for TensorBoard: an event file in a folder.
 *
 * <p>A file is a row of records: the length of a message as 8 bytes, the masked CRC-32C of these,
 * the message, its masked CRC-32C; all little-endian, masked(c) = (c rotated right by 15) +
 * 0xa282ead8 (TensorFlow's TFRecord). A run that goes on opens a further file, and TensorBoard
 * reads the files of a folder one after the other, in the order of their names. Each begins with
 * the step from which on it holds, so that TensorBoard forgets what a killed run wrote after its
 * last checkpoint; a record that the kill tore ends the file before it. Not thread-safe.
 */
final class EventFile implements AutoCloseable {
  private static final Pattern NAMES = Pattern.compile("events\\.out\\.tfevents\\.(\\d{10})\\..*");
  private static final int MASK = 0xa282ead8;

  private final Path file;
  private final Clock clock;
  private final OutputStream output;

  private EventFile(Path file, Clock clock, OutputStream output) {
    this.file = file;
    this.clock = clock;
    this.output = output;
  }

  /**
   * Opens a further file in a folder, which is made where it is absent.
   *
   * @param firstStep the step with which this run begins: 0, or the one after the checkpoint's
   * @throws TransferException if the file cannot be written
   */
  static EventFile open(Path folder, long firstStep) {
    return open(folder, firstStep, Clock.systemUTC());
  }

  static EventFile open(Path folder, long firstStep, Clock clock) {
    Path file = folder;
    try {
      Files.createDirectories(folder);
      // Later than all before it, also within one second or where the clock was set back.
      long seconds = Math.max(clock.instant().getEpochSecond(), latest(folder) + 1);
      // Others put the machine's name last, which is nobody's business.
      file = folder.resolve(String.format(Locale.ROOT, "events.out.tfevents.%010d.graft", seconds));
      OutputStream output =
          new BufferedOutputStream(
              Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
      EventFile opened = new EventFile(file, clock, output);
      opened.record(EventMessage.version(opened.wallTime()));
      opened.record(EventMessage.start(opened.wallTime(), firstStep));
      opened.flush();
      return opened;
    } catch (IOException failure) {
      throw unwritable(file, failure);
    }
  }

  private static long latest(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .map(entry -> NAMES.matcher(String.valueOf(entry.getFileName())))
          .filter(Matcher::matches)
          .mapToLong(name -> Long.parseLong(name.group(1)))
          .max()
          .orElse(0);
    }
  }

  /** Where it lies. */
  Path file() {
    return file;
  }

  /**
   * Adds a point to a curve; {@link #flush} makes it visible.
   *
   * @param tag the curve's name, such as {@code train/loss}
   * @param step the number of steps taken, at least 0
   * @param value kept as a single; NaN and infinities are shown as such
   */
  void scalar(String tag, long step, double value) {
    record(EventMessage.scalar(wallTime(), step, tag, (float) value));
  }

  /** Hands what was added to the system, so that it outlives the process. */
  void flush() {
    try {
      output.flush();
    } catch (IOException failure) {
      throw unwritable(file, failure);
    }
  }

  @Override
  public void close() {
    try {
      output.close();
    } catch (IOException failure) {
      throw unwritable(file, failure);
    }
  }

  private void record(byte[] message) {
    byte[] length = littleEndian(8).putLong(message.length).array();
    byte[] record =
        littleEndian(8 + 4 + message.length + 4)
            .put(length)
            .putInt(masked(length))
            .put(message)
            .putInt(masked(message))
            .array();
    try {
      output.write(record);
    } catch (IOException failure) {
      throw unwritable(file, failure);
    }
  }

  private static int masked(byte[] content) {
    CRC32C checksum = new CRC32C();
    checksum.update(content);
    return Integer.rotateRight((int) checksum.getValue(), 15) + MASK;
  }

  /** Seconds since 1970. */
  private double wallTime() {
    Instant now = clock.instant();
    return now.getEpochSecond() + now.getNano() * 1e-9;
  }

  private static ByteBuffer littleEndian(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static TransferException unwritable(Path file, IOException failure) {
    return new TransferException(
        TransferException.Cause.ENVIRONMENT,
        "Writing the curves for TensorBoard to %s failed: %s. Check that the folder may be written and the disk has room; --resume continues from the last checkpoint."
            .formatted(file, failure),
        failure);
  }
}
