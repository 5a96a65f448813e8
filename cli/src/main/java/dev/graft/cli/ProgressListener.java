package dev.graft.cli;

import dev.graft.data.DatasetKind;
import dev.graft.transfer.evidence.PretrainingRecord;
import dev.graft.transfer.evidence.TrainingRecord;
import dev.graft.transfer.pretraining.PretrainingListener;
import java.util.Locale;

/** Shows a training or pre-training run while it goes on. */
final class ProgressListener implements PretrainingListener {
  private static final String PRETRAINING = "Pre-training";

  private final Progress progress;
  private final Interruption interruption;
  private final DatasetKind kind;

  ProgressListener(Progress progress, Interruption interruption, DatasetKind kind) {
    this.progress = progress;
    this.interruption = interruption;
    this.kind = kind;
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
            epoch.best() ? ", kept" : ""));
  }

  /** For example {@code loss 2.31, accuracy 41.2 %, 290 images/s, 1 h 2 min left}. */
  @Override
  public void step(Position position) {
    String text =
        String.format(
            Locale.ROOT,
            "loss %.3f%s, %.0f %s/s, %s left",
            position.loss(),
            position.accuracy().map(share -> ", accuracy " + Wording.percent(share)).orElse(""),
            position.imagesPerSecond(),
            kind.many(),
            Wording.duration(position.left()));
    progress.update(PRETRAINING, position.images(), position.total(), kind.many(), text);
    interruption.pass();
  }

  @Override
  public void epoch(PretrainingRecord.Epoch epoch, int of) {
    progress.note(
        String.format(
            Locale.ROOT,
            "Epoch %d of %d at %s %s: training loss %.4f, validation loss %.4f, validation"
                + " accuracy %s",
            epoch.number(),
            of,
            Wording.count(epoch.side()),
            kind.sizeUnit(),
            epoch.trainingLoss(),
            epoch.validationLoss(),
            Wording.percent(epoch.validationAccuracy())));
  }

  @Override
  public void note(String sentence) {
    progress.note("Note: " + Wording.name(sentence));
  }
}
