package dev.graft.transfer;

import dev.graft.transfer.evidence.TrainingRecord;

/** Watches a run; it never changes results. Called from the thread that runs {@code fit}. */
public interface TrainingListener {
  /** Hears nothing. */
  TrainingListener SILENT = new TrainingListener() {};

  /** A phase of the run begins, named in a few words. */
  default void phase(String name) {}

  /** Part of a phase is done; {@code total} may be 0 where it is unknown. */
  default void progress(String phase, long done, long total, String unit) {}

  /** An epoch of unfrozen training is done. */
  default void epoch(TrainingRecord.Epoch epoch, int of) {}

  /** A remark for people. */
  default void note(String sentence) {}
}
