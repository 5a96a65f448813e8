package dev.graft.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.data.DataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AugmenterTest {
  private static final ImagePreprocessing NONE = ImagePreprocessing.preset("none", 32, 32);
  private static final PixelImage NOISE = TestImages.noise(50, 70, 11);

  private static float[] view(Augmentation augmentation, long seed, String hash, long view) {
    float[] out = new float[NONE.valueCount()];
    new Augmenter(NONE, augmentation, seed).apply(NOISE, hash, view, out, 0);
    return out;
  }

  // Augmentation

  @ParameterizedTest
  @ValueSource(
      strings = {
        "none",
        "flip=0.5",
        "crop=0.6,aspect=1.2",
        "rotate=10",
        "flip=0.5,crop=0.6,aspect=1.5,rotate=10,jitter=0.2",
        "translate=0.1,erase=0.25"
      })
  void toString_afterParse_isTheSameText(String text) {
    assertThat(Augmentation.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"standard", "light", "flip", "flip,crop=0.6,rotate=10,jitter=0.2", "crop"})
  void parse_afterToString_isEqual(String text) {
    Augmentation augmentation = Augmentation.parse(text);
    assertThat(Augmentation.parse(augmentation.toString())).isEqualTo(augmentation);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "flop | unknown word \"flop\"",
        "flip=often | expected a number after flip=, found \"often\"",
        "crop=1.5 | augmentation, crop: expected 0.05 to 1.0, found 1.5",
        "rotate=-5 | augmentation, rotate: expected 0.0 to 180.0, found -5.0",
        "jitter=NaN | augmentation, jitter: expected 0.0 to 0.9, found NaN",
        "flip,,crop | unknown word \"\""
      })
  void parse_badText_saysWhatIsExpected(String text, String message) {
    assertThatThrownBy(() -> Augmentation.parse(text))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(text)
        .hasMessageContaining(message);
  }

  // views

  @Test
  void apply_viewZero_isThePlainImage() {
    float[] plain = new float[NONE.valueCount()];
    new ImagePreprocessor(NONE).apply(NOISE, plain, 0);
    assertThat(view(Augmentation.standard(), 3, "abc", 0)).isEqualTo(plain);
    assertThat(view(Augmentation.none(), 3, "abc", 5)).isEqualTo(plain);
  }

  @Test
  void apply_sameSeedExampleAndView_isTheSame() {
    Augmentation all =
        Augmentation.parse("flip,crop=0.5,rotate=20,translate=0.1,jitter=0.3,erase=0.5");
    assertThat(view(all, 3, "abc", 2)).isEqualTo(view(all, 3, "abc", 2));
  }

  @Test
  void apply_otherSeedExampleOrView_differs() {
    Augmentation standard = Augmentation.standard();
    Set<Integer> hashes = new HashSet<>();
    for (long seed : new long[] {1, 2}) {
      for (String example : List.of("abc", "abd")) {
        for (long view : new long[] {1, 2, 3}) {
          hashes.add(Arrays.hashCode(view(standard, seed, example, view)));
        }
      }
    }
    assertThat(hashes).hasSize(12);
  }

  @Test
  void apply_manyThreads_giveTheSameViews() {
    Augmenter augmenter =
        new Augmenter(
            NONE,
            Augmentation.parse("flip,crop=0.5,rotate=20,translate=0.1,jitter=0.3,erase=0.5"),
            5);
    List<Integer> expected = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      expected.add(hash(augmenter, i));
    }
    assertThat(IntStream.range(0, 64).parallel().map(i -> hash(augmenter, i)).boxed().toList())
        .isEqualTo(expected);
  }

  private static int hash(Augmenter augmenter, int view) {
    float[] out = new float[NONE.valueCount()];
    augmenter.apply(NOISE, "abc", view, out, 0);
    return Arrays.hashCode(out);
  }

  @Test
  void apply_flipAlways_isTheMirrorImage() {
    Augmentation flip = Augmentation.parse("flip=1");
    float[] plain = view(Augmentation.none(), 1, "abc", 1);
    float[] flipped = view(flip, 1, "abc", 1);
    for (int row = 0; row < 96; row++) {
      for (int x = 0; x < 32; x++) {
        assertThat(flipped[row * 32 + x]).isEqualTo(plain[row * 32 + 31 - x]);
      }
    }
  }

  @Test
  void apply_flipHalf_flipsAboutHalfOfTheViews() {
    float[] plain = view(Augmentation.none(), 1, "abc", 1);
    int same = 0;
    for (int i = 1; i <= 200; i++) {
      // The left upper pixel decides: mirrored noise has another one there.
      same += view(Augmentation.parse("flip"), 1, "abc", i)[0] == plain[0] ? 1 : 0;
    }
    assertThat(same).isBetween(75, 125);
  }

  @Test
  void apply_everyKind_staysInRange() {
    Augmentation all =
        Augmentation.parse("flip,crop=0.1,aspect=3,rotate=180,translate=0.5,jitter=0.9,erase=1");
    for (int i = 1; i <= 50; i++) {
      for (float value : view(all, 1, "abc", i)) {
        assertThat(value).isBetween(-1e-3f, 255.001f);
      }
    }
  }

  @Test
  void apply_erase_putsTheMeanThere() {
    ImagePreprocessing tf = ImagePreprocessing.preset("tf", 32, 32);
    float[] out = new float[tf.valueCount()];
    byte[] white = new byte[40 * 40 * 3];
    Arrays.fill(white, (byte) 255);
    new Augmenter(tf, Augmentation.parse("erase=1"), 1)
        .apply(new PixelImage(40, 40, white), "abc", 1, out, 0);
    int erased = 0;
    for (int i = 0; i < 32 * 32; i++) {
      assertThat(Math.min(Math.abs(out[i]), Math.abs(out[i] - 1))).isLessThan(1e-6f);
      erased += out[i] < 0.5 ? 1 : 0;
    }
    assertThat(erased).isBetween(10, 220);
  }

  @Test
  void apply_negativeView_isRefused() {
    assertThatThrownBy(() -> view(Augmentation.standard(), 1, "abc", -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("view: expected 0 or more, found -1");
  }

  // parts

  @Test
  void rotateAndShift_quarterTurn_movesTheUpperRightToTheUpperLeft() {
    float[] planes = new float[3 * 25];
    planes[4] = 100;
    float[] turned = new float[3 * 25];
    Warp.rotateAndShift(planes, 5, 5, Math.PI / 2, 0, 0, turned);
    assertThat(turned[0]).isCloseTo(100, within(1e-3f));
  }

  @Test
  void rotateAndShift_shift_repeatsTheEdge() {
    float[] planes = new float[3 * 9];
    for (int i = 0; i < 27; i++) {
      planes[i] = i % 9;
    }
    float[] shifted = new float[27];
    Warp.rotateAndShift(planes, 3, 3, 0, 1, 0, shifted);
    assertThat(Arrays.copyOf(shifted, 9)).containsExactly(0, 0, 1, 3, 3, 4, 6, 6, 7);
  }

  @Test
  void colourJitter_brightnessContrastSaturation_followTheFormula() {
    float[] grey = {50, 100, 50, 100, 50, 100};
    ColourJitter.apply(grey, 1.2, 1, 1);
    assertThat(grey).containsExactly(new float[] {60, 120, 60, 120, 60, 120}, within(1e-3f));
    ColourJitter.apply(grey, 1, 0.5, 1);
    assertThat(grey).containsExactly(new float[] {75, 105, 75, 105, 75, 105}, within(1e-3f));
    float[] red = {200, 0, 0};
    ColourJitter.apply(red, 1, 1, 0.5);
    assertThat(red).containsExactly(new float[] {129.9f, 29.9f, 29.9f}, within(1e-3f));
  }
}
