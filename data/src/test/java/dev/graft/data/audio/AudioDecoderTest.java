package dev.graft.data.audio;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.data.DataException;
import dev.graft.data.ExampleSource;
import dev.graft.data.Segment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AudioDecoderTest {
  private static final AudioDecoder DECODER = new AudioDecoder();

  private final Path folder;

  AudioDecoderTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private static double decibels(float[] expected, float[] found, int offset) {
    double signal = 0;
    double error = 1e-30;
    for (int i = 0; i < found.length; i++) {
      double difference = found[i] - expected[offset + i];
      signal += (double) expected[offset + i] * expected[offset + i];
      error += difference * difference;
    }
    return 10 * Math.log10(signal / error);
  }

  // formats

  @ParameterizedTest
  @EnumSource
  void decode_monoWav_isWhatWasWritten(TestSounds.Storage storage) {
    float[] sound = TestSounds.noise(0.9, 3_333, 1);
    Waveform decoded = DECODER.decode(TestSounds.wav(storage, 16_000, sound), "noise.wav", 16_000);
    assertThat(decoded.sampleRate()).isEqualTo(16_000);
    assertThat(decoded.samples()).hasSameSizeAs(sound);
    for (int i = 0; i < sound.length; i++) {
      assertThat(decoded.samples()[i]).isCloseTo(sound[i], within((float) (1.5 * storage.step())));
    }
  }

  @ParameterizedTest
  @EnumSource
  void decode_stereoWav_isTheMean(TestSounds.Storage storage) {
    float[] left = TestSounds.noise(0.9, 2_000, 2);
    float[] right = TestSounds.noise(0.5, 2_000, 3);
    float[] decoded =
        DECODER.decode(TestSounds.wav(storage, 8_000, left, right), "stereo.wav", 8_000).samples();
    assertThat(decoded).hasSize(2_000);
    for (int i = 0; i < decoded.length; i++) {
      assertThat(decoded[i])
          .isCloseTo((left[i] + right[i]) / 2, within((float) (1.5 * storage.step())));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 6, 9, 64})
  void decode_manyChannels_isTheMean(int channels) {
    float[][] sounds =
        IntStream.range(0, channels)
            .mapToObj(c -> TestSounds.noise(0.5, 500, c))
            .toArray(float[][]::new);
    float[] decoded =
        DECODER
            .decode(TestSounds.wav(TestSounds.Storage.FLOAT_32, 16_000, sounds), "many.wav", 16_000)
            .samples();
    for (int i = 0; i < 500; i++) {
      double sum = 0;
      for (float[] sound : sounds) {
        sum += sound[i];
      }
      assertThat(decoded[i]).isCloseTo((float) (sum / channels), within(1e-6f));
    }
  }

  /** The least ratio of signal to error is that of the codec at this rate, not of the decoder. */
  @ParameterizedTest
  @CsvSource({
    "flac, 16000, flac, flac, 24, 120, '-c:a,flac'",
    "flac, 44100, flac, flac, 16, 80, '-c:a,flac,-sample_fmt,s16'",
    "mp3, 16000, mp3, mp3, 0, 15, '-b:a,64k'",
    "mp3, 44100, mp3, mp3, 0, 15, '-b:a,128k'",
    "ogg, 44100, ogg, vorbis, 0, 8, '-c:a,vorbis,-strict,-2,-ac,2'",
    "opus, 48000, ogg, opus, 0, 15, '-c:a,libopus'",
    "m4a, 44100, mp4, aac, 0, 15, '-c:a,aac'",
    "m4a, 22050, mp4, alac, 24, 120, '-c:a,alac'",
    "aiff, 16000, aiff, pcm_s16be, 16, 80, '-c:a,pcm_s16be'",
  })
  void decode_encodedSound_isAlignedWithTheOriginal(
      String extension,
      int rate,
      String format,
      String codec,
      int bits,
      double leastDecibels,
      String options) {
    float[] sound = TestSounds.melody(2 * rate, rate, 7);
    byte[] file = TestSounds.encoded(folder, sound, rate, extension, options.split(","));
    AudioDescription description = AudioDecoder.describe(file, "sound");
    assertThat(description.format()).isEqualTo(format);
    assertThat(description.codec()).isEqualTo(codec);
    assertThat(description.sampleRate()).isEqualTo(rate);
    assertThat(description.bits()).isEqualTo(bits);
    assertThat(description.seconds()).isPresent();
    assertThat(description.seconds().getAsDouble()).isCloseTo(2.0, within(0.05));
    float[] decoded = DECODER.decode(file, "sound", rate).samples();
    assertThat(decoded.length).isBetween(sound.length, sound.length + 1_024);
    assertThat(decibels(sound, Arrays.copyOf(decoded, sound.length), 0))
        .isGreaterThan(leastDecibels);
  }

  @Test
  void decode_bareAac_hasTheLengthAndPitch() {
    float[] sound = TestSounds.sine(1_000, 0.5, 48_000, 16_000);
    byte[] file = TestSounds.encoded(folder, sound, 16_000, "aac", "-c:a", "aac");
    Waveform decoded = DECODER.decode(file, "sound.aac", 16_000);
    assertThat(decoded.seconds()).isCloseTo(3.0, within(0.15));
    assertThat(Tones.hertz(decoded)).isCloseTo(1_000, within(2.0));
  }

  // segments

  @ParameterizedTest
  @CsvSource({
    "wav, 120, '-c:a,pcm_s16le'",
    "flac, 120, '-c:a,flac'",
    "mp3, 120, '-q:a,4'",
    "ogg, 120, '-c:a,vorbis,-strict,-2,-ac,2'",
    "opus, 120, '-c:a,libopus'",
    // This codec fills bands with noise, of which each decoding draws its own.
    "m4a, 25, '-c:a,aac'",
    "aiff, 120, '-c:a,pcm_s16be'",
    "aac, 120, '-c:a,aac'",
  })
  void decode_segment_isThatPartOfTheWhole(String extension, double leastDecibels, String options) {
    int rate = 48_000;
    byte[] file =
        TestSounds.encoded(
            folder, TestSounds.melody(8 * rate, rate, 8), rate, extension, options.split(","));
    float[] whole = DECODER.decode(file, "whole", rate).samples();
    for (double[] times : new double[][] {{0.25, 1}, {1.999, 2.5}, {2.125, 3}, {6.001, 7.999}}) {
      float[] part = DECODER.decode(file, "part", rate, new Segment(times[0], times[1])).samples();
      assertThat(part).hasSize((int) (Math.round(times[1] * rate) - Math.round(times[0] * rate)));
      assertThat(decibels(whole, part, (int) Math.round(times[0] * rate)))
          .as("%s from %s s", extension, times[0])
          .isGreaterThan(leastDecibels);
    }
    float[] rest = DECODER.decode(file, "rest", rate, Segment.from(7.5)).samples();
    assertThat(rest).hasSize(whole.length - (int) (7.5 * rate));
    assertThat(decibels(whole, rest, (int) (7.5 * rate))).isGreaterThan(leastDecibels);
  }

  @Test
  void decode_segmentAtAnotherRate_hasItsLength() {
    byte[] file = TestSounds.wav(TestSounds.sine(440, 0.5, 5 * 44_100, 44_100), 44_100);
    Waveform part = DECODER.decode(file, "long.wav", 16_000, new Segment(3, 4.5));
    assertThat(part.samples()).hasSize(24_000);
    assertThat(Tones.hertz(part)).isCloseTo(440, within(0.5));
  }

  @ParameterizedTest
  @CsvSource({"2.0, 3.0", "1.5, 2.2", "50, 60"})
  void decode_segmentBeyondTheEnd_isRefused(double start, double end) {
    byte[] file = TestSounds.wav(TestSounds.noise(0.1, 32_000, 4), 16_000);
    assertThatThrownBy(() -> DECODER.decode(file, "short.wav", 16_000, new Segment(start, end)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("of short.wav: it reaches beyond the end of the recording")
        .hasMessageContaining("which has 2.00 s");
  }

  @Test
  void decode_segmentRoundedUp_endsWithTheRecording() {
    byte[] file = TestSounds.wav(TestSounds.noise(0.1, 32_000, 4), 16_000);
    assertThat(DECODER.decode(file, "short.wav", 16_000, new Segment(1, 2.05)).samples())
        .hasSize(16_000);
  }

  @Test
  void decode_segmentSource_readsTheFileInPlace() throws IOException {
    float[] sound = TestSounds.noise(0.5, 10 * 16_000, 5);
    Path file = Files.write(folder.resolve("long.wav"), TestSounds.wav(sound, 16_000));
    ExampleSource source =
        ExampleSource.SegmentSource.of(new ExampleSource.FileSource(file), new Segment(6, 6.5));
    float[] part = DECODER.decode(source, 16_000).samples();
    assertThat(part).hasSize(8_000);
    assertThat(decibels(sound, part, 96_000)).isGreaterThan(80);
  }

  // streams

  @Test
  void open_readInPieces_givesTheWhole() throws IOException {
    float[] sound = TestSounds.melody(70_001, 44_100, 9);
    Path file = Files.write(folder.resolve("a.wav"), TestSounds.wav(sound, 44_100));
    ExampleSource source = new ExampleSource.FileSource(file);
    float[] whole = DECODER.decode(source, 16_000).samples();
    float[] pieces = new float[whole.length];
    int filled = 0;
    try (AudioStream stream = DECODER.open(source, 16_000)) {
      assertThat(stream.description().sampleRate()).isEqualTo(44_100);
      for (int count = 1; count > 0; filled += count) {
        count = stream.read(pieces, filled, Math.min(777, pieces.length - filled));
      }
      assertThat(stream.read(new float[10], 0, 10)).isZero();
    }
    assertThat(filled).isEqualTo(whole.length);
    assertThat(pieces).isEqualTo(whole);
  }

  // bad input

  @Test
  void decode_noBytes_isRefused() {
    assertThatThrownBy(() -> DECODER.decode(new byte[0], "empty.wav", 16_000))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot decode empty.wav: expected a recording, found an empty file (0 bytes).");
  }

  @Test
  void decode_noSamples_isRefused() {
    assertThatThrownBy(
            () -> DECODER.decode(TestSounds.wav(new float[0], 16_000), "zero.wav", 16_000))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Cannot decode zero.wav: expected sound, found");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "this is a text and no recording whatsoever, however long it may go on",
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile '/etc/passwd'\n"
      })
  void decode_otherFiles_areRefused(String text) {
    assertThatThrownBy(() -> DECODER.decode(text.getBytes(US_ASCII), "words.mp3", 16_000))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Cannot decode words.mp3: expected WAV, FLAC, MP3, Ogg");
  }

  @ParameterizedTest
  @CsvSource({
    "wav, 'its header announces', '-c:a,pcm_s16le'",
    "flac, 'do not decode', '-c:a,flac'",
    "mp3, 'the header announces', '-b:a,64k'",
    "ogg, 'its last page is cut off', '-c:a,vorbis,-strict,-2,-ac,2'",
    "opus, 'its last page is cut off', '-c:a,libopus'",
    "m4a, 'found none of them or a damaged one', '-c:a,aac'",
    "aiff, 'is damaged', '-c:a,pcm_s16be'",
  })
  void decode_truncatedFile_isRefusedByName(String extension, String reason, String options) {
    byte[] file =
        TestSounds.encoded(
            folder, TestSounds.melody(144_001, 48_000, 3), 48_000, extension, options.split(","));
    byte[] cut = Arrays.copyOf(file, file.length * 6 / 10 | 1);
    assertThatThrownBy(() -> DECODER.decode(cut, "cut." + extension, 16_000))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Cannot decode cut." + extension)
        .hasMessageContaining(reason);
  }

  @Test
  void decode_flacWithAnotherChecksum_isRefused() {
    byte[] file = TestSounds.encoded(folder, TestSounds.noise(0.3, 16_000, 6), 16_000, "flac");
    assertThat(DECODER.decode(file, "whole.flac", 16_000).samples()).hasSize(16_000);
    // RFC 9639: the checksum follows "fLaC", the block's head of 4 bytes and 18 bytes of sizes.
    file[4 + 4 + 18] ^= 1;
    assertThatThrownBy(() -> DECODER.decode(file, "changed.flac", 16_000))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("changed.flac")
        .hasMessageContaining("do not have the checksum that its encoder stored");
  }

  @ParameterizedTest
  @CsvSource({"24, 999, 'a rate of 1000 to 768000 Hz, found 999'", "24, 900000, 'found 900000'"})
  void decode_wavOfAnImpossibleRate_isRefused(int at, int value, String expected) {
    byte[] file = TestSounds.wav(TestSounds.noise(0.3, 1_600, 6), 16_000);
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
    assertThatThrownBy(() -> DECODER.decode(file, "odd.wav", 16_000))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Cannot decode odd.wav")
        .hasMessageContaining(expected);
  }

  @Test
  void decode_tooManyChannels_isRefused() {
    byte[] file = TestSounds.wav(TestSounds.noise(0.3, 1_600, 6), 16_000);
    ByteBuffer.wrap(file)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort(22, (short) 65)
        .putShort(32, (short) 130);
    assertThatThrownBy(() -> DECODER.decode(file, "many.wav", 16_000))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("many.wav")
        .hasMessageContaining("channels");
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, 3e38f})
  void decode_samplesThatAreNoLevels_areRefused(float value) {
    float[] sound = TestSounds.noise(0.3, 1_600, 6);
    sound[800] = value;
    byte[] file = TestSounds.wav(TestSounds.Storage.FLOAT_32, 16_000, sound);
    assertThatThrownBy(() -> DECODER.decode(file, "nan.wav", 16_000))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Cannot decode nan.wav")
        .hasMessageContaining("expected numbers of about -1 to 1");
  }

  @Test
  void decode_longerThanTheLimit_isRefusedWithBoth() {
    byte[] file = TestSounds.wav(TestSounds.noise(0.3, 16_001, 6), 16_000);
    assertThatThrownBy(() -> new AudioDecoder(16_000).decode(file, "long.wav", 16_000))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("long.wav: it is longer than the limit of 16000 samples (1 s");
    assertThat(new AudioDecoder(16_001).decode(file, "long.wav", 16_000).samples()).hasSize(16_001);
    assertThat(new AudioDecoder(100).decode(file, "l", 16_000, new Segment(0.5, 0.505)).samples())
        .hasSize(80);
  }

  @Test
  void decode_flacThatHidesItsLength_stopsAtTheLimit() {
    // An hour of silence in a few kilobytes, whose header announces nothing.
    byte[] file =
        TestSounds.encoded(folder, new float[60 * 8_000], 8_000, "flac", "-compression_level", "8");
    for (int i = 4 + 4 + 13; i < 4 + 4 + 18; i++) {
      // The lower 36 bits before the checksum are the number of samples; 0 is "unknown".
      file[i] = i == 4 + 4 + 13 ? (byte) (file[i] & 0xf0) : 0;
    }
    assertThatThrownBy(() -> new AudioDecoder(80_000).decode(file, "bomb.flac", 16_000))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("bomb.flac: it is longer than the limit of 80000 samples");
  }

  @Test
  void decode_wavFromAPipe_isReadToItsEnd() {
    byte[] file = TestSounds.wav(TestSounds.noise(0.3, 1_600, 6), 16_000);
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(4, -1).putInt(40, -1);
    assertThat(DECODER.decode(file, "pipe.wav", 16_000).samples()).hasSize(1_600);
  }

  /** Whatever bytes change, there is sound or a typed error that names the file. */
  @ParameterizedTest
  @ValueSource(strings = {"wav", "flac", "mp3", "ogg", "opus", "m4a", "aiff", "aac"})
  void decode_damagedBytes_neverFailsOtherwise(String extension) {
    String[] options =
        switch (extension) {
          case "ogg" -> new String[] {"-c:a", "vorbis", "-strict", "-2", "-ac", "2"};
          case "opus" -> new String[] {"-c:a", "libopus"};
          default -> new String[0];
        };
    byte[] file =
        TestSounds.encoded(folder, TestSounds.melody(8_000, 16_000, 1), 16_000, extension, options);
    SplittableRandom random = new SplittableRandom(12);
    AudioDecoder decoder = new AudioDecoder(1_000_000);
    int decoded = 0;
    for (int trial = 0; trial < 150; trial++) {
      byte[] damaged =
          Arrays.copyOf(file, random.nextInt(4) == 0 ? random.nextInt(file.length) : file.length);
      for (int i = random.nextInt(12); i > 0 && damaged.length > 0; i--) {
        int reach = random.nextBoolean() ? Math.min(200, damaged.length) : damaged.length;
        damaged[random.nextInt(reach)] = (byte) random.nextInt(256);
      }
      try {
        float[] samples = decoder.decode(damaged, "damaged", 16_000).samples();
        assertThat(samples).isNotEmpty();
        decoded++;
      } catch (DataException expected) {
        assertThat(expected).hasMessageContaining("damaged");
      }
    }
    assertThat(decoded).isPositive();
  }

  @Test
  void decode_rateOutOfRange_isRefused() {
    assertThatThrownBy(() -> DECODER.decode(TestSounds.wav(new float[10], 16_000), "a.wav", 999))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("sampleRate: expected 1000 to 768000 Hz, found 999");
  }

  // threads and memory

  @Test
  void decode_fromManyThreads_isTheSame() throws Exception {
    byte[] file = TestSounds.encoded(folder, TestSounds.melody(22_050, 22_050, 2), 22_050, "mp3");
    float[] alone = DECODER.decode(file, "a", 16_000).samples();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<float[]>> calls =
          IntStream.range(0, 60)
              .<Callable<float[]>>mapToObj(i -> () -> DECODER.decode(file, "a", 16_000).samples())
              .toList();
      for (Future<float[]> result : threads.invokeAll(calls)) {
        assertThat(result.get()).isEqualTo(alone);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void decode_thousandsOfTimes_leavesNoNativeMemory() {
    byte[] good = TestSounds.encoded(folder, TestSounds.melody(11_025, 44_100, 2), 44_100, "flac");
    byte[] cut = Arrays.copyOf(good, good.length / 2);
    byte[] none = "no recording at all, only words".getBytes(US_ASCII);
    Runnable round =
        () -> {
          for (int i = 0; i < 400; i++) {
            DECODER.decode(good, "good", 16_000);
            DECODER.decode(good, "good", 44_100, new Segment(0.1, 0.15));
            assertThatThrownBy(() -> DECODER.decode(cut, "cut", 16_000))
                .isInstanceOf(DataException.class);
            assertThatThrownBy(() -> DECODER.decode(none, "none", 16_000))
                .isInstanceOf(DataException.class);
          }
        };
    round.run();
    System.gc();
    long bytes = Pointer.totalBytes();
    long count = Pointer.totalCount();
    long before = residentBytes();
    round.run();
    round.run();
    System.gc();
    assertThat(Pointer.totalBytes()).isLessThanOrEqualTo(bytes);
    assertThat(Pointer.totalCount()).isLessThanOrEqualTo(count);
    // 3,200 decodings: even 10 kB lost in each would show.
    assertThat(residentBytes() - before).isLessThan(24L << 20);
  }

  /** What FFmpeg itself allocates is not counted by the bindings; the process as a whole is. */
  private static long residentBytes() {
    return Pointer.physicalBytes() - Runtime.getRuntime().totalMemory();
  }
}
