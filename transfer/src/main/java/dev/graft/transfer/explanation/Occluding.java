package dev.graft.transfer.explanation;

import dev.graft.data.image.PixelImage;
import dev.graft.data.image.Region;
import dev.graft.runtime.Prediction;
import dev.graft.runtime.Predictor;
import dev.graft.transfer.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Covers parts of an image and asks the model that ships what it sees then. For one thread. */
final class Occluding {
  static final String PHASE = "Covering parts";

  /** As many as the predictor runs together; more would only fill memory. */
  private static final int IMAGES_AT_ONCE = 16;

  /** A patch is so many cells wide and high, so that neighbours overlap and no edge is missed. */
  static final int CELLS_PER_PATCH = 2;

  private final Predictor predictor;
  private final CoveredImage image;
  private final String label;
  private final int cells;
  private final TrainingListener listener;

  /**
   * @param cells along the shorter side of the part that the network sees
   */
  Occluding(
      Predictor predictor, CoveredImage image, String label, int cells, TrainingListener listener) {
    this.predictor = predictor;
    this.image = image;
    this.label = label;
    this.cells = cells;
    this.listener = listener;
  }

  double probability() {
    return predictor.predict(image.image()).probabilityOf(label);
  }

  /** Slides the patch. */
  Occlusion slide(double before) {
    Region seen = image.seen();
    double shorter = Math.min(seen.width(), seen.height());
    HeatGrid.Axis vertical = HeatGrid.Axis.even(count(seen.height() / shorter));
    HeatGrid.Axis horizontal = HeatGrid.Axis.even(count(seen.width() / shorter));
    double width = CELLS_PER_PATCH * horizontal.step();
    double height = CELLS_PER_PATCH * vertical.step();
    double[] covered =
        probabilities(
            vertical.count() * horizontal.count(),
            place -> {
              byte[] rgb = image.copy();
              double x = horizontal.centre(place % horizontal.count());
              double y = vertical.centre(place / horizontal.count());
              image.cover(rgb, x - width / 2, y - height / 2, width, height);
              return image.with(rgb);
            });
    float[] drops = new float[covered.length];
    for (int place = 0; place < drops.length; place++) {
      drops[place] = (float) (before - covered[place]);
    }
    return new Occlusion(
        before,
        new HeatGrid(vertical, horizontal, drops),
        new Region(0, 0, width * seen.width(), height * seen.height()));
  }

  private int count(double ratio) {
    return (int) Math.round(cells * Math.min(ratio, 2));
  }

  /** The probability of the class for images that are made when it is their turn. */
  double[] probabilities(int count, IntFunction<PixelImage> images) {
    double[] probabilities = new double[count];
    for (int first = 0; first < count; first += IMAGES_AT_ONCE) {
      int end = Math.min(count, first + IMAGES_AT_ONCE);
      List<PixelImage> batch = new ArrayList<>();
      for (int i = first; i < end; i++) {
        batch.add(images.apply(i));
      }
      List<Prediction> predictions = predictor.predict(batch);
      for (int i = first; i < end; i++) {
        probabilities[i] = predictions.get(i - first).probabilityOf(label);
      }
      listener.progress(PHASE, end, count, "places");
    }
    return probabilities;
  }
}
