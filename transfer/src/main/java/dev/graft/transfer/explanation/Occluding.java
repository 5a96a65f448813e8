package dev.graft.transfer.explanation;

import dev.graft.data.image.Region;
import dev.graft.runtime.ModelInput;
import dev.graft.runtime.Prediction;
import dev.graft.runtime.Predictor;
import dev.graft.transfer.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Covers parts of an input and asks the model that ships what it says then. For one thread. */
final class Occluding {
  static final String PHASE = "Covering parts";

  /** As many as the predictor runs together; more would only fill memory. */
  private static final int INPUTS_AT_ONCE = 16;

  /** A patch is so many cells wide and high, so that neighbours overlap and no edge is missed. */
  private static final int CELLS_PER_PATCH = 2;

  private final Predictor predictor;
  private final Subject subject;
  private final String label;
  private final TrainingListener listener;

  /** Where patches lie. */
  record Grid(int rows, int columns) {
    /**
     * Square patches, at most twice as many along the longer side; of full height or width where
     * the map that they check tells nothing of places in that direction.
     *
     * @param cells along the shorter side of the part that the network sees
     */
    static Grid of(Region seen, int cells, ClassActivation checked) {
      double shorter = Math.min(seen.width(), seen.height());
      int rows = (int) Math.round(cells * Math.min(seen.height() / shorter, 2));
      int columns = (int) Math.round(cells * Math.min(seen.width() / shorter, 2));
      return checked instanceof ClassActivation.Found found
          ? new Grid(found.map().rows() == 1 ? 1 : rows, found.map().columns() == 1 ? 1 : columns)
          : new Grid(rows, columns);
    }
  }

  Occluding(Predictor predictor, Subject subject, String label, TrainingListener listener) {
    this.predictor = predictor;
    this.subject = subject;
    this.label = label;
    this.listener = listener;
  }

  /** Slides the patch. */
  Occlusion slide(Grid grid) {
    double before = predictor.predict(subject.whole()).probabilityOf(label);
    HeatGrid.Axis vertical = HeatGrid.Axis.even(grid.rows());
    HeatGrid.Axis horizontal = HeatGrid.Axis.even(grid.columns());
    double width = Math.min(1, CELLS_PER_PATCH * horizontal.step());
    double height = Math.min(1, CELLS_PER_PATCH * vertical.step());
    double[] covered =
        probabilities(
            vertical.count() * horizontal.count(),
            place -> {
              double x = horizontal.centre(place % horizontal.count());
              double y = vertical.centre(place / horizontal.count());
              return List.of(new Part(x - width / 2, y - height / 2, width, height));
            });
    float[] drops = new float[covered.length];
    for (int place = 0; place < drops.length; place++) {
      drops[place] = (float) (before - covered[place]);
    }
    return new Occlusion(before, new HeatGrid(vertical, horizontal, drops), width, height);
  }

  /** The probability of the class without some parts, for each of several choices of them. */
  double[] probabilities(int count, IntFunction<List<Part>> parts) {
    double[] probabilities = new double[count];
    for (int first = 0; first < count; first += INPUTS_AT_ONCE) {
      int end = Math.min(count, first + INPUTS_AT_ONCE);
      List<ModelInput> batch = new ArrayList<>();
      for (int i = first; i < end; i++) {
        batch.add(subject.without(parts.apply(i)));
      }
      List<Prediction> predictions = predictor.predictDecoded(batch);
      for (int i = first; i < end; i++) {
        probabilities[i] = predictions.get(i - first).probabilityOf(label);
      }
      listener.progress(PHASE, end, count, "places");
    }
    return probabilities;
  }
}
