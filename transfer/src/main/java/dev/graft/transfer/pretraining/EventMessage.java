package dev.graft.transfer.pretraining;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The three kinds of TensorBoard's Event message that Graft writes, in protobuf's wire format.
 *
 * <p>Field numbers are those of TensorFlow's event.proto and summary.proto; as in proto3, a step of
 * 0 is left out.
 */
final class EventMessage {
  private static final String VERSION = "brain.Event:2";

  private static final int VARINT = 0;
  private static final int FIXED_64 = 1;
  private static final int LENGTH = 2;
  private static final int FIXED_32 = 5;

  private static final int EVENT_WALL_TIME = 1;
  private static final int EVENT_STEP = 2;
  private static final int EVENT_FILE_VERSION = 3;
  private static final int EVENT_SUMMARY = 5;
  private static final int EVENT_SESSION_LOG = 7;
  private static final int SUMMARY_VALUE = 1;
  private static final int VALUE_TAG = 1;
  private static final int VALUE_SIMPLE = 2;
  private static final int SESSION_STATUS = 1;
  private static final int STATUS_START = 1;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private EventMessage() {}

  /** The first message of every file. */
  static byte[] version(double wallTime) {
    return event(wallTime, 0).text(EVENT_FILE_VERSION, VERSION).bytes();
  }

  /** A run begins at a step: what was written of it and of later steps before holds no more. */
  static byte[] start(double wallTime, long step) {
    byte[] session = new EventMessage().varint(SESSION_STATUS, STATUS_START).bytes();
    return event(wallTime, step).length(EVENT_SESSION_LOG, session).bytes();
  }

  /** One number of a step. */
  static byte[] scalar(double wallTime, long step, String tag, float value) {
    byte[] one = new EventMessage().text(VALUE_TAG, tag).single(VALUE_SIMPLE, value).bytes();
    byte[] summary = new EventMessage().length(SUMMARY_VALUE, one).bytes();
    return event(wallTime, step).length(EVENT_SUMMARY, summary).bytes();
  }

  private static EventMessage event(double wallTime, long step) {
    EventMessage event = new EventMessage();
    event.key(EVENT_WALL_TIME, FIXED_64);
    event.bytes.writeBytes(littleEndian(8).putDouble(wallTime).array());
    return step == 0 ? event : event.varint(EVENT_STEP, step);
  }

  private EventMessage varint(int field, long value) {
    key(field, VARINT);
    varint(value);
    return this;
  }

  private EventMessage single(int field, float value) {
    key(field, FIXED_32);
    bytes.writeBytes(littleEndian(4).putFloat(value).array());
    return this;
  }

  private EventMessage text(int field, String value) {
    return length(field, value.getBytes(StandardCharsets.UTF_8));
  }

  private EventMessage length(int field, byte[] content) {
    key(field, LENGTH);
    varint(content.length);
    bytes.writeBytes(content);
    return this;
  }

  private void key(int field, int wireType) {
    bytes.write((field << 3) | wireType); // one byte holds fields up to 15
  }

  /** Seven bits a byte, lowest first; all but the last byte have the high bit set. */
  private void varint(long value) {
    long rest = value;
    while (rest >>> 7 != 0) {
      bytes.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    bytes.write((int) rest);
  }

  private static ByteBuffer littleEndian(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private byte[] bytes() {
    return bytes.toByteArray();
  }
}
