package dev.graft.cli;

import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.evidence.TrainingRecord;
import java.util.Locale;

/** Shows a training run while it goes on. */
final class ProgressListener implements TrainingListener {
  private final Progress progress;
  private final Interruption interruption;

  ProgressListener(Progress progress, Interruption interruption) {
    this.progress = progress;
    this.interruption = interruption;
  }

  @Override
  public void phase(String name) {
    interruption.pass();
    progress.phase(Wording.name(name));
  }

  @Override
  public void progress(String phase, long done, long total, String unit) {
    interruption.pass();
    progress.update(Wording.name(phase), done, total, unit);
  }

  @Override
  public void epoch(TrainingRecord.Epoch epoch, int of) {
    progress.note(
        String.format(
            Locale.ROOT,
            "Epoch %d of %d: training loss %.4f, validation loss %.4f, validation accuracy %s%s",
            epoch.number(),
            of,
            epoch.trainingLoss(),
            epoch.validationLoss(),
            Wording.percent(epoch.validationAccuracy()),
            epoch.best() ? ", best so far" : ""));
  }

  @Override
  public void note(String sentence) {
    progress.note("Note: " + Wording.name(sentence));
  }
}
