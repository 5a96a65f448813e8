package dev.graft.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.bytedeco.javacpp.BytePointer;
import org.junit.jupiter.api.Test;

final class ArchiveChannelTest {
  @Test
  void call_fullDisk_isToldByFinishAlone() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "no device that is always full");
    Libtorch.load();
    try (FileChannel channel = FileChannel.open(full, StandardOpenOption.WRITE);
        ArchiveChannel archive = new ArchiveChannel(channel);
        BytePointer bytes = new BytePointer((byte) 1, (byte) 2, (byte) 3)) {
      // Throwing here would throw through libtorch.
      assertThat(archive.call(bytes, 3)).isEqualTo(3);
      assertThat(archive.call(bytes, 3)).isEqualTo(3);
      assertThatThrownBy(archive::finish).isInstanceOf(IOException.class);
    }
  }
}
