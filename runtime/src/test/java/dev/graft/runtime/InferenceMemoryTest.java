package dev.graft.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InferenceMemoryTest {

  private static final Path PROCESS = Path.of("/proc/self/status");

  @Test
  void run_oneHugeImage_givesItsNativeMemoryBack() throws IOException {
    assumeTrue(Files.isReadable(PROCESS), "the resident size is read from " + PROCESS);
    byte[] huge = new byte[6000 * 4000 * 3];
    Arrays.fill(huge, (byte) 7);
    byte[] model = TestModels.preprocessingOnly(64, 64).build().toByteArray();
    try (InferenceSession session =
        InferenceSession.open(model, "preprocessing", InferenceOptions.defaults())) {
      session.run(Map.of("image", TensorValue.ofBytes(new byte[300 * 300 * 3], 1, 300, 300, 3)));
      long before = residentBytes();
      session.run(Map.of("image", TensorValue.ofBytes(huge, 1, 4000, 6000, 3)));
      // The model's copies take 72 + 288 MB; what may stay is the 72 MB input until it is
      // collected.
      assertThat(residentBytes() - before).isLessThan(180_000_000);
    }
  }

  @Test
  void take_afterGivingBack_reusesTheSmallestFittingBuffer() {
    DirectBuffers buffers = new DirectBuffers();
    ByteBuffer small = buffers.take(1000);
    ByteBuffer large = buffers.take(1_000_000);
    buffers.giveBack(large);
    buffers.giveBack(small);
    ByteBuffer again = buffers.take(500);
    assertThat(again).isSameAs(small);
    assertThat(again.limit()).isEqualTo(500);
    assertThat(buffers.take(500)).isSameAs(large);
    assertThat(buffers.take(0).limit()).isZero();
  }

  @Test
  void giveBack_moreThanAreKept_dropsTheOldest() {
    DirectBuffers buffers = new DirectBuffers();
    ByteBuffer[] taken = new ByteBuffer[5];
    for (int i = 0; i < 5; i++) {
      taken[i] = buffers.take(100);
    }
    for (ByteBuffer buffer : taken) {
      buffers.giveBack(buffer);
    }
    for (int i = 1; i < 5; i++) {
      assertThat(buffers.take(100)).isSameAs(taken[i]);
    }
    assertThat(buffers.take(100)).isNotSameAs(taken[0]);
  }

  @Test
  void giveBack_hugeBuffer_isNotKept() {
    DirectBuffers buffers = new DirectBuffers();
    ByteBuffer huge = buffers.take(20 << 20);
    buffers.giveBack(huge);
    assertThat(buffers.take(20 << 20)).isNotSameAs(huge);
  }

  @Test
  void options_outOfRange_areNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InferenceOptions.defaults().withThreads(0))
        .withMessage("InferenceOptions.threads is 0; expected 1 to 1024");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InferenceOptions.defaults().withMaximumModelBytes(1L << 31))
        .withMessageContaining("maximumModelBytes is 2147483648; expected 1 to 2147483647");
  }

  private static long residentBytes() throws IOException {
    return Files.readAllLines(PROCESS).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .findFirst()
            .orElseThrow()
        * 1024;
  }
}
