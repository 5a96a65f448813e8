package dev.graft.runtime;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Walks the protobuf wire format forward, holding nothing but a small buffer: field by field, each
 * length checked against the end of the message around it before a byte of it is read.
 *
 * <p>Not thread-safe. Source: Protocol Buffers, "Encoding"
 * (https://protobuf.dev/programming-guides/encoding/).
 */
final class ProtobufCursor {

  static final int WIRE_VARINT = 0;
  static final int WIRE_FIXED64 = 1;
  static final int WIRE_LENGTH = 2;
  static final int WIRE_FIXED32 = 5;

  private static final int MAXIMUM_VARINT_BYTES = 10;

  private final InputStream input;
  private long position;

  ProtobufCursor(InputStream input) {
    this.input = new BufferedInputStream(input);
  }

  long position() {
    return position;
  }

  /**
   * Reads the next field's tag: {@code number << 3 | wire type}.
   *
   * @throws MalformedException if the bytes are no tag
   */
  int readTag(long end) throws IOException {
    long start = position;
    long tag = readVarint(end);
    if (tag < 1 << 3 || tag > 0xFFFFFFFFL) {
      throw new MalformedException("byte " + start + " begins no field (tag " + tag + ")");
    }
    return (int) tag;
  }

  /**
   * Reads a length and gives the position at which the field ends.
   *
   * @throws MalformedException if the field reaches beyond {@code end}
   */
  long readFieldEnd(long end) throws IOException {
    long start = position;
    long length = readVarint(end);
    if (length < 0 || length > end - position) {
      throw new MalformedException(
          "the field at byte "
              + start
              + " says it has "
              + Long.toUnsignedString(length)
              + " bytes, but only "
              + (end - position)
              + " follow");
    }
    return position + length;
  }

  /** Reads the text that ends at {@code fieldEnd}, of at most {@code maximumBytes} bytes. */
  String readText(long fieldEnd, int maximumBytes) throws IOException {
    long length = fieldEnd - position;
    if (length > maximumBytes) {
      throw new MalformedException(
          "the text at byte " + position + " has " + length + " bytes; at most " + maximumBytes);
    }
    byte[] bytes = input.readNBytes((int) length);
    position += bytes.length;
    if (bytes.length < length) {
      throw new MalformedException("it ends within a text at byte " + position);
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Passes over everything up to {@code target}. */
  void skipTo(long target) throws IOException {
    try {
      input.skipNBytes(target - position);
    } catch (EOFException e) {
      throw new MalformedException("it ends before byte " + target);
    }
    position = target;
  }

  /** Passes over a field whose tag was just read. */
  void skipField(int tag, long end) throws IOException {
    long target =
        switch (tag & 7) {
          case WIRE_VARINT -> {
            readVarint(end);
            yield position;
          }
          case WIRE_FIXED64 -> position + Long.BYTES;
          case WIRE_FIXED32 -> position + Integer.BYTES;
          case WIRE_LENGTH -> readFieldEnd(end);
          default ->
              throw new MalformedException(
                  "wire type " + (tag & 7) + " before byte " + position + " is not in use");
        };
    if (target > end) {
      throw new MalformedException("the field before byte " + position + " is cut short");
    }
    skipTo(target);
  }

  private long readVarint(long end) throws IOException {
    long value = 0;
    for (int i = 0; i < MAXIMUM_VARINT_BYTES; i++) {
      int next = position < end ? input.read() : -1;
      if (next < 0) {
        throw new MalformedException("it ends within a number at byte " + position);
      }
      position++;
      value |= (long) (next & 0x7F) << (7 * i);
      if (next < 0x80) {
        return value;
      }
    }
    throw new MalformedException("the number before byte " + position + " is longer than 10 bytes");
  }

  /** Bytes that are no protobuf message; the message says where and why. */
  static final class MalformedException extends IOException {
    MalformedException(String message) {
      super(message);
    }
  }
}
