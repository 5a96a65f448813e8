package dev.graft.runtime;

import dev.graft.data.image.PixelImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Builds the small bundles and images of the tests. */
final class TestBundles {

  static final List<String> LABELS = List.of("red", "green", "blue");

  /** Ten times the identity: the class is the strongest channel. */
  private static final float[] WEIGHT = {10, 0, 0, 0, 10, 0, 0, 0, 10};

  private static final float[] BIAS = {0.1f, 0, -0.1f};

  private TestBundles() {}

  static byte[] model() {
    return TestModels.withMetadata(
        TestModels.classifier(8, 6, WEIGHT, BIAS),
        Map.of(BundleLayout.METADATA_LABELS, "[\"red\",\"green\",\"blue\"]"));
  }

  static BundleConfig config(String... labels) {
    return new BundleConfig(
        List.of(labels), Modality.IMAGE, "tiny.onnx", "ab".repeat(32), "head only", 1.5, "0.1.0");
  }

  /** A bundle whose model names the strongest colour of an image, without golden examples. */
  static Path write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve(BundleLayout.MODEL), model());
    config("red", "green", "blue").write(folder.resolve(BundleLayout.CONFIG));
    return folder;
  }

  /** Two golden examples with the outputs that the bundle's model really gives. */
  static GoldenExamples golden(Path bundle) {
    try (InferenceSession session =
        InferenceSession.open(
            bundle.resolve(BundleLayout.MODEL), InferenceOptions.defaults().withThreads(1))) {
      return new GoldenExamples(
          GoldenExamples.TOLERANCE_FP32,
          List.of(
              golden(session, "test/red/first photo.jpg", noisy(23, 17, 1, 200, 90, 60)),
              golden(session, "test/blue/zweites Bild.png", noisy(9, 40, 2, 90, 100, 110))));
    }
  }

  private static GoldenExample golden(InferenceSession session, String name, PixelImage image) {
    Map<String, TensorValue> outputs =
        session.run(
            Map.of("image", TensorValue.ofBytes(image.rgb(), 1, image.height(), image.width(), 3)));
    return GoldenExample.of(
        name,
        new ModelInput.Pixels(image),
        floats(outputs, BundleLayout.LOGITS),
        floats(outputs, "probabilities"));
  }

  static float[] floats(Map<String, TensorValue> outputs, String name) {
    if (outputs.get(name) instanceof TensorValue.FloatValues floats) {
      return floats.values();
    }
    throw new AssertionError(name + " is not among the real outputs " + outputs);
  }

  static PixelImage plain(int width, int height, int red, int green, int blue) {
    byte[] rgb = new byte[width * height * 3];
    for (int i = 0; i < rgb.length; i += 3) {
      rgb[i] = (byte) red;
      rgb[i + 1] = (byte) green;
      rgb[i + 2] = (byte) blue;
    }
    return new PixelImage(width, height, rgb);
  }

  /** A colour with seeded noise of up to 30 above it. */
  static PixelImage noisy(int width, int height, long seed, int red, int green, int blue) {
    PixelImage image = plain(width, height, red, green, blue);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < image.rgb().length; i++) {
      image.rgb()[i] += (byte) random.nextInt(31);
    }
    return image;
  }
}
