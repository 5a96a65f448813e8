package dev.graft.data.text;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.BitSet;
import java.util.Deque;
import java.util.Optional;

/**
 * The character map of sentence pieces ("precompiled_charsmap"): a double-array trie of UTF-8
 * bytes, whose leaves tell where the replacement begins in a text of parts that end with NUL.
 *
 * <p>The native library follows it without looking, so that every way through the trie is walked
 * here once. The layout is that of Darts-clone: of a unit, bits 0 to 7 and 31 are the label, bit 8
 * says that a value follows, bit 9 scales the offset by 256, and bits 10 to 30 are the offset; of a
 * value, bits 0 to 30 count.
 */
final class CharacterMap {
  private static final int LABEL = 0x8000_00ff;
  private static final int LEAF = 1 << 8;
  private static final int WIDE = 1 << 9;

  private final int[] units;
  private final byte[] replacements;

  private CharacterMap(int[] units, byte[] replacements) {
    this.units = units;
    this.replacements = replacements;
  }

  /** What is wrong with a map, as the second half of a sentence; empty where nothing is. */
  static Optional<String> problem(String base64) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      return Optional.of("is no Base64");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int trieBytes = bytes.length < 4 ? -1 : buffer.getInt();
    if (trieBytes < 4 || trieBytes % 4 != 0 || trieBytes > buffer.remaining()) {
      return Optional.of("does not hold the trie that it announces");
    }
    int[] units = new int[trieBytes / 4];
    for (int i = 0; i < units.length; i++) {
      units[i] = buffer.getInt();
    }
    byte[] replacements = new byte[buffer.remaining()];
    buffer.get(replacements);
    if (!isUtf8(replacements)) {
      return Optional.of("has replacements that are no UTF-8");
    }
    return new CharacterMap(units, replacements).isSound()
        ? Optional.empty()
        : Optional.of("leads out of its own trie");
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).hasArray();
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private boolean isSound() {
    BitSet seen = new BitSet(units.length);
    Deque<Integer> open = new ArrayDeque<>();
    if (!visit(offset(units[0]), seen, open)) {
      return false;
    }
    while (!open.isEmpty()) {
      int node = open.removeLast();
      for (int label = 1; label < 256; label++) {
        int at = node ^ label;
        if (at >= units.length) {
          return false;
        }
        int unit = units[at];
        if ((unit & LABEL) != label) {
          continue;
        }
        int next = at ^ offset(unit);
        if ((unit & LEAF) != 0
            && (next >= units.length || !isReplacement(units[next] & Integer.MAX_VALUE))) {
          return false;
        }
        if (!visit(next, seen, open)) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean visit(int node, BitSet seen, Deque<Integer> open) {
    if (node < 0 || node >= units.length) {
      return false;
    }
    if (!seen.get(node)) {
      seen.set(node);
      open.addLast(node);
    }
    return true;
  }

  private static int offset(int unit) {
    return (unit >>> 10) << ((unit & WIDE) >>> 6);
  }

  /** Whether a replacement may begin there: at a character, or at the end. */
  private boolean isReplacement(int place) {
    return place == replacements.length
        || (place < replacements.length && (replacements[place] & 0xc0) != 0x80);
  }
}
