package dev.graft.benchmarks.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WaveFilesTest {
  private static final float[] SAMPLES = {0, 0.5f, -0.5f, 0.25f, -1, 0.999f};

  @TempDir private Path folder = Path.of("");

  private static ByteBuffer bytes(byte[] content) {
    return ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static String ascii(ByteBuffer header, int from) {
    byte[] tag = new byte[4];
    header.get(from, tag);
    return new String(tag, StandardCharsets.US_ASCII);
  }

  @Test
  void write_thenRead_givesTheSamplesToHalfAStep() throws IOException {
    Path file = folder.resolve("a.wav");
    WaveFiles.write(file, new Waveform(SAMPLES, 22_050));
    Waveform read = WaveFiles.read(file);
    assertThat(read.rate()).isEqualTo(22_050);
    assertThat(read.samples()).containsExactly(SAMPLES, within(0.5f / 32768));
  }

  /** The JDK's own reader judges what was written. */
  @Test
  void write_readByTheJdk_isPcmOf16Bits() throws Exception {
    Path file = folder.resolve("a.wav");
    WaveFiles.write(file, new Waveform(SAMPLES, Waveform.RATE));
    try (AudioInputStream in = AudioSystem.getAudioInputStream(file.toFile())) {
      AudioFormat format = in.getFormat();
      assertThat(format.getSampleRate()).isEqualTo(16_000);
      assertThat(format.getChannels()).isEqualTo(1);
      assertThat(format.getSampleSizeInBits()).isEqualTo(16);
      assertThat(in.getFrameLength()).isEqualTo(SAMPLES.length);
    }
  }

  @Test
  void read_twoChannels_saysWhatWasFound() throws IOException {
    Path file = folder.resolve("stereo.wav");
    WaveFiles.write(file, new Waveform(SAMPLES, Waveform.RATE));
    byte[] content = Files.readAllBytes(file);
    content[22] = 2;
    Files.write(file, content);
    assertThatThrownBy(() -> WaveFiles.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("expected PCM of 16 bits, one channel")
        .hasMessageContaining("2 channels");
  }

  @Test
  void read_announcesMoreThanThereIs_givesWhatThereIs() throws IOException {
    Path file = folder.resolve("streamed.wav");
    WaveFiles.write(file, new Waveform(SAMPLES, Waveform.RATE));
    byte[] content = Files.readAllBytes(file);
    bytes(content).putInt(40, -1);
    Files.write(file, content);
    assertThat(WaveFiles.read(file).samples()).hasSameSizeAs(SAMPLES);
  }

  @Test
  void read_cutInTheHeader_isRefused() throws IOException {
    Path file =
        Files.write(folder.resolve("cut.wav"), "RIFF1234WAVE".getBytes(StandardCharsets.US_ASCII));
    assertThatThrownBy(() -> WaveFiles.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cut.wav")
        .hasMessageContaining("found 12");
  }

  // --- long files ----------------------------------------------------------------------------

  @Test
  void output_ofPieces_isReadByTheJdk() throws Exception {
    Path file = folder.resolve("long.wav");
    try (WaveOutput out = new WaveOutput(file, Waveform.RATE)) {
      out.append(SAMPLES, SAMPLES.length);
      out.append(SAMPLES, 2);
      assertThat(file).doesNotExist();
      out.finish();
    }
    byte[] content = Files.readAllBytes(file);
    try (AudioInputStream in = AudioSystem.getAudioInputStream(new ByteArrayInputStream(content))) {
      assertThat(in.getFrameLength()).isEqualTo(8);
    }
    assertThat(bytes(content).getInt(4)).isEqualTo(content.length - 8);
    assertThat(bytes(content).getShort(WaveOutput.HEADER_BYTES + 2)).isEqualTo((short) 16_384);
  }

  @Test
  void output_notFinished_leavesNothing() throws IOException {
    try (WaveOutput out = new WaveOutput(folder.resolve("long.wav"), Waveform.RATE)) {
      out.append(SAMPLES, SAMPLES.length);
    }
    assertThat(folder).isEmptyDirectory();
  }

  /** Offsets and values as in EBU Tech 3306, section 3. */
  @Test
  void header_beyondFourGigabytes_isRf64WithSizesOf64Bits() {
    long samples = 3_000_000_000L;
    ByteBuffer header = WaveOutput.header(samples, Waveform.RATE);
    assertThat(header.remaining()).isEqualTo(WaveOutput.HEADER_BYTES);
    assertThat(ascii(header, 0)).isEqualTo("RF64");
    assertThat(header.getInt(4)).isEqualTo(-1);
    assertThat(ascii(header, 12)).isEqualTo("ds64");
    assertThat(header.getLong(20)).isEqualTo(2 * samples + 72);
    assertThat(header.getLong(28)).isEqualTo(2 * samples);
    assertThat(header.getLong(36)).isEqualTo(samples);
    assertThat(ascii(header, 48)).isEqualTo("fmt ");
    assertThat(ascii(header, 72)).isEqualTo("data");
    assertThat(header.getInt(76)).isEqualTo(-1);
  }

  @Test
  void header_short_isRiffWithRoomForSizes() {
    ByteBuffer header = WaveOutput.header(100, Waveform.RATE);
    assertThat(ascii(header, 0)).isEqualTo("RIFF");
    assertThat(header.getInt(4)).isEqualTo(272);
    assertThat(ascii(header, 12)).isEqualTo("JUNK");
    assertThat(header.getInt(76)).isEqualTo(200);
  }
}
