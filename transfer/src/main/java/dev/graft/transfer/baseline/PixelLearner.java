package dev.graft.transfer.baseline;

import dev.graft.data.DataException;
import dev.graft.data.LeftOut;
import dev.graft.data.image.Augmentation;
import dev.graft.data.image.ImagePreprocessing;
import dev.graft.data.image.Resize;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.evidence.Baseline.Contender;
import dev.graft.transfer.training.Activations;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.ImageViews;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * A linear head on images shrunk to {@value #SIDE} x {@value #SIDE} pixels as they are: what a
 * classifier has that knows nothing of images. Grey images have one channel.
 */
public final class PixelLearner extends LinearLearner {
  private static final int SIDE = 16;
  private static final int CHANNELS = 3;
  private static final int TOGETHER = 256;
  private static final String PHASE = "Shrinking images";

  /** Of 1; what JPEG makes of grey. */
  private static final float GREY_TOLERANCE = 0.012f;

  private final ImageViews views;
  private final TrainingListener listener;

  /** [3, 16, 16] of each image by its content. */
  private final Map<String, float[]> rows = new HashMap<>();

  private boolean grey = true;

  /** Reads nothing yet. */
  public PixelLearner(BaselineTask task, TrainingListener listener) {
    super(task, listener);
    this.listener = listener;
    this.views =
        new ImageViews(
            ImagePreprocessing.preset("unit", SIDE, SIDE)
                .withSize(new Resize.Exact(SIDE, SIDE), SIDE, SIDE),
            Augmentation.none(),
            0);
  }

  /** Its name says whether the images that were prepared have colours. */
  @Override
  public Contender contender() {
    String name = SIDE + " x " + SIDE + (grey ? " grey" : " coloured") + " pixels";
    return new Contender(
        Contender.Kind.WITHOUT_BACKBONE,
        name,
        "Images shrunk to " + name + ", without any backbone, with a linear head");
  }

  @Override
  public List<LeftOut> prepare(List<ExampleTable> tables) {
    List<LeftOut> damaged = new ArrayList<>();
    listener.phase(PHASE);
    tables.forEach(table -> shrink(table, damaged));
    grey = rows.values().stream().allMatch(PixelLearner::isGrey);
    return damaged;
  }

  private void shrink(ExampleTable table, List<LeftOut> damaged) {
    for (int from = 0; from < table.size(); from += TOGETHER) {
      int first = from;
      int to = Math.min(table.size(), from + TOGETHER);
      List<Object> some =
          IntStream.range(from, to).parallel().mapToObj(row -> shrunk(table, row)).toList();
      for (int i = 0; i < some.size(); i++) {
        if (some.get(i) instanceof LeftOut left) {
          damaged.add(left);
        } else {
          rows.put(table.contentHashes().get(first + i), (float[]) some.get(i));
        }
      }
      listener.progress(PHASE, to, table.size(), views.unit());
    }
  }

  /** The pixels, or why there are none. */
  private Object shrunk(ExampleTable table, int row) {
    try {
      return views.plain(views.decode(table.examples().get(row), table.decoding()));
    } catch (DataException damaged) {
      return new LeftOut(table.examples().get(row).id(), String.valueOf(damaged.getMessage()));
    }
  }

  private static boolean isGrey(float[] row) {
    int plane = SIDE * SIDE;
    for (int i = 0; i < plane; i++) {
      if (Math.abs(row[i] - row[plane + i]) > GREY_TOLERANCE
          || Math.abs(row[i] - row[2 * plane + i]) > GREY_TOLERANCE) {
        return false;
      }
    }
    return true;
  }

  @Override
  Activations features(ExampleTable table) {
    int width = grey ? SIDE * SIDE : CHANNELS * SIDE * SIDE;
    return new Activations() {
      @Override
      public int width() {
        return width;
      }

      @Override
      public void read(int row, int view, float[] out) {
        float[] pixels = Objects.requireNonNull(rows.get(table.contentHashes().get(row)));
        System.arraycopy(pixels, 0, out, 0, width);
      }
    };
  }

  @Override
  public void close() {}
}
