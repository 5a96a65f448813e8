package dev.graft.transfer.pretraining;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.graft.transfer.TransferException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What a run tells of its steps, for programs: {@code metrics.jsonl}, one JSON object a line.
 *
 * <p>Lines are appended in the order of their steps. A run that goes on after a checkpoint drops
 * what was written after it, so that the lines are those of a run without interruption, but for
 * times, as long as all lines of a step but its epoch's are written before the step's checkpoint.
 * Not thread-safe.
 */
final class MetricsLog implements AutoCloseable {
  /** The number of steps taken, by which a resumed run knows its lines. */
  static final String STEP = "step";

  /** The number of an epoch, counted from 1, in the line that tells how it ended. */
  static final String EPOCH = "epoch";

  /** A longer line was not written here. */
  private static final int MOST_BYTES_OF_A_LINE = 1 << 20;

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final Path file;
  private final FileChannel channel;

  private MetricsLog(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Begins a log; one that lies there is replaced.
   *
   * @throws TransferException if it cannot be written
   */
  static MetricsLog started(Path file) {
    try {
      Files.deleteIfExists(file);
      return appendingTo(file);
    } catch (IOException failure) {
      throw unwritable(file, failure);
    }
  }

  /**
   * Goes on with a log where a checkpoint was made: lines of later steps or epochs and what a kill
   * or a loss of power tore are dropped; a line without a step stays or goes with the one before
   * it.
   *
   * @param step the checkpoint's step
   * @param epochs that were done there; the one whose last step this is may have ended after it
   * @throws TransferException if it cannot be read or written
   */
  static MetricsLog resumedAt(Path file, long step, int epochs) {
    try {
      if (Files.exists(file)) {
        keepUntil(file, step, epochs);
      }
      return appendingTo(file);
    } catch (IOException failure) {
      throw unwritable(file, failure);
    }
  }

  private static MetricsLog appendingTo(Path file) throws IOException {
    return new MetricsLog(
        file, FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
  }

  /** Rewrites the file beside its place, so that a kill leaves it as it was or as it should be. */
  private static void keepUntil(Path file, long step, int epochs) throws IOException {
    Path beside = file.toAbsolutePath().resolveSibling(".writing-" + UUID.randomUUID());
    try {
      try (InputStream lines = new BufferedInputStream(Files.newInputStream(file));
          FileChannel channel =
              FileChannel.open(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        OutputStream kept = new BufferedOutputStream(Channels.newOutputStream(channel));
        copyUntil(lines, kept, step, epochs);
        kept.flush();
        channel.force(true);
      }
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  private static void copyUntil(InputStream lines, OutputStream kept, long step, int epochs)
      throws IOException {
    boolean later = false;
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (readLine(lines, line)) {
      Optional<JsonNode> object = object(line.toByteArray());
      if (object.isPresent()) {
        JsonNode own = object.get().path(STEP);
        later = own.canConvertToLong() ? own.asLong() > step : later;
        if (!later && object.get().path(EPOCH).asLong(0) <= epochs) {
          line.writeTo(kept);
          kept.write('\n');
        }
      }
    }
  }

  /**
   * Reads up to the next line feed; of a line that is too long, only so much that it is no JSON.
   */
  private static boolean readLine(InputStream lines, ByteArrayOutputStream line)
      throws IOException {
    line.reset();
    int next = lines.read();
    if (next < 0) {
      return false;
    }
    while (next >= 0 && next != '\n') {
      if (line.size() <= MOST_BYTES_OF_A_LINE) {
        line.write(next);
      }
      next = lines.read();
    }
    return true;
  }

  private static Optional<JsonNode> object(byte[] line) throws IOException {
    if (line.length > MOST_BYTES_OF_A_LINE) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readTree(line)).filter(JsonNode::isObject);
    } catch (JsonProcessingException torn) {
      return Optional.empty();
    }
  }

  /**
   * Appends a line and hands it to the system, so that it outlives the process.
   *
   * @param values by name, in the map's order; numbers that are none become null
   */
  void append(Map<String, ?> values) {
    Map<String, Object> finite = new LinkedHashMap<>();
    values.forEach((name, value) -> finite.put(name, isNoNumber(value) ? null : value));
    try {
      write((JSON.writeValueAsString(finite) + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException failure) {
      throw unwritable(file, failure);
    }
  }

  private static boolean isNoNumber(Object value) {
    return (value instanceof Double wide && !Double.isFinite(wide))
        || (value instanceof Float single && !Float.isFinite(single));
  }

  /** Writes a line whole or, as far as the system lets us, not at all. */
  private void write(byte[] line) throws IOException {
    long before = channel.size();
    try {
      ByteBuffer rest = ByteBuffer.wrap(line);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
    } catch (IOException failure) {
      channel.truncate(before);
      throw failure;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException failure) {
      throw unwritable(file, failure);
    }
  }

  private static TransferException unwritable(Path file, IOException failure) {
    return new TransferException(
        TransferException.Cause.ENVIRONMENT,
        "Writing the figures of the steps to %s failed: %s. Check that the folder may be written and the disk has room; --resume continues from the last checkpoint."
            .formatted(file, failure),
        failure);
  }
}
