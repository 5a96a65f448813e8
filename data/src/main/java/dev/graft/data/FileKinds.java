package dev.graft.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Optional;

/** What a file holds: by its extension where that is known, else by its first bytes. */
final class FileKinds {
  private static final int START_BYTES = 12;

  private FileKinds() {}

  static Optional<DatasetKind> of(FileTree.Entry entry) {
    Optional<DatasetKind> byName = DatasetKind.ofFileName(entry.path());
    return byName.isPresent() ? byName : ofContent(start(entry));
  }

  private static byte[] start(FileTree.Entry entry) {
    try {
      if (entry.source() instanceof ExampleSource.FileSource file) {
        try (InputStream in = Files.newInputStream(file.file())) {
          return in.readNBytes(START_BYTES);
        }
      }
      byte[] all = entry.source().read();
      return Arrays.copyOf(all, Math.min(all.length, START_BYTES));
    } catch (IOException | DataException unreadable) {
      // Without a known extension and without content it is simply not data; the caller leaves it
      // out by name.
      return new byte[0];
    }
  }

  private static Optional<DatasetKind> ofContent(byte[] start) {
    if (begins(start, 0, 0xff, 0xd8, 0xff)
        || begins(start, 0, 0x89, 'P', 'N', 'G')
        || begins(start, 0, 'G', 'I', 'F', '8')
        || begins(start, 0, 'I', 'I', 42, 0)
        || begins(start, 0, 'M', 'M', 0, 42)
        || (begins(start, 0, 'R', 'I', 'F', 'F') && begins(start, 8, 'W', 'E', 'B', 'P'))) {
      return Optional.of(DatasetKind.IMAGE);
    }
    if (begins(start, 0, 'f', 'L', 'a', 'C')
        || begins(start, 0, 'O', 'g', 'g', 'S')
        || begins(start, 0, 'I', 'D', '3')
        || begins(start, 4, 'f', 't', 'y', 'p', 'M', '4', 'A')
        || (begins(start, 0, 'F', 'O', 'R', 'M') && begins(start, 8, 'A', 'I', 'F'))
        || (begins(start, 0, 'R', 'I', 'F', 'F') && begins(start, 8, 'W', 'A', 'V', 'E'))) {
      return Optional.of(DatasetKind.AUDIO);
    }
    return Optional.empty();
  }

  private static boolean begins(byte[] bytes, int at, int... expected) {
    if (bytes.length < at + expected.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if ((bytes[at + i] & 0xff) != expected[i]) {
        return false;
      }
    }
    return true;
  }
}
