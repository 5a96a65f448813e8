package dev.graft.transfer.advice;

import dev.graft.data.DataException;
import dev.graft.data.LeftOut;
import dev.graft.data.image.Augmentation;
import dev.graft.data.image.ImagePreprocessing;
import dev.graft.data.image.Resize;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.training.Activations;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.ImageViews;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Images shrunk to {@value #SIDE} x {@value #SIDE} pixels as they are: what a classifier has that
 * knows nothing of images. Grey images have one channel.
 */
final class PixelFeatures implements Activations {
  static final int SIDE = 16;
  private static final int CHANNELS = 3;
  private static final int TOGETHER = 256;

  /** Of 1; what JPEG makes of grey. */
  private static final float GREY_TOLERANCE = 0.012f;

  private final List<float[]> rows;
  private final int width;

  private PixelFeatures(List<float[]> rows, int width) {
    this.rows = rows;
    this.width = width;
  }

  /**
   * The shrunk images, and those that cannot be decoded.
   *
   * @param rows [3, 16, 16] of each image in the order of the table, without the damaged ones
   */
  record Shrunk(List<float[]> rows, List<LeftOut> damaged) {}

  static Shrunk shrink(ExampleTable examples, String phase, TrainingListener listener) {
    ImagePreprocessing preprocessing =
        ImagePreprocessing.preset("unit", SIDE, SIDE)
            .withSize(new Resize.Exact(SIDE, SIDE), SIDE, SIDE);
    ImageViews views = new ImageViews(preprocessing, Augmentation.none(), 0);
    List<float[]> rows = new ArrayList<>();
    List<LeftOut> damaged = new ArrayList<>();
    listener.phase(phase);
    for (int from = 0; from < examples.size(); from += TOGETHER) {
      int to = Math.min(examples.size(), from + TOGETHER);
      List<Object> some =
          IntStream.range(from, to)
              .parallel()
              .mapToObj(row -> shrunk(views, examples, row))
              .toList();
      for (Object one : some) {
        if (one instanceof LeftOut left) {
          damaged.add(left);
        } else {
          rows.add((float[]) one);
        }
      }
      listener.progress(phase, to, examples.size(), "images");
    }
    return new Shrunk(rows, damaged);
  }

  /** The pixels, or why there are none. */
  private static Object shrunk(ImageViews views, ExampleTable examples, int row) {
    try {
      return views.plain(views.decode(examples.examples().get(row), examples.decoding()));
    } catch (DataException damaged) {
      return new LeftOut(examples.examples().get(row).id(), String.valueOf(damaged.getMessage()));
    }
  }

  static PixelFeatures of(List<float[]> rows) {
    boolean grey = rows.stream().allMatch(PixelFeatures::isGrey);
    return new PixelFeatures(List.copyOf(rows), grey ? SIDE * SIDE : CHANNELS * SIDE * SIDE);
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

  /** For example "16 x 16 grey pixels". */
  String describe() {
    return SIDE + " x " + SIDE + (width == SIDE * SIDE ? " grey" : " coloured") + " pixels";
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public void read(int row, int view, float[] out) {
    System.arraycopy(rows.get(row), 0, out, 0, width);
  }
}
