package dev.graft.benchmarks;

import dev.graft.data.DatasetReader;
import dev.graft.data.image.Augmentation;
import dev.graft.engine.OptimizerSettings;
import dev.graft.onnx.OnnxModel;
import dev.graft.transfer.PrecisionChoice;
import dev.graft.transfer.pretraining.BackboneDescription;
import dev.graft.transfer.pretraining.ImageSides;
import dev.graft.transfer.pretraining.Pretraining;
import dev.graft.transfer.pretraining.PretrainingListener;
import dev.graft.transfer.pretraining.PretrainingSettings;
import dev.graft.transfer.pretraining.SourceImages;
import dev.graft.transfer.pretraining.SourceNetwork;
import dev.graft.zoo.architecture.ImageTask;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The whole of {@code graft pretrain} on the source data: images are read from the archive,
 * decoded, cropped at random and mirrored while the network trains. The rate is that of its steps
 * once they run, so that reading the archive does not count.
 */
final class GraftPretraining {
  private GraftPretraining() {}

  /** What ends the run once it was measured. */
  private static final class Measured extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Runs for a while after as long a warm-up, and prints the rate as the clock does. */
  static void measure(Path network, ImageTask task, int batch, double seconds) {
    OnnxModel model = OnnxModel.read(network);
    Path run = Folders.inside(Folders.work(), "pretraining");
    PretrainingSettings settings =
        new PretrainingSettings(
            new OptimizerSettings.Sgd(StepImages.LEARNING_RATE, StepImages.MOMENTUM, true),
            5e-4,
            1,
            0,
            batch,
            new SourceImages(
                ImageSides.constant(task.side().getAsInt()), Augmentation.parse("flip,crop=0.3")),
            0,
            0,
            0.999,
            PrecisionChoice.BF16,
            0.1,
            1);
    Pretraining pretraining =
        new Pretraining(
            new SourceNetwork("measured", "", classes -> model),
            settings,
            new BackboneDescription(
                "measured",
                OptionalInt.empty(),
                BackboneDescription.Storage.FP32,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                ""),
            new Pretraining.Continuation(run, false, Duration.ofHours(1)),
            new Stopwatch(seconds));
    try {
      pretraining.run(DatasetReader.read(SharedMaterial.data("tiny-imagenet")));
    } catch (Measured done) {
      Folders.delete(run);
    }
  }

  private static final class Stopwatch implements PretrainingListener {
    private final double seconds;
    private long begun;
    private long measuredFrom;
    private long imagesBefore;

    Stopwatch(double seconds) {
      this.seconds = seconds;
    }

    @Override
    public void step(Position position) {
      long now = System.nanoTime();
      if (begun == 0) {
        begun = now;
      } else if (measuredFrom == 0) {
        if (now - begun >= seconds * 1e9) {
          measuredFrom = now;
          imagesBefore = position.images();
        }
      } else if (now - measuredFrom >= seconds * 1e9) {
        double rate = (position.images() - imagesBefore) / ((now - measuredFrom) / 1e9);
        System.out.println(String.format(Locale.ROOT, "%s %.6e", StepRun.STEP, rate));
        throw new Measured();
      }
    }
  }
}
