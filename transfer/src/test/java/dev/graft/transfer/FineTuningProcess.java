package dev.graft.transfer;

import dev.graft.data.DatasetReader;
import java.nio.file.Path;
import java.time.Duration;

/** A fine-tuning run in a process of its own, which a test may kill at any moment. */
final class FineTuningProcess {
  static final String STEPPING = "stepping";
  static final String SAVING = "saving";

  private FineTuningProcess() {}

  /** Arguments: folder of the toy task, folder of the bundle, milliseconds to rest at each step. */
  public static void main(String[] arguments) {
    Path folder = Path.of(arguments[0]);
    Path bundle = Path.of(arguments[1]);
    long restMilliseconds = Long.parseLong(arguments[2]);
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void progress(String phase, long done, long total, String unit) {
            if (unit.equals("steps")) {
              System.out.println(STEPPING);
              rest(restMilliseconds);
            }
          }
        };
    TrainedModel model =
        ToyTask.learning(Backbone.load(folder.resolve("toy.onnx"), ToyTask.options()))
            .strategy(new Strategy.AllLayers())
            .epochs(30)
            .batchSize(8)
            .learningRate(0.003)
            .checkpointInterval(Duration.ZERO)
            .resume(bundle.resolveSibling(bundle.getFileName() + ".checkpoints"))
            .listener(listener)
            .fit(DatasetReader.read(folder.resolve("shapes")));
    System.out.println(SAVING);
    model.save(bundle);
  }

  private static void rest(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
