package dev.graft.transfer.wakeword;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.data.ExampleSource;
import dev.graft.data.LeftOut;
import dev.graft.data.audio.PcmWav;
import dev.graft.data.audio.Waveform;
import dev.graft.transfer.TransferException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WakeWordSoundsTest {
  private static final int RATE = 1_000;

  @TempDir Path folder = Path.of(".");

  /** Faint room, and a tone of a third of a second from a third of a second on. */
  private static float[] word(int samples, double hertz) {
    float[] word = new float[samples];
    for (int i = 0; i < samples; i++) {
      double level = i >= 333 && i < 666 ? 0.5 : 0.0005;
      word[i] = (float) (level * Math.sin(2 * Math.PI * hertz * i / RATE));
    }
    return word;
  }

  private ExampleSource file(String name, float[] samples) {
    try {
      return new ExampleSource.FileSource(
          Files.write(folder.resolve(name), PcmWav.encode(new Waveform(samples, RATE))));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private List<ExampleSource> phrases(int count) {
    List<ExampleSource> phrases = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      phrases.add(file("phrase-" + i + ".wav", word(1_000, 50 + i)));
    }
    return phrases;
  }

  private List<ExampleSource> others(int seconds) {
    return List.of(file("other.wav", word(seconds * RATE, 80)));
  }

  private static WakeWordSounds decode(List<ExampleSource> phrases, List<ExampleSource> others) {
    return WakeWordSounds.decode(phrases, others, RATE);
  }

  @Test
  void decode_recordings_phrasesAreCutAndOthersWhole() {
    WakeWordSounds sounds = decode(phrases(20), others(10));
    assertThat(sounds.phrases()).hasSize(20);
    assertThat(sounds.phrases())
        .allSatisfy(said -> assertThat(said.length).isCloseTo(333, within(90)));
    assertThat(sounds.others()).hasSize(1);
    assertThat(sounds.others().get(0)).hasSize(10_000);
    assertThat(sounds.sampleRate()).isEqualTo(RATE);
    assertThat(sounds.leftOut()).isEmpty();
  }

  @Test
  void decode_damagedAndSilentOnes_areLeftOutAndNamed() throws IOException {
    List<ExampleSource> phrases = new ArrayList<>(phrases(20));
    phrases.add(3, file("silent.wav", new float[1_000]));
    phrases.add(7, file("short.wav", word(49, 50)));
    Path damaged = Files.writeString(folder.resolve("damaged.wav"), "this is no recording at all");
    phrases.add(new ExampleSource.FileSource(damaged));
    phrases.add(new ExampleSource.FileSource(folder.resolve("missing.wav")));
    Path cut = folder.resolve("phrase-0.wav");
    Path half =
        Files.write(folder.resolve("half.wav"), Arrays.copyOf(Files.readAllBytes(cut), 900));
    List<ExampleSource> others = new ArrayList<>(others(10));
    others.add(0, new ExampleSource.FileSource(half));

    WakeWordSounds sounds = decode(phrases, others);
    assertThat(sounds.phrases()).hasSize(20);
    assertThat(sounds.others()).hasSize(1);
    assertThat(sounds.leftOut())
        .extracting(left -> Path.of(left.path()).getFileName().toString())
        .containsExactly("silent.wav", "short.wav", "damaged.wav", "missing.wav", "half.wav");
    assertThat(sounds.leftOut())
        .extracting(LeftOut::reason)
        .startsWith("it is silent or shorter than 0.05 s", "it is silent or shorter than 0.05 s")
        .allSatisfy(reason -> assertThat(reason).isNotBlank());
    assertThat(sounds.leftOut().get(3).reason()).contains("there is no such file");
  }

  @Test
  void decode_fewerThanTwentyPhrases_saysHowManyAndWhatWasLeftOut() {
    List<ExampleSource> phrases = new ArrayList<>(phrases(19));
    assertThatThrownBy(() -> decode(phrases, others(10)))
        .isInstanceOf(TransferException.class)
        .hasMessage(
            "Training a wake word: at least 20 recordings of the phrase are expected, but 19 can be"
                + " used. Record more, by several people in several rooms.");
    phrases.add(file("silent.wav", new float[1_000]));
    assertThatThrownBy(() -> decode(phrases, others(10)))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("but 19 can be used (left out: 1, first ")
        .hasMessageContaining("silent.wav: it is silent or shorter than 0.05 s)");
  }

  @Test
  void decode_lessThanTenSecondsOfOtherSound_saysSo() {
    List<ExampleSource> phrases = phrases(20);
    assertThatThrownBy(() -> decode(phrases, others(9)))
        .isInstanceOf(TransferException.class)
        .hasMessage(
            "Training a wake word: at least 10 s of other sound are expected, but 9.0 s can be"
                + " used. Give recordings of other words, speech, music and noise with --other.");
    assertThatThrownBy(() -> decode(phrases, List.of())).hasMessageContaining("but 0.0 s can be");
  }

  /** Of ten recordings of eleven minutes, ten minutes each are heard of nine. */
  @Test
  void decode_muchOtherSound_isHeardForNinetyMinutes() {
    ExampleSource minutes = file("radio.wav", word(11 * 60 * RATE, 80));
    WakeWordSounds sounds = decode(phrases(20), Collections.nCopies(10, minutes));
    assertThat(sounds.others()).hasSize(9).allMatch(heard -> heard.length == 600 * RATE);
    assertThat(sounds.leftOut())
        .containsExactly(
            new LeftOut(minutes.name(), "there are 90 minutes of other sound already"));
  }

  /** 260 MiB, more than an example may have: its beginning is heard all the same. */
  @Test
  void decode_recordingLargerThanAnExample_isHeard() throws IOException {
    ExampleSource long1 = others(20).get(0);
    Path file = folder.resolve("long.wav");
    byte[] bytes = long1.read();
    int data = 260 << 20;
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(4, 36 + data).putInt(40, data);
    Files.write(file, bytes);
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(44L + data);
    }
    WakeWordSounds sounds = decode(phrases(20), List.of(new ExampleSource.FileSource(file)));
    assertThat(sounds.others().get(0)).hasSize(600 * RATE);
    assertThat(sounds.leftOut()).isEmpty();
  }

  @Test
  void decode_hash_tellsContentsAndOrder() {
    List<ExampleSource> phrases = phrases(21);
    String hash = decode(phrases, others(10)).hash();
    assertThat(hash).matches("[0-9a-f]{64}");
    assertThat(decode(phrases, others(10)).hash()).isEqualTo(hash);
    assertThat(decode(phrases.subList(0, 20), others(10)).hash()).isNotEqualTo(hash);
    assertThat(decode(phrases, others(11)).hash()).isNotEqualTo(hash);
    List<ExampleSource> reversed = new ArrayList<>(phrases);
    Collections.reverse(reversed);
    assertThat(decode(reversed, others(10)).hash()).isNotEqualTo(hash);
    List<ExampleSource> moved = new ArrayList<>(others(10));
    moved.add(0, phrases.get(20));
    assertThat(decode(phrases.subList(0, 20), moved).hash()).isNotEqualTo(hash);
  }

  /** Nine of ten phrases last up to that many milliseconds, the others 9 s. */
  @ParameterizedTest
  @CsvSource({
    "10, 500, 1.2",
    "10, 600, 1.2",
    "10, 601, 1.4",
    "10, 100, 1",
    "10, 5000, 4",
    "20, 700, 1.4",
    "22, 700, 1.4",
    "25, 700, 1.4",
    "29, 700, 1.4"
  })
  void suitableWindowSeconds_phrases_holdNineOfTenWithRoom(
      int count, int milliseconds, double expected) {
    int longer = count / 10;
    List<float[]> phrases = new ArrayList<>(Collections.nCopies(longer, new float[9_000]));
    phrases.addAll(Collections.nCopies(count - longer, new float[milliseconds]));
    WakeWordSounds sounds = new WakeWordSounds(phrases, List.of(), RATE, List.of(), "");
    assertThat(sounds.suitableWindowSeconds()).isCloseTo(expected, within(1e-9));
    // One more that is longer is no longer left out.
    phrases.set(phrases.size() - 1, new float[9_000]);
    WakeWordSounds more = new WakeWordSounds(phrases, List.of(), RATE, List.of(), "");
    assertThat(more.suitableWindowSeconds()).isEqualTo(4);
  }
}
