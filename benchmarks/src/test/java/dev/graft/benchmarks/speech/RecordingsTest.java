package dev.graft.benchmarks.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.data.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecordingsTest {
  @TempDir private Path folder = Path.of("");

  @BeforeEach
  void writeRecordings() throws IOException {
    write("test/high/1.wav", 0.3);
    write("test/low/1.wav", 0.03);
    write("train/high/2.wav", 0.3);
    Files.writeString(Files.createDirectories(folder.resolve("test/low")).resolve("2.wav"), "torn");
  }

  /** Half a second at 32 kHz. */
  private void write(String path, double radians) throws IOException {
    float[] tone = new float[16_000];
    for (int i = 0; i < tone.length; i++) {
      tone[i] = (float) (0.5 * Math.sin(radians * i));
    }
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    WaveFiles.write(file, new Waveform(tone, 32_000));
  }

  @Test
  void deal_onePart_givesItsSoundsAt16KhzAndLeavesTheDamagedOut() {
    Recordings recordings = Recordings.in(List.of(folder), Optional.of(Part.TEST), Set.of());
    SplittableRandom random = new SplittableRandom(1);
    TreeSet<String> labels = new TreeSet<>();
    for (int i = 0; i < 6; i++) {
      Recordings.Recording dealt = recordings.deal(random);
      labels.add(dealt.label());
      assertThat(dealt.sound().rate()).isEqualTo(16_000);
      assertThat(dealt.sound().seconds()).isCloseTo(0.5, within(0.001));
      assertThat(dealt.name()).contains("test").doesNotContain("2.wav");
    }
    assertThat(labels).containsExactly("high", "low");
    assertThat(recordings.leftOut()).hasSize(1);
    assertThat(recordings.leftOut().values()).allMatch(reason -> reason.contains("2.wav"));
  }

  @Test
  void deal_noPartNamed_givesAllParts() {
    Recordings recordings = Recordings.in(List.of(folder), Optional.empty(), Set.of());
    SplittableRandom random = new SplittableRandom(1);
    TreeSet<String> names = new TreeSet<>();
    for (int i = 0; i < 9; i++) {
      names.add(recordings.deal(random).name());
    }
    assertThat(names).hasSize(3);
  }

  @Test
  void in_partThatIsMissing_saysWhichThereAre() {
    assertThatThrownBy(() -> Recordings.in(List.of(folder), Optional.of(Part.VALIDATION), Set.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("expected the part validation, found only train, test");
  }

  @Test
  void deal_allDamaged_namesThem() throws IOException {
    for (String path : List.of("test/high/1.wav", "test/low/1.wav")) {
      Files.writeString(folder.resolve(path), "torn");
    }
    Recordings recordings = Recordings.in(List.of(folder), Optional.of(Part.TEST), Set.of());
    assertThatThrownBy(() -> recordings.deal(new SplittableRandom(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("none of 3 can be read")
        .hasMessageContaining("low");
  }

  @Test
  void in_someClassesLeftOut_hasTheOthersOnly() {
    Recordings low = Recordings.in(List.of(folder), Optional.of(Part.TEST), Set.of("high"));
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 3; i++) {
      assertThat(low.deal(random).label()).isEqualTo("low");
    }
  }

  @Test
  void in_allClassesLeftOut_isRefused() {
    assertThatThrownBy(
            () -> Recordings.in(List.of(folder), Optional.empty(), Set.of("high", "low")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("expected others than those of high, low, found none");
  }
}
