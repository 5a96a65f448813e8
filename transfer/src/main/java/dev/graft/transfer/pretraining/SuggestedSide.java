package dev.graft.transfer.pretraining;

import dev.graft.data.DataException;
import dev.graft.data.Dataset;
import dev.graft.data.Example;
import dev.graft.data.Part;
import dev.graft.data.image.ImageDecoder;
import dev.graft.data.image.PixelImage;
import java.util.List;
import java.util.stream.IntStream;

/** The side of training images that suits a data set: by the median of some images' sides. */
public final class SuggestedSide {
  private static final int LOOKED_AT = 25;
  private static final int TINY = 32;
  private static final int SMALL = 64;
  private static final int PHOTO = 128;

  private SuggestedSide() {}

  /**
   * 32, 64 or 128 pixels: what the images have, but no more than networks that are trained on a CPU
   * have time for.
   */
  public static int of(Dataset dataset) {
    List<Example> examples = dataset.part(Part.TRAIN);
    ImageDecoder decoder = new ImageDecoder();
    int count = Math.min(LOOKED_AT, examples.size());
    int[] sides =
        IntStream.range(0, count)
            .map(
                i -> shorterSide(examples.get((int) ((long) i * examples.size() / count)), decoder))
            .filter(side -> side > 0)
            .sorted()
            .toArray();
    int median = sides.length == 0 ? PHOTO : sides[sides.length / 2];
    if (median >= PHOTO) {
      return PHOTO;
    }
    return median > (TINY + SMALL) / 2 ? SMALL : TINY;
  }

  /** 0 for an image that cannot be decoded; it is named when all are checked. */
  private static int shorterSide(Example example, ImageDecoder decoder) {
    try {
      PixelImage image = decoder.decode(example.source().read(), example.source().name());
      return Math.min(image.width(), image.height());
    } catch (DataException damaged) {
      return 0;
    }
  }
}
