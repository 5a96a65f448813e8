package dev.graft.runtime;

import dev.graft.data.image.PixelImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Golden examples that hold nothing of anybody's data: noise and gradients, tones and noise, or
 * sentences of this class, with what a saved model gives for them. They prove a model that is
 * shared as well as the examples of its training do.
 */
public final class SyntheticExamples {
  private static final long SEED = 20_260_101;
  private static final int COUNT = 6;

  /** Widths and heights: squares, and wide and tall ones, as models resize and crop them. */
  private static final int[][] SIZES = {
    {160, 160}, {200, 120}, {120, 200}, {224, 224}, {64, 96}, {96, 64}
  };

  private static final List<String> TEXTS =
      List.of(
          "This is a sentence that nobody has written to anybody.",
          "Where is my order, and when will it arrive?",
          "Thank you, that was quick and friendly.",
          "The second page does not open; it stays white.",
          "2 + 2 = 4",
          "Short.");

  private SyntheticExamples() {}

  /**
   * Makes them by running a bundle's model in ONNX Runtime.
   *
   * @return the same inputs for the same bundle
   * @throws BundleException if the bundle's parts do not belong together
   * @throws RuntimeModelException if the model is damaged or fails
   */
  public static GoldenExamples of(Bundle bundle, InferenceOptions options) {
    List<GoldenExample> examples = new ArrayList<>();
    try (InputCodec codec = Predictor.codec(bundle);
        InferenceSession session = bundle.openSession(options)) {
      String name = session.inputs().get(0).name();
      List<ModelInput> inputs = inputs(bundle);
      for (int i = 0; i < inputs.size(); i++) {
        ModelInput input = inputs.get(i);
        Map<String, TensorValue> found =
            session.runSelected(
                Map.of(name, codec.tensor(List.of(input))),
                List.of(BundleLayout.LOGITS, BundleLayout.PROBABILITIES));
        examples.add(
            GoldenExample.of(
                "synthetic " + (i + 1),
                input,
                row(bundle, found, BundleLayout.LOGITS),
                row(bundle, found, BundleLayout.PROBABILITIES)));
      }
    }
    return new GoldenExamples(GoldenExamples.TOLERANCE_FP32, examples);
  }

  private static float[] row(Bundle bundle, Map<String, TensorValue> found, String output) {
    if (found.get(output) instanceof TensorValue.FloatValues floats
        && floats.values().length == bundle.config().labels().size()) {
      return floats.values();
    }
    throw new RuntimeModelException(
        "The model "
            + bundle.modelFile()
            + " gave "
            + found.get(output)
            + " as "
            + output
            + "; expected one value for each label");
  }

  private static List<ModelInput> inputs(Bundle bundle) {
    Random random = new Random(SEED);
    return switch (bundle.config().modality()) {
      case IMAGE -> images(random);
      case AUDIO -> {
        int rate = bundle.audioPreprocessing().sampleRate();
        yield sounds(random, rate, bundle.audioPreprocessing().windowSamples());
      }
      case TEXT -> TEXTS.stream().<ModelInput>map(ModelInput.Text::new).toList();
    };
  }

  /** Every other one is pure noise; the rest are gradients, which look more like something. */
  private static List<ModelInput> images(Random random) {
    List<ModelInput> images = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      int width = SIZES[i][0];
      int height = SIZES[i][1];
      byte[] rgb = new byte[width * height * 3];
      random.nextBytes(rgb);
      if (i % 2 == 1) {
        int red = random.nextInt(256);
        for (int y = 0; y < height; y++) {
          for (int x = 0; x < width; x++) {
            int at = (y * width + x) * 3;
            rgb[at] = (byte) red;
            rgb[at + 1] = (byte) (255 * x / width);
            rgb[at + 2] = (byte) (255 * y / height);
          }
        }
      }
      images.add(new ModelInput.Pixels(new PixelImage(width, height, rgb)));
    }
    return images;
  }

  /** Tones of 200 to 1,200 Hz in noise of a tenth of their strength. */
  private static List<ModelInput> sounds(Random random, int sampleRate, int samples) {
    List<ModelInput> sounds = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      double cycles = 2 * Math.PI * (200 + 200 * i) / sampleRate;
      float[] wave = new float[samples];
      for (int t = 0; t < samples; t++) {
        double noise = 0.03 * random.nextGaussian();
        wave[t] = (float) Math.max(-1, Math.min(1, 0.3 * Math.sin(cycles * t) + noise));
      }
      sounds.add(new ModelInput.Sound(wave, sampleRate));
    }
    return sounds;
  }
}
