package dev.graft.transfer.features;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.CRC32C;

/**
 * The bytes of a segment, which is a pair of files.
 *
 * <p>{@code NAME.rows}: rows of {@code width} float32 values, little-endian, nothing else. {@code
 * NAME.index}: for each row, in the same order, 40 bytes: the key's digest (32), CRC-32C of the
 * row's bytes (4, little-endian), CRC-32C of the 36 bytes before (4, little-endian). An entry is
 * appended after its row.
 */
final class SegmentFormat {

  static final String ROWS_SUFFIX = ".rows";
  static final String INDEX_SUFFIX = ".index";
  static final int DIGEST_BYTES = 32;
  static final int ENTRY_BYTES = DIGEST_BYTES + 2 * Integer.BYTES;
  private static final int ENTRY_CHECKED_BYTES = ENTRY_BYTES - Integer.BYTES;

  private SegmentFormat() {}

  /** SHA-256 over the length of the content hash (4 bytes), the content hash and the view. */
  static byte[] digest(RowKey key) {
    byte[] content = key.contentHash().getBytes(StandardCharsets.UTF_8);
    // The length keeps ("ab", "c") and ("a", "bc") apart.
    byte[] length = ByteBuffer.allocate(Integer.BYTES).putInt(content.length).array();
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(length);
      sha256.update(content);
      sha256.update(key.view().getBytes(StandardCharsets.UTF_8));
      return sha256.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static byte[] encode(float[] features) {
    ByteBuffer bytes =
        ByteBuffer.allocate(features.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(features);
    return bytes.array();
  }

  static void decode(byte[] row, float[] features) {
    ByteBuffer.wrap(row).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(features);
  }

  static int checksum(byte[] bytes) {
    return checksum(bytes, 0, bytes.length);
  }

  private static int checksum(byte[] bytes, int offset, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, offset, length);
    return (int) checksum.getValue();
  }

  static void putEntry(byte[] entries, int offset, byte[] digest, int rowChecksum) {
    ByteBuffer target = littleEndian(entries);
    target.put(offset, digest).putInt(offset + DIGEST_BYTES, rowChecksum);
    target.putInt(offset + ENTRY_CHECKED_BYTES, checksum(entries, offset, ENTRY_CHECKED_BYTES));
  }

  /** Whether the entry at this offset is as it was written. */
  static boolean isWhole(byte[] entries, int offset) {
    int stored = littleEndian(entries).getInt(offset + ENTRY_CHECKED_BYTES);
    return stored == checksum(entries, offset, ENTRY_CHECKED_BYTES);
  }

  static RowDigest digestAt(byte[] entries, int offset) {
    ByteBuffer bytes = ByteBuffer.wrap(entries);
    return new RowDigest(bytes.getLong(offset), bytes.getLong(offset + Long.BYTES));
  }

  static int rowChecksumAt(byte[] entries, int offset) {
    return littleEndian(entries).getInt(offset + DIGEST_BYTES);
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
