package dev.graft.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The "phrase" is loudness: of 16 samples, at 1 kHz and every 4, at least 5 of amplitude 1 reach
 * the threshold: 1 / (1 + exp(1 - 20 * 5 / 16)) = 0.9948.
 */
class WakeWordDetectorTest {
  private static final double THRESHOLD = 0.99;

  @TempDir Path folder = Path.of(".");

  private static DetectionRule rule(int patience, int within) {
    return new DetectionRule("go", THRESHOLD, 16, 4, patience, within, 0.1);
  }

  private WakeWordDetector detector(DetectionRule rule) throws IOException {
    return WakeWordDetector.open(
        WakeWordBundles.write(folder, TestModels.loudness(16).build().toByteArray(), rule));
  }

  /** Loud from 100 to 139, from 200 to 209, from 400 to 409 and from 600 to 604 ms. */
  private static float[] sound() {
    float[] sound = new float[800];
    Arrays.fill(sound, 100, 140, 1);
    Arrays.fill(sound, 200, 210, 1);
    Arrays.fill(sound, 400, 410, 1);
    Arrays.fill(sound, 600, 605, 1);
    return sound;
  }

  private static List<Detection> heard(WakeWordDetector detector, int block) {
    List<Detection> hits = new ArrayList<>();
    float[] sound = sound();
    for (int from = 0; from < sound.length; from += block) {
      hits.addAll(detector.hear(sound, from, Math.min(block, sound.length - from)));
    }
    return hits;
  }

  /**
   * Windows end at 16, 20, .. ms. The first with 5 loud samples ends at 108, the second at 112: a
   * hit. What begins at 200 is 48 ms after the last two of three at 152, and belongs to it.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 5, 16, 160, 800})
  void hear_anyBlocks_givesOneHitForWhatBelongsTogether(int block) throws IOException {
    try (WakeWordDetector detector = detector(rule(2, 3))) {
      List<Detection> hits = heard(detector, block);
      assertThat(hits).extracting(Detection::seconds).containsExactly(0.112, 0.412, 0.612);
      // Two of three agree on the lower score: 8 loud samples of 16, and 5.
      assertThat(hits.get(0).score()).isCloseTo(1 / (1 + Math.exp(-9)), within(1e-6));
      assertThat(hits.get(2).score()).isCloseTo(1 / (1 + Math.exp(-5.25)), within(1e-6));
    }
  }

  /** 605 ms is in three windows with all five loud samples, 409 in four with at least five. */
  @Test
  void hear_moreWindowsMustAgree_missesWhatIsShorter() throws IOException {
    try (WakeWordDetector detector = detector(rule(4, 4))) {
      assertThat(heard(detector, 64)).extracting(Detection::seconds).containsExactly(0.12, 0.42);
    }
  }

  @Test
  void open_folder_takesTheRuleOfTheBundle() throws IOException {
    try (WakeWordDetector detector = detector(rule(2, 3))) {
      assertThat(detector.rule()).isEqualTo(rule(2, 3));
      assertThat(detector.sampleRate()).isEqualTo(1_000);
    }
  }

  @Test
  void open_anotherThreshold_isUsed() throws IOException {
    Path bundle =
        WakeWordBundles.write(folder, TestModels.loudness(16).build().toByteArray(), rule(1, 1));
    DetectionRule strict = rule(1, 1).withThreshold(0.9999999);
    try (WakeWordDetector detector = WakeWordDetector.open(Bundle.open(bundle), strict)) {
      // 1 / (1 + exp(-19)) needs all 16 samples.
      assertThat(heard(detector, 64)).extracting(Detection::seconds).containsExactly(0.116);
    }
  }

  @Test
  void open_ruleForOtherWindows_isRefused() throws IOException {
    Path bundle = WakeWordBundles.whole(folder);
    Bundle opened = Bundle.open(bundle);
    for (DetectionRule other :
        List.of(
            new DetectionRule("other", 0.5, 16, 4, 1, 1, 0),
            new DetectionRule("go", 0.5, 20, 4, 1, 1, 0),
            new DetectionRule("go", 0.5, 16, 8, 1, 1, 0))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> WakeWordDetector.open(opened, other).close())
          .withMessageContaining("Cannot listen with the bundle " + bundle)
          .withMessageContaining("phrase, window and hop must be those of its own");
    }
  }

  @Test
  void open_classifierOfImages_isRefused() throws IOException {
    Path bundle = TestBundles.write(folder);
    assertThatThrownBy(() -> WakeWordDetector.open(bundle).close())
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("it is not that of a wake word");
  }
}
