package dev.graft.transfer.wakeword;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.training.FeatureScaling;
import dev.graft.transfer.wakeword.SceneWindows.Content;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Windows of 16,000 samples every 1,280, and pools of them. */
final class SceneWindowsTest {
  private static final int RATE = ToyPhrase.RATE;

  @TempDir static Path folder = Path.of(".");

  @SuppressWarnings("NullAway.Init")
  private static StreamEncoder encoder;

  @BeforeAll
  static void open() {
    encoder = StreamEncoder.of(ToyPhrase.slidingBackbone(folder));
  }

  @AfterAll
  static void close() {
    encoder.close();
  }

  private static Scene scene(int samples, long seed, SpokenSpan... phrases) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] sound = new float[samples];
    for (int i = 0; i < samples; i++) {
      sound[i] = (float) (0.2 * (random.nextDouble() - 0.5));
    }
    return new Scene(sound, List.of(phrases));
  }

  private static List<Content> contents(Scene scene) {
    return List.of(SceneWindows.of(scene, encoder, RATE).contents());
  }

  /** Where a content begins and ends among the windows, as "PHRASE 6-12". */
  private static List<String> stretches(Scene scene) {
    List<Content> contents = contents(scene);
    List<String> stretches = new ArrayList<>();
    int first = 0;
    for (int i = 1; i <= contents.size(); i++) {
      if (i == contents.size() || contents.get(i) != contents.get(first)) {
        stretches.add(contents.get(first) + " " + first + "-" + (i - 1));
        first = i;
      }
    }
    return stretches;
  }

  /**
   * The phrase is from 16,000 to 24,000. Window k begins at 1,280 k. Less than half of it: up to k
   * = 3 (3,840 of 8,000 samples) and from k = 16 on. All but 0.06 s of it: from k = 6 (7,680, ends
   * at 23,680) on; not begun more than 0.06 s before the window, and ended at most 0.5 s before its
   * end: up to k = 12 (15,360, ends 0.46 s behind it).
   */
  @Test
  void of_phrase_isInTheWindowsThatEndSoonBehindIt() {
    assertThat(stretches(scene(48_000, 1, new SpokenSpan(16_000, 24_000))))
        .containsExactly("OTHER 0-3", "BETWEEN 4-5", "PHRASE 6-12", "BETWEEN 13-15", "OTHER 16-25");
  }

  @Test
  void of_phraseLongerThanAWindow_isInNoneWhole() {
    assertThat(contents(scene(64_000, 1, new SpokenSpan(16_000, 36_000))))
        .contains(Content.BETWEEN, Content.OTHER)
        .doesNotContain(Content.PHRASE);
  }

  @Test
  void of_noPhrase_holdsOtherSound() {
    assertThat(contents(scene(32_000, 1))).containsOnly(Content.OTHER).hasSize(14);
  }

  /** Half of the next phrase in the window takes nothing from the one that has just ended. */
  @Test
  void of_phrasesThatFollowClosely_areEachTold() {
    SpokenSpan first = new SpokenSpan(16_000, 22_000);
    SpokenSpan second = new SpokenSpan(24_000, 30_000);
    List<Content> alone = contents(scene(60_000, 1, first));
    List<Content> other = contents(scene(60_000, 1, second));
    List<Content> both = contents(scene(60_000, 1, first, second));
    for (int i = 0; i < both.size(); i++) {
      boolean phrase = alone.get(i) == Content.PHRASE || other.get(i) == Content.PHRASE;
      assertThat(both.get(i) == Content.PHRASE).as("window %d", i).isEqualTo(phrase);
    }
    // The window from 12,800 to 28,800: 6,800 samples behind the first, 4,800 of the second.
    assertThat(alone.get(10)).isEqualTo(Content.PHRASE);
    assertThat(other.get(10)).isEqualTo(Content.BETWEEN);
  }

  @Test
  void features_window_areThoseOfTheBackbone() {
    Scene scene = scene(40_000, 2);
    SceneWindows windows = SceneWindows.of(scene, encoder, RATE);
    float[] found = new float[encoder.width()];
    for (int window = 0; window < windows.count(); window++) {
      windows.features(window, encoder.rowWidth(), found);
      int start = window * encoder.hop();
      int there = Math.min(encoder.window(), scene.samples().length - start);
      float[] samples =
          Arrays.copyOf(
              Arrays.copyOfRange(scene.samples(), start, start + there), encoder.window());
      assertThat(found).containsExactly(encoder.features(samples), within(1e-4f));
    }
    assertThat(windows.count()).isEqualTo(20);
  }

  @Test
  void of_soundShorterThanAWindow_hasNone() {
    assertThat(SceneWindows.of(scene(10_000, 1), encoder, RATE).count()).isZero();
    assertThat(SceneWindows.of(scene(10, 1), encoder, RATE).count()).isZero();
  }

  // --- pools ---------------------------------------------------------------------------------

  /** Scenes of 0, 14, 0, 0, 26 and 0 windows; the last 640 samples of a window count for none. */
  private static Scene numbered(int number) {
    return switch (number) {
      case 1 -> scene(32_000, 1);
      case 4 -> scene(48_000, 4, new SpokenSpan(16_000, 24_000));
      default -> scene(1_000, number);
    };
  }

  private static WindowPool pool(int scenes, TrainingListener listener) {
    return WindowPool.make(
        SceneWindowsTest::numbered, scenes, encoder, RATE, "Composing", listener);
  }

  private static WindowPool pool() {
    return pool(6, TrainingListener.SILENT);
  }

  @Test
  void make_scenes_areInTheOrderOfTheirNumbers() {
    WindowPool pool = pool();
    assertThat(pool.size()).isEqualTo(40);
    assertThat(pool.scenes()).extracting(SceneWindows::count).containsExactly(0, 14, 0, 0, 26, 0);
    assertThat(pool.first(1)).isZero();
    assertThat(pool.first(4)).isEqualTo(14);
    assertThat(pool.of(Content.PHRASE)).containsExactly(20, 21, 22, 23, 24, 25, 26);
    assertThat(pool.of(Content.BETWEEN)).containsExactly(18, 19, 27, 28, 29);
    assertThat(pool.of(Content.OTHER)).hasSize(28);
  }

  @Test
  void features_numberedWindows_areThoseOfTheirScenes() {
    WindowPool pool = pool();
    float[] found = new float[encoder.width()];
    float[] expected = new float[encoder.width()];
    for (int window = 0; window < pool.size(); window++) {
      SceneWindows own = SceneWindows.of(numbered(window < 14 ? 1 : 4), encoder, RATE);
      own.features(window < 14 ? window : window - 14, encoder.rowWidth(), expected);
      pool.features(window, found);
      assertThat(found).containsExactly(expected, within(1e-5f));
    }
  }

  @Test
  void batch_windows_areRowsAsTheyAreOrScaled() {
    WindowPool pool = pool();
    int width = encoder.width();
    float[] mean = new float[width];
    float[] deviation = new float[width];
    Arrays.fill(mean, 0.5f);
    Arrays.fill(deviation, 2);
    int[] windows = {38, 0, 14, 13, 5};
    float[] plain = pool.batch(windows, 1, 4).values();
    float[] scaled = pool.batch(windows, 1, 4, new FeatureScaling(mean, deviation)).values();
    assertThat(pool.batch(windows, 1, 4).shape()).containsExactly(3, width);
    float[] row = new float[width];
    for (int i = 0; i < 3; i++) {
      pool.features(windows[i + 1], row);
      assertThat(Arrays.copyOfRange(plain, i * width, (i + 1) * width)).containsExactly(row);
      for (int j = 0; j < width; j++) {
        assertThat(scaled[i * width + j]).isEqualTo((row[j] - 0.5f) / 2);
      }
    }
  }

  @Test
  void and_anotherPool_comesBehind() {
    WindowPool both = pool(2, TrainingListener.SILENT).and(pool());
    assertThat(both.size()).isEqualTo(14 + 40);
    assertThat(both.first(2 + 4)).isEqualTo(14 + 14);
    assertThat(both.of(Content.PHRASE)[0]).isEqualTo(14 + 20);
  }

  @Test
  void make_listener_hearsOfEachScene() {
    List<String> heard = new ArrayList<>();
    pool(
        2,
        new TrainingListener() {
          @Override
          public void phase(String name) {
            heard.add(name);
          }

          @Override
          public void progress(String phase, long done, long total, String unit) {
            heard.add(phase + ": " + done + " of " + total + " " + unit);
          }
        });
    assertThat(heard)
        .containsExactly(
            "Composing",
            "Composing: 30 of 60 seconds of sound",
            "Composing: 60 of 60 seconds of sound");
  }
}
