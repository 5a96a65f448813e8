package dev.graft.transfer.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights that later runs find. */
final class KeptWeightsTest {
  private static final int VALUES = 1000;
  private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");

  private final Path cache;

  KeptWeightsTest(@TempDir Path cache) {
    this.cache = cache;
  }

  private static Map<String, float[]> weights(float value) {
    float[] values = new float[VALUES];
    values[7] = value;
    return Map.of("layer.weight", values);
  }

  private Path file(String key) {
    return cache.resolve("trained").resolve(key + ".bin");
  }

  private void lastUsed(String key, Instant when) throws IOException {
    Files.setLastModifiedTime(file(key), FileTime.from(when));
  }

  @Test
  void of_anotherInstanceKeptThem_sameValues() {
    KeptWeights.inCache(cache).keep("ab", weights(3));

    assertThat(KeptWeights.inCache(cache).of("ab").orElseThrow().get("layer.weight"))
        .isEqualTo(weights(3).get("layer.weight"));
    assertThat(KeptWeights.inCache(cache).of("cd")).isEmpty();
  }

  @Test
  void of_turnedBit_noneRatherThanOthers() throws IOException {
    KeptWeights.inCache(cache).keep("ab", weights(3));
    byte[] content = Files.readAllBytes(file("ab"));
    content[content.length / 2] ^= 1;
    Files.write(file("ab"), content);

    assertThat(KeptWeights.inCache(cache).of("ab")).isEmpty();
  }

  @Test
  void of_lengthsThatTheFileCannotHold_noneAndNothingIsAllocated() throws IOException {
    for (int[] lengths : new int[][] {{-1}, {Integer.MAX_VALUE}, {1, -1}, {1, 1 << 30}, {1, 0}}) {
      ByteBuffer bytes = ByteBuffer.allocate(4 * lengths.length + 4).order(ByteOrder.LITTLE_ENDIAN);
      Arrays.stream(lengths).forEach(bytes::putInt);
      CRC32C crc = new CRC32C();
      crc.update(bytes.array(), 0, bytes.position());
      bytes.putInt((int) crc.getValue());
      Files.createDirectories(cache.resolve("trained"));
      Files.write(file("ab"), bytes.array());

      assertThat(KeptWeights.inCache(cache).of("ab")).as(Arrays.toString(lengths)).isEmpty();
    }
  }

  @Test
  void keep_noFolderCanBeMade_saysSoAndTheRunGoesOn() throws IOException {
    Path file = Files.writeString(cache.resolve("trained"), "in the way");

    assertThat(KeptWeights.inCache(cache).keep("ab", weights(3)).orElseThrow())
        .contains("cannot be kept in " + file, "the run goes on");
  }

  @Test
  void keep_noRoomForAll_whatWasUsedLongestAgoGoes() throws IOException {
    KeptWeights two = KeptWeights.bounded(cache, 10L * VALUES);
    two.keep("aa", weights(1));
    two.keep("bb", weights(2));
    lastUsed("aa", LONG_AGO);
    lastUsed("bb", LONG_AGO.plusSeconds(1));
    assertThat(two.of("aa")).isPresent();

    two.keep("cc", weights(3));

    assertThat(two.of("aa")).isPresent();
    assertThat(two.of("bb")).isEmpty();
    assertThat(two.of("cc")).isPresent();
  }

  @Test
  void keep_leftoversOfKilledRun_goFirst() throws IOException {
    KeptWeights two = KeptWeights.bounded(cache, 10L * VALUES);
    two.keep("aa", weights(1));
    Path leftover = cache.resolve("trained").resolve(".partial-1");
    Files.write(leftover, new byte[4 * VALUES]);
    Files.setLastModifiedTime(leftover, FileTime.from(LONG_AGO));

    two.keep("bb", weights(2));

    assertThat(leftover).doesNotExist();
    assertThat(two.of("aa")).isPresent();
  }
}
