package dev.graft.transfer.pretraining;

import dev.graft.transfer.TransferException;
import dev.graft.transfer.evidence.PretrainingRecord.Epoch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The figures of a run while it goes on, in a folder "log": {@code metrics.jsonl} for programs and
 * event files for TensorBoard. Every {@value #STEPS_A_LINE} steps and after each epoch. Not
 * thread-safe.
 */
final class RunLog implements AutoCloseable {
  private static final String FOLDER = "log";
  private static final String METRICS = "metrics.jsonl";
  private static final String EVENTS = "events.out.tfevents.";
  private static final int STEPS_A_LINE = 50;

  private final MetricsLog metrics;
  private final EventFile events;

  private RunLog(MetricsLog metrics, EventFile events) {
    this.metrics = metrics;
    this.events = events;
  }

  /** Where the log of a run lies while it goes on. */
  static Path folder(Path runFolder) {
    return runFolder.resolve(FOLDER);
  }

  /** Begins a log; what an earlier run has left there is removed. */
  static RunLog begun(Path runFolder) {
    discard(runFolder);
    createFolder(folder(runFolder));
    return new RunLog(
        MetricsLog.started(folder(runFolder).resolve(METRICS)),
        EventFile.open(folder(runFolder), 0));
  }

  /**
   * Goes on with the log of a run that continues from a checkpoint.
   *
   * @param step steps taken at the checkpoint
   * @param epochs that were done there
   */
  static RunLog continued(Path runFolder, long step, int epochs) {
    createFolder(folder(runFolder));
    return new RunLog(
        MetricsLog.resumedAt(folder(runFolder).resolve(METRICS), step, epochs),
        EventFile.open(folder(runFolder), step + 1));
  }

  private static void createFolder(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException failure) {
      throw new TransferException(
          TransferException.Cause.ENVIRONMENT,
          "Making the folder "
              + folder
              + " for the log failed: "
              + failure
              + ". Check that it may be written, or choose another --out folder.",
          failure);
    }
  }

  /** A step was taken. */
  void step(long step, double smoothedLoss, double rate) {
    if (step % STEPS_A_LINE == 0) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put(MetricsLog.STEP, step);
      line.put("training_loss", smoothedLoss);
      line.put("learning_rate", rate);
      tell(line, step);
    }
  }

  /** An epoch is done. */
  void epoch(Epoch epoch, long step) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put(MetricsLog.STEP, step);
    line.put(MetricsLog.EPOCH, epoch.number());
    line.put("side", epoch.side());
    line.put("epoch_training_loss", epoch.trainingLoss());
    line.put("validation_loss", epoch.validationLoss());
    line.put("validation_accuracy", epoch.validationAccuracy());
    tell(line, step);
  }

  private void tell(Map<String, Object> line, long step) {
    for (Map.Entry<String, Object> value : line.entrySet()) {
      if (!value.getKey().equals(MetricsLog.STEP)) {
        events.scalar(value.getKey(), step, ((Number) value.getValue()).doubleValue());
      }
    }
    events.flush();
    line.put("time", Clock.systemUTC().instant().toString());
    metrics.append(line);
  }

  @Override
  public void close() {
    try {
      metrics.close();
    } finally {
      events.close();
    }
  }

  /** Copies the log of a run into the folder of its backbone. */
  static void copy(Path runFolder, Path backboneFolder) throws IOException {
    Path target = backboneFolder.resolve(FOLDER);
    Files.createDirectories(target);
    for (Path file : files(runFolder)) {
      Files.copy(file, target.resolve(String.valueOf(file.getFileName())));
    }
  }

  /** Removes the log of a run. What cannot be removed stays: it costs disk space, not the run. */
  static void discard(Path runFolder) {
    try {
      for (Path file : files(runFolder)) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder(runFolder));
    } catch (IOException inUse) {
      // Other files lie there, or another process holds one of ours open.
    }
  }

  private static List<Path> files(Path runFolder) throws IOException {
    if (!Files.isDirectory(folder(runFolder))) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder(runFolder))) {
      return entries.filter(RunLog::isOwn).sorted().toList();
    }
  }

  private static boolean isOwn(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.equals(METRICS) || name.startsWith(EVENTS);
  }
}
