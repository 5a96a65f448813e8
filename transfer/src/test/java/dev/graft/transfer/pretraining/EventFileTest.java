package dev.graft.transfer.pretraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.transfer.TransferException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EventFileTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.ofEpochSecond(1_700_000_000, 250_000_000), ZoneOffset.UTC);

  private Path folder;

  @BeforeEach
  void choose(@TempDir Path empty) {
    folder = empty;
  }

  /** What a record says; a kind that a message has not is null or 0. */
  private record Event(double wallTime, long step, String text, float value) {}

  @Test
  void open_emptyFolder_writesVersionAndStartUnderAHostFreeName() throws IOException {
    try (EventFile events = EventFile.open(folder.resolve("curves"), 0, CLOCK)) {
      assertThat(events.file())
          .isEqualTo(folder.resolve("curves").resolve("events.out.tfevents.1700000000.graft"));
      // On disk before the first point is.
      assertThat(read(events.file()))
          .containsExactly(
              new Event(1_700_000_000.25, 0, "version brain.Event:2", 0),
              new Event(1_700_000_000.25, 0, "start", 0));
    }
  }

  @Test
  void scalar_points_areReadBack() throws IOException {
    Path file;
    try (EventFile events = EventFile.open(folder, 0, CLOCK)) {
      file = events.file();
      events.scalar("train/loss", 0, 0);
      events.scalar("train/loss", 300, 2.5);
      events.scalar("Fläche \u00e9", 1L << 40, -1e30);
      events.scalar("lost", 5, Double.NaN);
    }
    assertThat(read(file).subList(2, 6))
        .containsExactly(
            new Event(1_700_000_000.25, 0, "train/loss", 0),
            new Event(1_700_000_000.25, 300, "train/loss", 2.5f),
            new Event(1_700_000_000.25, 1L << 40, "Fläche \u00e9", -1e30f),
            new Event(1_700_000_000.25, 5, "lost", Float.NaN));
  }

  // The bytes that TensorBoard 2.21's own classes make of these events (Event.SerializeToString in
  // a record of its RecordWriter).
  @Test
  void open_andOnePoint_givesTheBytesThatTensorBoardWrites() throws IOException {
    Path file;
    try (EventFile events = EventFile.open(folder, 301, CLOCK)) {
      file = events.file();
      events.scalar("train/loss", 300, 2.5);
    }
    assertThat(HexFormat.of().formatHex(Files.readAllBytes(file)))
        .isEqualTo(
            "1800000000000000a37f4b220900001040fc54d9411a0d627261696e2e457665"
                + "6e743a32338d2fe9"
                + "100000000000000095fbfe180900001040fc54d94110ad023a020801cb79b93b"
                + "2100000000000000017becf60900001040fc54d94110ac022a130a110a0a7472"
                + "61696e2f6c6f737315000020408dabcc7d");
  }

  @Test
  void flush_openFile_makesPointsVisible() throws IOException {
    try (EventFile events = EventFile.open(folder, 0, CLOCK)) {
      events.scalar("loss", 1, 1);
      events.flush();
      assertThat(read(events.file())).hasSize(3);
    }
  }

  @Test
  void open_afterAKill_writesAFurtherFileThatStartsWhereTheRunGoesOn() throws IOException {
    Path first;
    try (EventFile events = EventFile.open(folder, 0, CLOCK)) {
      first = events.file();
    }
    byte[] before = Files.readAllBytes(first);
    // The same second, as if the clock stood still or was set back.
    try (EventFile events = EventFile.open(folder, 41, CLOCK)) {
      assertThat(events.file().getFileName()).hasToString("events.out.tfevents.1700000001.graft");
      assertThat(read(events.file()).get(1)).isEqualTo(new Event(1_700_000_000.25, 41, "start", 0));
    }
    assertThat(first).hasBinaryContent(before);
  }

  @Test
  void open_folderThatIsAFile_saysWhatToDo() throws IOException {
    Path file = Files.writeString(folder.resolve("taken"), "");
    assertThatThrownBy(() -> EventFile.open(file, 0))
        .isInstanceOfSatisfying(
            TransferException.class,
            failure -> assertThat(failure.reason()).isEqualTo(TransferException.Cause.ENVIRONMENT))
        .hasMessageStartingWith("Writing the curves for TensorBoard to " + file + " failed: ")
        .hasMessageContaining("Check that the folder may be written and the disk has room");
  }

  // A reader of its own: framing by TFRecord's description, the checksum bit by bit.

  private static List<Event> read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<Event> events = new ArrayList<>();
    while (bytes.hasRemaining()) {
      byte[] length = take(bytes, 8);
      assertThat(bytes.getInt()).isEqualTo(masked(length));
      byte[] message =
          take(bytes, (int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong());
      assertThat(bytes.getInt()).isEqualTo(masked(message));
      events.add(event(ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN)));
    }
    return events;
  }

  /** CRC-32C (Castagnoli): the reflected polynomial 0x82f63b78. */
  private static int masked(byte[] content) {
    int crc = -1;
    for (byte one : content) {
      crc ^= one & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
      }
    }
    crc = ~crc;
    return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
  }

  private static Event event(ByteBuffer message) {
    double wallTime = 0;
    long step = 0;
    String text = "";
    float value = 0;
    while (message.hasRemaining()) {
      switch ((int) varint(message)) {
        case 1 << 3 | 1 -> wallTime = message.getDouble();
        case 2 << 3 -> step = varint(message);
        case 3 << 3 | 2 -> text = "version " + text(message);
        case 7 << 3 | 2 -> {
          assertThat(take(message, (int) varint(message))).containsExactly(1 << 3, 1);
          text = "start";
        }
        case 5 << 3 | 2 -> {
          assertThat(varint(message)).isEqualTo(message.remaining());
          assertThat(varint(message)).isEqualTo(1 << 3 | 2);
          assertThat(varint(message)).isEqualTo(message.remaining());
          assertThat(varint(message)).isEqualTo(1 << 3 | 2);
          text = text(message);
          assertThat(varint(message)).isEqualTo(2 << 3 | 5);
          value = message.getFloat();
        }
        default -> throw new AssertionError("an unknown field before byte " + message.position());
      }
    }
    return new Event(wallTime, step, text, value);
  }

  private static String text(ByteBuffer message) {
    return new String(take(message, (int) varint(message)), StandardCharsets.UTF_8);
  }

  private static long varint(ByteBuffer message) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = message.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  private static byte[] take(ByteBuffer bytes, int count) {
    byte[] taken = new byte[count];
    bytes.get(taken);
    return taken;
  }
}
