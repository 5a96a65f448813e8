package dev.graft.transfer.pretraining;

import dev.graft.data.DatasetReader;
import dev.graft.transfer.ToyTask;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** A pre-training in a process of its own, which a test may kill at any moment. */
final class PretrainingProcess {
  static final String STEPPING = "stepping";
  static final String SAVING = "saving";

  private static final int EPOCHS = 40;

  private PretrainingProcess() {}

  /**
   * Arguments: folder of the data, of the run, and of the backbone; milliseconds to rest a step.
   */
  public static void main(String[] arguments) {
    long restMilliseconds = Long.parseLong(arguments[3]);
    PretrainingListener listener =
        new PretrainingListener() {
          @Override
          public void step(Position position) {
            System.out.println(STEPPING);
            rest(restMilliseconds);
          }
        };
    PretrainedBackbone backbone =
        new Pretraining(
                new SourceNetwork("toy", "A toy.", classes -> ToyTask.openNetwork(1, classes)),
                PretrainingTest.settings(EPOCHS, new ImageSides(16, 32)),
                new BackboneDescription(
                    "test/toy",
                    OptionalInt.empty(),
                    BackboneDescription.Storage.FP32,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    ""),
                new Pretraining.Continuation(Path.of(arguments[1]), true, Duration.ZERO),
                listener)
            .run(DatasetReader.read(Path.of(arguments[0])));
    System.out.println(SAVING);
    backbone.save(Path.of(arguments[2]));
  }

  private static void rest(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
