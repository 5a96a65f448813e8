package dev.graft.transfer.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.engine.EngineException;
import dev.graft.engine.TrainingSession;
import dev.graft.transfer.TransferException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/**
 * Checkpoints of a training loop in a folder: each is a folder of its own that appears whole by one
 * rename; the last two are kept, and a damaged one is passed over for the one before.
 */
public final class Checkpoints {
  /** Of what is not yet whole. */
  static final String PARTIAL = ".partial-";

  private static final String PREFIX = "checkpoint-";
  private static final String STATE = "state.json";
  private static final String WEIGHTS = "weights.bin";
  private static final String BEST = "best.bin";
  private static final String OPTIMIZER = "optimizer.pt";
  private static final String CHECKSUMS = "checksums.json";
  private static final List<String> SUMMED = List.of(WEIGHTS, BEST, OPTIMIZER, STATE);
  private static final int KEPT = 2;
  private static final long MAXIMUM_STATE_BYTES = 64L << 20;
  private static final long MAXIMUM_CHECKSUMS_BYTES = 64L << 10;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final String fingerprint;
  private final Duration interval;

  /** Where a training stands, apart from weights and optimizer; kept as JSON. */
  public interface State {
    /** Of data and settings; a state of others is not continued. */
    String fingerprint();
  }

  /**
   * What a checkpoint holds beside the optimizer and the present weights, which are restored into
   * their session.
   *
   * @param best a second set of weights: the best ones, or averaged ones
   */
  public record Restored<S extends State>(S state, Map<String, float[]> best) {}

  /**
   * Checkpoints in a folder, which need not exist.
   *
   * @param fingerprint of data and settings
   * @param interval least time between two checkpoints
   */
  public Checkpoints(Path folder, String fingerprint, Duration interval) {
    this.folder = folder;
    this.fingerprint = fingerprint;
    this.interval = interval;
  }

  /** Least time between two checkpoints at the ends of epochs. */
  public Duration interval() {
    return interval;
  }

  /** Writes a checkpoint and forgets the oldest. */
  public void save(State state, TrainingSession session, Map<String, float[]> best) {
    long number = numbers().stream().max(Comparator.naturalOrder()).orElse(0L) + 1;
    Path partial = folder.resolve(PARTIAL + PREFIX + number);
    try {
      deleteTree(partial);
      Files.createDirectories(partial);
      writeWeights(partial.resolve(WEIGHTS), session.weights());
      writeWeights(partial.resolve(BEST), best);
      session.saveOptimizer(partial.resolve(OPTIMIZER));
      Files.write(partial.resolve(STATE), JSON.writeValueAsBytes(state));
      Map<String, Long> checksums = new LinkedHashMap<>();
      for (String name : SUMMED) {
        checksums.put(name, checksum(partial.resolve(name)));
        sync(partial.resolve(name));
      }
      Files.write(partial.resolve(CHECKSUMS), JSON.writeValueAsBytes(checksums));
      sync(partial.resolve(CHECKSUMS));
      forceFolder(partial);
      Files.move(partial, folder.resolve(PREFIX + number), StandardCopyOption.ATOMIC_MOVE);
      forceFolder(folder);
      for (long old : numbers()) {
        if (old <= number - KEPT) {
          deleteTree(folder.resolve(PREFIX + old));
        }
      }
    } catch (EngineException failure) {
      forget(partial);
      throw failure;
    } catch (IOException failure) {
      forget(partial);
      throw new TransferException(
          TransferException.Cause.ENVIRONMENT,
          "Writing a checkpoint to "
              + folder
              + " failed: "
              + failure.getMessage()
              + ". Free some space or choose another output folder; the checkpoint before is kept,"
              + " --resume continues from it.",
          failure);
    }
  }

  /** Restores the newest checkpoint that is whole and was made by the same run. */
  public <S extends State> Optional<Restored<S>> restore(TrainingSession session, Class<S> type) {
    List<Long> newestFirst = new ArrayList<>(numbers());
    newestFirst.sort(Comparator.reverseOrder());
    for (long number : newestFirst) {
      Optional<Restored<S>> restored = restore(folder.resolve(PREFIX + number), session, type);
      if (restored.isPresent()) {
        return restored;
      }
    }
    return Optional.empty();
  }

  private <S extends State> Optional<Restored<S>> restore(
      Path checkpoint, TrainingSession session, Class<S> type) {
    try {
      Path stateFile = checkpoint.resolve(STATE);
      if (!isWhole(checkpoint) || Files.size(stateFile) > MAXIMUM_STATE_BYTES) {
        return Optional.empty();
      }
      S state = JSON.readValue(Files.readAllBytes(stateFile), type);
      if (!state.fingerprint().equals(fingerprint)) {
        throw new TransferException(
            TransferException.Cause.SETTINGS,
            "Resuming from "
                + folder
                + ": the run there had other data, another backbone or other"
                + " settings. Repeat its command line with --resume, or start anew without it.");
      }
      Map<String, float[]> weights = readWeights(checkpoint.resolve(WEIGHTS));
      Map<String, float[]> best = readWeights(checkpoint.resolve(BEST));
      session.loadOptimizer(checkpoint.resolve(OPTIMIZER));
      session.setWeights(weights);
      return Optional.of(new Restored<>(state, best));
    } catch (IOException | EngineException damaged) {
      return Optional.empty();
    }
  }

  /** Whether every file is as it was written: neither libtorch nor JSON notices a turned bit. */
  private static boolean isWhole(Path checkpoint) throws IOException {
    Path file = checkpoint.resolve(CHECKSUMS);
    if (Files.size(file) > MAXIMUM_CHECKSUMS_BYTES) {
      return false;
    }
    JsonNode expected = JSON.readTree(Files.readAllBytes(file));
    for (String name : SUMMED) {
      if (expected.path(name).asLong(-1) != checksum(checkpoint.resolve(name))) {
        return false;
      }
    }
    return true;
  }

  private static long checksum(Path file) throws IOException {
    CRC32C checksum = new CRC32C();
    try (CheckedInputStream content =
        new CheckedInputStream(new BufferedInputStream(Files.newInputStream(file)), checksum)) {
      content.transferTo(OutputStream.nullOutputStream());
    }
    return checksum.getValue();
  }

  /**
   * Removes the checkpoints in a folder, and the folder where nothing else lies in it. What cannot
   * be removed stays: it costs disk space, not the run.
   */
  public static void discard(Path folder) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    discard(ofTrainingAgain(folder));
    FoldPredictions.discard(folder);
    try {
      List<Path> own;
      try (Stream<Path> entries = Files.list(folder)) {
        own = entries.filter(Checkpoints::isOwn).toList();
      }
      for (Path checkpoint : own) {
        deleteTree(checkpoint);
      }
      Files.deleteIfExists(folder);
    } catch (IOException inUse) {
      // Other files lie there, or another process holds one of ours open.
    }
  }

  /** Whether a folder holds a checkpoint, whole or not. */
  public static boolean liesIn(Path folder) {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.anyMatch(Checkpoints::isOwn);
    } catch (IOException unreadable) {
      return false;
    }
  }

  /** Where a training on all examples, after one with some held out, keeps its own. */
  public static Path ofTrainingAgain(Path folder) {
    return folder.resolve("again");
  }

  private static boolean isOwn(Path entry) {
    return String.valueOf(entry.getFileName()).matches("(\\.partial-)?" + PREFIX + "[0-9]{1,12}");
  }

  private List<Long> numbers() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .map(entry -> String.valueOf(entry.getFileName()))
          .filter(name -> name.matches(PREFIX + "[0-9]{1,12}"))
          .map(name -> Long.parseLong(name.substring(PREFIX.length())))
          .toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /**
   * Layout: for each tensor the UTF-8 length and name, the count, the floats; a CRC-32C at the end.
   */
  static void writeWeights(Path file, Map<String, float[]> weights) throws IOException {
    long size = 8;
    for (Map.Entry<String, float[]> entry : weights.entrySet()) {
      size += 8 + entry.getKey().getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
      size += 4L * entry.getValue().length;
    }
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(size)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(weights.size());
    weights.forEach(
        (name, values) -> {
          byte[] text = name.getBytes(java.nio.charset.StandardCharsets.UTF_8);
          bytes.putInt(text.length).put(text).putInt(values.length);
          bytes.asFloatBuffer().put(values);
          bytes.position(bytes.position() + 4 * values.length);
        });
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), 0, bytes.position());
    bytes.putInt((int) crc.getValue());
    Files.write(file, bytes.array());
  }

  /** Replaces a file of weights as a whole, or leaves it as it was. */
  static void replaceWeights(Path target, Map<String, float[]> weights) throws IOException {
    Path folder = Objects.requireNonNull(target.toAbsolutePath().getParent());
    Path partial = folder.resolve(PARTIAL + UUID.randomUUID());
    try {
      Files.createDirectories(folder);
      writeWeights(partial, weights);
      sync(partial);
      Files.move(
          partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(partial); // there only if something failed, maybe for want of room
    }
  }

  static Map<String, float[]> readWeights(Path file) throws IOException {
    byte[] content = Files.readAllBytes(file);
    if (content.length < 8) {
      throw new IOException(file + " is cut short");
    }
    CRC32C crc = new CRC32C();
    crc.update(content, 0, content.length - 4);
    ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.getInt(content.length - 4) != (int) crc.getValue()) {
      throw new IOException(file + " is damaged: its checksum does not fit");
    }
    bytes.limit(content.length - 4);
    Map<String, float[]> weights = new LinkedHashMap<>();
    int count = length(bytes, 8, file);
    for (int i = 0; i < count; i++) {
      byte[] text = new byte[length(bytes, 1, file)];
      bytes.get(text);
      float[] values = new float[length(bytes, Float.BYTES, file)];
      bytes.asFloatBuffer().get(values);
      bytes.position(bytes.position() + Float.BYTES * values.length);
      weights.put(new String(text, java.nio.charset.StandardCharsets.UTF_8), values);
    }
    return weights;
  }

  /** A number of elements, each of at least so many bytes, that the rest of the file can hold. */
  private static int length(ByteBuffer bytes, int elementBytes, Path file) throws IOException {
    int length = bytes.remaining() < Integer.BYTES ? -1 : bytes.getInt();
    if (length < 0 || length > bytes.remaining() / elementBytes) {
      throw new IOException(file + " is damaged: a length in it does not fit");
    }
    return length;
  }

  static void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** Makes what was created or renamed in a folder durable; Windows cannot open one. */
  private static void forceFolder(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException unsupported) {
      // The files are forced; at worst a loss of power costs the newest checkpoint.
    }
  }

  /** On a full disk, what was half written takes the room that the rest of the run needs. */
  private static void forget(Path partial) {
    try {
      deleteTree(partial);
    } catch (IOException inUse) {
      // The failure that led here is told; the next checkpoint tries again.
    }
  }

  private static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(root)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
