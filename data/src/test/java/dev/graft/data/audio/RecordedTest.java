package dev.graft.data.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.data.DataException;
import dev.graft.data.ExampleSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Recordings at the rate that they have. */
final class RecordedTest {
  private final Path folder;

  RecordedTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private ExampleSource tone(int rate) throws IOException {
    float[] samples = new float[rate / 2];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) (0.5 * Math.sin(2 * Math.PI * 440 * i / rate));
    }
    Path file = folder.resolve(rate + ".wav");
    Files.write(file, PcmWav.encode(new Waveform(samples, rate)));
    return new ExampleSource.FileSource(file);
  }

  @ParameterizedTest
  @ValueSource(ints = {8_000, 16_000, 44_100})
  void decodeAsRecorded_anyRate_isWhatDecodingAtThatRateGives(int rate) throws IOException {
    ExampleSource source = tone(rate);
    AudioDecoder.Recorded found = new AudioDecoder().decodeAsRecorded(source);
    assertThat(found.description().sampleRate()).isEqualTo(rate);
    assertThat(found.sound().sampleRate()).isEqualTo(rate);
    assertThat(found.sound().samples())
        .isEqualTo(new AudioDecoder().decode(source, rate).samples());
  }

  @ParameterizedTest
  @ValueSource(ints = {8_000, 16_000})
  void decodeAsRecorded_longerThanTheLimit_isRefused(int rate) throws IOException {
    ExampleSource source = tone(rate);
    assertThatThrownBy(() -> new AudioDecoder(rate / 4).decodeAsRecorded(source))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(rate + ".wav");
  }

  @Test
  void atRate_lower_keepsTheToneAndItsLength() throws IOException {
    Waveform sound = new AudioDecoder().decodeAsRecorded(tone(16_000)).sound().atRate(8_000);
    assertThat(sound.sampleRate()).isEqualTo(8_000);
    assertThat(sound.samples().length).isBetween(3_990, 4_010);
    float[] direct = new AudioDecoder().decode(tone(16_000), 8_000).samples();
    for (int i = 200; i < 3_800; i++) {
      assertThat(sound.samples()[i])
          .isCloseTo(direct[i], org.assertj.core.data.Offset.offset(1e-3f));
    }
  }
}
