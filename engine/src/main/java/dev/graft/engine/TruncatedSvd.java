package dev.graft.engine;

import java.util.SplittableRandom;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The largest singular values of a sparse matrix and their left singular vectors: of M = U S V',
 * the first columns of U and the first entries of S.
 *
 * <p>Randomised subspace iteration with orthogonalised powers (Halko, Martinsson and Tropp 2011,
 * "Finding Structure with Randomness", algorithms 4.4 and 5.1). The sign of a vector is such that
 * its largest entry is positive. Stateless and thread-safe.
 */
public final class TruncatedSvd {
  /** More directions than are asked for, of which the last are the least exact. */
  private static final int OVERSAMPLING = 16;

  /** The error of a direction shrinks with (s_next / s)^(2 rounds + 1). */
  private static final int ROUNDS = 6;

  private TruncatedSvd() {}

  /**
   * A sparse matrix by its entries, in any order; entries of the same place add up.
   *
   * @param rows number of rows
   * @param columns number of columns
   * @param rowOf the row of each entry
   * @param columnOf the column of each entry
   * @param values the entries; arrays are not copied, so do not change them afterwards
   */
  public record SparseMatrix(int rows, int columns, int[] rowOf, int[] columnOf, float[] values) {
    /** Checks that each entry has a place inside. */
    public SparseMatrix {
      if (rowOf.length != values.length || columnOf.length != values.length) {
        throw new IllegalArgumentException(
            "%d values, but %d rows and %d columns of them"
                .formatted(values.length, rowOf.length, columnOf.length));
      }
      for (int i = 0; i < values.length; i++) {
        if (rowOf[i] < 0 || rowOf[i] >= rows || columnOf[i] < 0 || columnOf[i] >= columns) {
          throw new IllegalArgumentException(
              "an entry at row %d and column %d does not lie in a matrix of %d x %d"
                  .formatted(rowOf[i], columnOf[i], rows, columns));
        }
      }
    }
  }

  /**
   * What was found.
   *
   * @param left the vectors as columns, [rows, rank]
   * @param values the singular values, falling, [rank]
   */
  public record Factors(FloatTensor left, float[] values) {}

  /**
   * Factorises.
   *
   * @param rank number of singular values, at least 1 and at most the smaller side of the matrix
   * @param seed of the random directions with which the search begins
   * @throws IllegalArgumentException for a rank out of range
   */
  public static Factors of(SparseMatrix matrix, int rank, long seed) {
    int smaller = Math.min(matrix.rows, matrix.columns);
    if (rank < 1 || rank > smaller) {
      throw new IllegalArgumentException(
          "a rank of 1 to " + smaller + " is expected, found " + rank);
    }
    Libtorch.load();
    int directions = Math.min(smaller, rank + OVERSAMPLING);
    try (PointerScope scope = new PointerScope();
        AutoGradMode inference = new AutoGradMode(false)) {
      Tensor entries = sparse(matrix);
      Tensor across = entries.t();
      Tensor basis = orthogonal(torch.mm(entries, random(matrix.columns, directions, seed)));
      for (int round = 0; round < ROUNDS; round++) {
        basis = orthogonal(torch.mm(entries, orthogonal(torch.mm(across, basis))));
      }
      // M is close to Q Q' M, whose left vectors are Q times those of the small B B', B = Q' M.
      Tensor image = torch.mm(across, basis); // B' [columns, directions]
      T_TensorTensor_T small = torch.linalg_eigh(torch.mm(image.t(), image));
      Tensor squares = small.get0().flip(0).narrow(0, 0, rank).clamp_min(new Scalar(0.0));
      Tensor left = torch.mm(basis, small.get1().flip(1).narrow(1, 0, rank)); // [rows, rank]
      return new Factors(
          signed(NativeTensors.toJava(left)), NativeTensors.toJava(squares.sqrt()).values());
    }
  }

  private static Tensor sparse(SparseMatrix matrix) {
    int count = matrix.values.length;
    try (LongPointer places = new LongPointer(2L * count)) {
      for (int i = 0; i < count; i++) {
        places.put(i, matrix.rowOf[i]);
        places.put((long) count + i, matrix.columnOf[i]);
      }
      Tensor indices =
          torch
              .from_blob(places, new long[] {2, count}, new TensorOptions(ScalarType.Long))
              .clone();
      return torch
          .sparse_coo_tensor(
              indices, NativeTensors.of(matrix.values, count), matrix.rows, matrix.columns)
          .coalesce();
    }
  }

  /** Columns that are orthonormal and span the same. */
  private static Tensor orthogonal(Tensor columns) {
    return torch.linalg_qr(columns).get0();
  }

  /** Draws by Box and Muller 1958, [rows, columns]. */
  private static Tensor random(int rows, int columns, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[Math.multiplyExact(rows, columns)];
    for (int i = 0; i < values.length; i++) {
      double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
      values[i] = (float) (radius * StrictMath.cos(2 * StrictMath.PI * random.nextDouble()));
    }
    return NativeTensors.of(values, rows, columns);
  }

  private static FloatTensor signed(FloatTensor left) {
    int rank = left.width();
    float[] values = left.values();
    for (int column = 0; column < rank; column++) {
      float largest = 0;
      for (int at = column; at < values.length; at += rank) {
        largest = Math.abs(values[at]) > Math.abs(largest) ? values[at] : largest;
      }
      for (int at = column; at < values.length && largest < 0; at += rank) {
        values[at] = -values[at];
      }
    }
    return left;
  }
}
