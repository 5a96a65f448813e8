package dev.graft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.transfer.Backbone;
import dev.graft.transfer.BackboneOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All contestants compute the same features. */
@Tag("reference-data")
final class ContestantTest {
  private static final int IMAGES = 9;

  @TempDir private Path work = Path.of("");

  @ParameterizedTest
  @EnumSource(
      value = Contestant.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = "ONNX_RUNTIME_BATCHED")
  void extract_anyContestant_givesTheFeaturesOfOnnxRuntime(Contestant contestant) {
    Backbone backbone = backbone();
    List<Path> images = images();
    List<float[]> expected;
    try (FeatureExtractor reference = Contestant.ONNX_RUNTIME_BATCHED.open(backbone, work)) {
      expected = reference.extract(images);
    }
    // java.awt scales without a filter, so that fine texture differs; the others see the same
    // pixels and differ by rounding only.
    double least =
        switch (contestant) {
          case ONNX_RUNTIME_PLAIN -> 0.7;
          case GRAFT_FP32, ONNX_RUNTIME_BATCHED -> 0.99999;
          case GRAFT_BF16, GRAFT_STORED -> 0.998;
        };
    try (FeatureExtractor extractor = contestant.open(backbone, work)) {
      List<float[]> features = extractor.extract(images);
      assertThat(features).hasSameSizeAs(expected);
      for (int image = 0; image < features.size(); image++) {
        assertThat(cosine(features.get(image), expected.get(image)))
            .as("%s, image %d", contestant, image)
            .isGreaterThan(least);
      }
    }
  }

  @Test
  void extract_storedTwice_givesTheSameBits() {
    List<Path> images = images();
    try (FeatureExtractor extractor = Contestant.GRAFT_STORED.open(backbone(), work)) {
      List<float[]> computed = extractor.extract(images);
      List<float[]> stored = extractor.extract(images);
      for (int image = 0; image < images.size(); image++) {
        assertThat(stored.get(image)).isEqualTo(computed.get(image));
      }
    }
  }

  private static double cosine(float[] one, float[] other) {
    double product = 0;
    double first = 0;
    double second = 0;
    for (int i = 0; i < one.length; i++) {
      product += (double) one[i] * other[i];
      first += (double) one[i] * one[i];
      second += (double) other[i] * other[i];
    }
    return product / Math.sqrt(first * second);
  }

  private static Backbone backbone() {
    requireReferenceData();
    return Backbone.load(
        SharedMaterial.model(SharedMaterial.SMALL_BACKBONE), BackboneOptions.defaults());
  }

  private List<Path> images() {
    Path folder =
        SharedMaterial.unpackAll(SharedMaterial.data("ants-bees"), work.resolve("images"));
    return FeatureExtractionBenchmark.images(folder).subList(0, IMAGES);
  }

  private static void requireReferenceData() {
    Path shared = Path.of(System.getProperty("graft.shared", "../shared"));
    Assumptions.assumeTrue(Files.isDirectory(shared), "reference data absent: " + shared);
  }
}
