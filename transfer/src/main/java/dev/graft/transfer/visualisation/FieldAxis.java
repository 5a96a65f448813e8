package dev.graft.transfer.visualisation;

import java.util.Optional;

/**
 * One axis of a receptive field: position {@code i} of a map depends on the pixels {@code offset +
 * i * jump} to {@code offset + i * jump + size - 1} of the image; those outside of it are padding.
 *
 * <p>A window of kernel k, stride s, dilation d and padding p before the first pixel makes of it
 *
 * <pre>
 * offset' = offset - p * jump,  size' = size + (k - 1) * d * jump,  jump' = s * jump
 * </pre>
 *
 * <p>Source: Araujo, Norris and Sim 2019, "Computing Receptive Fields of Convolutional Neural
 * Networks". Immutable, thread-safe.
 *
 * @param offset first pixel of position 0; negative where padding comes before it
 * @param size pixels of one position
 * @param jump pixels from one position to the next
 * @param length number of positions
 */
public record FieldAxis(long offset, long size, long jump, long length) {
  /** The axis of an image itself. */
  static FieldAxis ofImage(long pixels) {
    return new FieldAxis(0, 1, 1, pixels);
  }

  /** The axis after a window has slid along it; throws ArithmeticException on absurd numbers. */
  FieldAxis after(SlidingWindow window) {
    long begin = window.paddingBefore(length);
    return new FieldAxis(
        Math.subtractExact(offset, Math.multiplyExact(begin, jump)),
        Math.addExact(size, Math.multiplyExact(window.extent() - 1, jump)),
        Math.multiplyExact(jump, window.stride()),
        window.positions(length));
  }

  /** The axis with positions added in front and behind; negative numbers take them away. */
  FieldAxis padded(long before, long behind) {
    return new FieldAxis(
        Math.subtractExact(offset, Math.multiplyExact(before, jump)),
        size,
        jump,
        Math.addExact(length, Math.addExact(before, behind)));
  }

  /** What a sum of two maps depends on; empty where their positions do not lie on each other. */
  Optional<FieldAxis> union(FieldAxis other) {
    if (jump != other.jump || length != other.length) {
      return Optional.empty();
    }
    long first = Math.min(offset, other.offset);
    long end = Math.max(offset + size, other.offset + other.size);
    return Optional.of(new FieldAxis(first, end - first, jump, length));
  }

  /** First pixel of a position. */
  long start(long position) {
    return offset + position * jump;
  }
}
