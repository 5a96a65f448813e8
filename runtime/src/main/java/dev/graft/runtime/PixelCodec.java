package dev.graft.runtime;

import dev.graft.data.DataException;
import dev.graft.data.image.ImageDecoder;
import dev.graft.data.image.PixelImage;
import java.util.List;

/** Images: decoded at full size, and given to the model as they are. */
final class PixelCodec implements InputCodec {
  private static final int MAXIMUM_BATCH_IMAGES = 16;
  private static final long MAXIMUM_BATCH_PIXELS = 16L << 20;

  private final ImageDecoder decoder = new ImageDecoder();

  @Override
  public String noun() {
    return "an image";
  }

  @Override
  public ModelInput decode(byte[] encoded, String name) {
    return new ModelInput.Pixels(decoder.decode(encoded, name));
  }

  @Override
  public void requireUsable(ModelInput input, String name) {
    PixelImage image = pixels(input);
    long longer = Math.max(image.width(), image.height());
    long shorter = Math.min(image.width(), image.height());
    if (longer > shorter * Predictor.MAXIMUM_ASPECT_RATIO) {
      throw new DataException(
          "Cannot classify "
              + name
              + ": it has "
              + image.width()
              + " x "
              + image.height()
              + " pixels, and one side may be at most "
              + Predictor.MAXIMUM_ASPECT_RATIO
              + " times the other; crop it first");
    }
  }

  @Override
  public int mostInBatch(ModelInput first) {
    PixelImage image = pixels(first);
    long each = (long) image.width() * image.height();
    return (int) Math.min(MAXIMUM_BATCH_IMAGES, MAXIMUM_BATCH_PIXELS / each);
  }

  @Override
  public List<ModelInput> rows(ModelInput input) {
    return List.of(input);
  }

  @Override
  public boolean alike(ModelInput first, ModelInput second) {
    PixelImage one = pixels(first);
    PixelImage other = pixels(second);
    return one.width() == other.width() && one.height() == other.height();
  }

  /** Unsigned bytes [N, height, width, 3]. */
  @Override
  public TensorValue tensor(List<ModelInput> inputs) {
    PixelImage first = pixels(inputs.get(0));
    byte[] all = first.rgb();
    if (inputs.size() > 1) {
      all = new byte[Math.multiplyExact(first.rgb().length, inputs.size())];
      for (int i = 0; i < inputs.size(); i++) {
        byte[] rgb = pixels(inputs.get(i)).rgb();
        System.arraycopy(rgb, 0, all, i * rgb.length, rgb.length);
      }
    }
    return TensorValue.ofBytes(all, inputs.size(), first.height(), first.width(), 3);
  }

  private static PixelImage pixels(ModelInput input) {
    return ((ModelInput.Pixels) input).image();
  }
}
