package dev.graft.transfer;

import dev.graft.data.image.ImagePreprocessing;
import java.nio.file.Path;

/** A trained model of the toy task, for tests of what is done with one. */
public final class ToyBundle {
  private ToyBundle() {}

  /** Trains a head within a second. */
  public static TrainedModel train(Path folder) {
    return ToyTask.learning(ToyTask.backbone(folder)).fit(ToyTask.dataset(folder, 6, 2));
  }

  /** The preprocessing of its backbone. */
  public static ImagePreprocessing preprocessing(Path folder) {
    return ToyTask.backbone(folder).imagePreprocessing();
  }
}
