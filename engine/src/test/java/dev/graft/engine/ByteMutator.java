package dev.graft.engine;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Damages a file as a bad disk, a broken download or an attacker does who knows no format. */
final class ByteMutator {
  private ByteMutator() {}

  /**
   * The damaged bytes.
   *
   * @param other another file, a part of which may be spliced in
   */
  static byte[] mutate(byte[] file, byte[] other, SplittableRandom random) {
    return switch (random.nextInt(6)) {
      case 0 -> truncated(file, random);
      case 1 -> spliced(file, other, random);
      case 2 -> repeated(file, random);
      case 3 -> overwritten(file, random);
      default -> flipped(file, random);
    };
  }

  private static byte[] flipped(byte[] file, SplittableRandom random) {
    byte[] bytes = file.clone();
    // The structure of a file lies densest at its two ends; weights fill the middle.
    int reach = random.nextBoolean() ? bytes.length : Math.min(bytes.length, 400);
    for (int i = random.nextInt(1, 9); i > 0; i--) {
      int place = random.nextInt(reach);
      int index = random.nextBoolean() ? place : bytes.length - 1 - place;
      bytes[index] =
          (byte)
              (random.nextBoolean() ? bytes[index] ^ (1 << random.nextInt(8)) : random.nextInt());
    }
    return bytes;
  }

  private static byte[] truncated(byte[] file, SplittableRandom random) {
    return Arrays.copyOf(file, random.nextInt(file.length));
  }

  private static byte[] spliced(byte[] file, byte[] other, SplittableRandom random) {
    int head = random.nextInt(file.length);
    int tail = random.nextInt(other.length);
    byte[] bytes = Arrays.copyOf(file, head + other.length - tail);
    System.arraycopy(other, tail, bytes, head, other.length - tail);
    return bytes;
  }

  /** A stretch of the file a second time, right behind itself. */
  private static byte[] repeated(byte[] file, SplittableRandom random) {
    int from = random.nextInt(file.length);
    int length = random.nextInt(1, Math.min(200, file.length - from) + 1);
    byte[] bytes = Arrays.copyOf(file, file.length + length);
    System.arraycopy(file, from, bytes, from + length, file.length - from);
    return bytes;
  }

  /** The largest numbers that the format can state, wherever they fall. */
  private static byte[] overwritten(byte[] file, SplittableRandom random) {
    byte[] bytes = file.clone();
    int from = random.nextInt(bytes.length);
    int to = Math.min(bytes.length, from + random.nextInt(1, 10));
    Arrays.fill(bytes, from, to, (byte) 0xff);
    if (random.nextBoolean()) {
      bytes[to - 1] = 1;
    }
    return bytes;
  }
}
