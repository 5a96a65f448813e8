package dev.graft.transfer.pretraining;

import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.evidence.PretrainingRecord.Epoch;
import java.time.Duration;
import java.util.Optional;

/** Watches a pre-training; it never changes results. Called from the thread that trains. */
public interface PretrainingListener extends TrainingListener {
  /** Hears nothing. */
  PretrainingListener SILENT = new PretrainingListener() {};

  /**
   * Where the training stands.
   *
   * @param images training images seen so far
   * @param total training images in all epochs
   * @param loss mean loss of the latest steps
   * @param accuracy validation accuracy after the latest epoch; empty before the first
   * @param imagesPerSecond over the latest steps
   * @param left estimate of the time to the end
   */
  record Position(
      long images,
      long total,
      double loss,
      Optional<Double> accuracy,
      double imagesPerSecond,
      Duration left) {}

  /** A step was taken. */
  default void step(Position position) {}

  /** An epoch is done. */
  default void epoch(Epoch epoch, int of) {}
}
