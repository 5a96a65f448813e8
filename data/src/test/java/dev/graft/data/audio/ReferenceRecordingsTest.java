package dev.graft.data.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.data.Dataset;
import dev.graft.data.DatasetKind;
import dev.graft.data.DatasetReader;
import dev.graft.data.Example;
import dev.graft.data.ExampleSource;
import dev.graft.data.LeftOut;
import dev.graft.data.Part;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Decoding of published recordings, held against what others decode from them. */
@Tag("reference-data")
final class ReferenceRecordingsTest {
  private static final AudioDecoder DECODER = new AudioDecoder();

  private final Path shared = Path.of(System.getProperty("graft.shared", ""), "data");

  @BeforeEach
  void requireData() {
    assumeTrue(Files.isDirectory(shared), "reference data absent: " + shared);
  }

  /** The MD5 in a FLAC file is that of the samples that its encoder was given. */
  private static byte[] md5OfSamples(float[] samples) throws Exception {
    ByteBuffer bytes = ByteBuffer.allocate(2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float sample : samples) {
      bytes.putShort((short) Math.round(sample * 32_768));
    }
    return MessageDigest.getInstance("MD5").digest(bytes.array());
  }

  @Test
  void decode_wakeWords_areTheSamplesThatWereEncoded() throws Exception {
    Dataset words = DatasetReader.read(shared.resolve("wake-words.zip"));
    assertThat(words.kind()).isEqualTo(DatasetKind.AUDIO);
    assertThat(words.part(Part.TRAIN)).hasSize(300);
    assertThat(words.part(Part.TEST)).hasSize(300);
    assertThat(words.leftOut())
        .containsExactly(new LeftOut("broken", "the folder is none of train, validation and test"));
    for (Example example : words.part(Part.TEST)) {
      byte[] file = example.source().read();
      float[] samples = DECODER.decode(file, example.id(), 16_000).samples();
      assertThat(md5OfSamples(samples)).isEqualTo(Arrays.copyOfRange(file, 26, 42));
    }
  }

  /**
   * Decoders of other libraries lose their way in this file. All samples that its encoder was given
   * come out of it nevertheless, as its checksum proves.
   */
  @Test
  void decode_wakeWordSetAside_isComplete() throws Exception {
    byte[] file =
        ExampleSource.ZipSource.of(shared.resolve("wake-words.zip"), "broken/alexa-273.flac")
            .read();
    float[] samples = DECODER.decode(file, "alexa-273.flac", 16_000).samples();
    assertThat(samples).hasSize(53_440);
    assertThat(md5OfSamples(samples)).isEqualTo(Arrays.copyOfRange(file, 26, 42));
  }

  /** Java's own reader is the other decoder. */
  @Test
  void decode_spokenDigits_areThoseOfJava() throws Exception {
    Dataset digits = DatasetReader.read(shared.resolve("spoken-digits.zip"));
    assertThat(digits.kind()).isEqualTo(DatasetKind.AUDIO);
    List<Example> test = digits.part(Part.TEST);
    assertThat(test).isNotEmpty();
    for (Example example : test) {
      byte[] file = example.source().read();
      float[] samples = DECODER.decode(file, example.id(), 8_000).samples();
      try (AudioInputStream in = AudioSystem.getAudioInputStream(new ByteArrayInputStream(file))) {
        ByteBuffer expected = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(samples).hasSize(expected.remaining() / 2);
        for (float sample : samples) {
          assertThat(sample).isEqualTo(expected.getShort() / 32_768f);
        }
      }
    }
  }

  @Test
  void of_recordings_tellsWhichCameFromALowerRate() {
    Dataset words = DatasetReader.read(shared.resolve("wake-words.zip"));
    Dataset digits = DatasetReader.read(shared.resolve("spoken-digits.zip"));
    assertThat(narrow(words)).isLessThan(0.02);
    assertThat(narrow(digits)).isGreaterThan(0.98);
  }

  private static double narrow(Dataset dataset) {
    List<Example> examples = dataset.part(Part.TEST);
    long narrow =
        examples.stream()
            .map(one -> AudioFindings.of(DECODER.decode(one.source(), 16_000)))
            .filter(found -> found.oddities().contains(AudioFindings.Oddity.NARROW_BAND))
            .count();
    return (double) narrow / examples.size();
  }
}
