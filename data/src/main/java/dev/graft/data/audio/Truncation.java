package dev.graft.data.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.util.Optional;

/**
 * Finds files whose end is missing where decoding would not notice: WAV, of which FFmpeg takes what
 * is there, and Ogg, which states no length (RFC 3533, section 6).
 */
final class Truncation {
  private static final int HEAD_BYTES = 12;
  private static final int CHUNK_HEAD_BYTES = 8;
  private static final int MOST_CHUNKS = 1_000;

  /** What writes to a pipe cannot know its length and states one near a power of two. */
  private static final long UNKNOWN_FROM = 0x7fff0000L;

  private static final int OGG_PAGE_HEAD_BYTES = 27;
  private static final int LARGEST_OGG_PAGE = OGG_PAGE_HEAD_BYTES + 255 + 255 * 255;

  private final SeekableByteChannel channel;

  private Truncation(SeekableByteChannel channel) {
    this.channel = channel;
  }

  /**
   * What is missing, as the second half of a sentence, where something is; the channel is back at
   * its start afterwards.
   */
  static Optional<String> find(SeekableByteChannel channel) throws IOException {
    Truncation truncation = new Truncation(channel);
    ByteBuffer head = truncation.bytes(0, HEAD_BYTES);
    Optional<String> missing = Optional.empty();
    if (tag(head, 0).equals("RIFF") && tag(head, 8).equals("WAVE")) {
      missing = truncation.wave();
    } else if (tag(head, 0).equals("OggS")) {
      missing = truncation.ogg();
    }
    channel.position(0);
    return missing;
  }

  private Optional<String> wave() throws IOException {
    long at = HEAD_BYTES;
    for (int i = 0; i < MOST_CHUNKS; i++) {
      ByteBuffer chunk = bytes(at, CHUNK_HEAD_BYTES);
      if (chunk.limit() < CHUNK_HEAD_BYTES) {
        return Optional.empty();
      }
      long size = chunk.getInt(4) & 0xffffffffL;
      at += CHUNK_HEAD_BYTES;
      if (tag(chunk, 0).equals("data")) {
        long there = channel.size() - at;
        return size < UNKNOWN_FROM && there < size
            ? Optional.of(
                "its header announces " + size + " bytes of samples, " + there + " are there")
            : Optional.empty();
      }
      at += size + (size & 1);
    }
    return Optional.empty();
  }

  private Optional<String> ogg() throws IOException {
    long size = channel.size();
    long from = Math.max(0, size - LARGEST_OGG_PAGE);
    ByteBuffer end = bytes(from, LARGEST_OGG_PAGE);
    int page = end.limit() - 4;
    while (page >= 0 && !tag(end, page).equals("OggS")) {
      page--;
    }
    if (page < 0) {
      return Optional.empty();
    }
    int segments =
        page + OGG_PAGE_HEAD_BYTES <= end.limit()
            ? end.get(page + OGG_PAGE_HEAD_BYTES - 1) & 0xff
            : 0;
    int length = OGG_PAGE_HEAD_BYTES + segments;
    for (int i = 0; i < segments; i++) {
      int at = page + OGG_PAGE_HEAD_BYTES + i;
      length += at < end.limit() ? end.get(at) & 0xff : 0;
    }
    return page + length > end.limit() ? Optional.of("its last page is cut off") : Optional.empty();
  }

  private ByteBuffer bytes(long at, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    channel.position(at);
    while (buffer.hasRemaining() && channel.read(buffer) > 0) {
      // Reads on.
    }
    return buffer.flip();
  }

  private static String tag(ByteBuffer buffer, int at) {
    if (at + 4 > buffer.limit()) {
      return "";
    }
    StringBuilder tag = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      tag.append((char) (buffer.get(at + i) & 0xff));
    }
    return tag.toString();
  }
}
