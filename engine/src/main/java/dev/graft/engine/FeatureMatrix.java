package dev.graft.engine;

import java.util.Optional;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Features of many examples in native memory, [rows, columns] in fp32, filled row by row. Not
 * thread-safe. Close it to free the memory.
 */
public final class FeatureMatrix implements AutoCloseable {
  /** More rows make the covariance hardly better than it is, and take longer than a fit saves. */
  private static final int COVARIANCE_ROWS_PER_COLUMN = 4;

  /** Beside the passes over more rows than this a column, the products of weights are little. */
  private static final int ROWS_PER_AXIS = 4;

  private static final int MOST_AXES = 2_048;

  /**
   * Finding the axes takes as long as so many third powers of their number of the multiplications
   * that an evaluation takes: ten, in double precision, and slower ones. At 30, axes are not found
   * for 3,000 texts in 150 classes, where 1,024 of them took 0.4 s more than they saved, and are
   * for 200 photos in two, which take 0.2 s with them and 1.4 s without.
   */
  private static final int FINDING_COST = 30;

  /** How often a matrix is evaluated by what searches in it, about. */
  private static final int EVALUATIONS = 50;

  /** How many Cholesky factors it would need with their inverses, about: one for each penalty. */
  private static final int FACTORS = 5;

  private final int rows;
  private final int columns;
  private final Tensor tensor;
  private final FloatPointer data;
  private @Nullable Tensor covariance;
  private @Nullable PrincipalAxes axes;

  /** Allocates a matrix of zeros. */
  public FeatureMatrix(int rows, int columns) {
    Libtorch.load();
    this.rows = rows;
    this.columns = columns;
    try (TensorOptions floats = new TensorOptions(ScalarType.Float)) {
      this.tensor = torch.zeros(new long[] {rows, columns}, floats);
    }
    this.data = tensor.data_ptr_float();
  }

  /** The number of examples. */
  public int rows() {
    return rows;
  }

  /** The number of features of an example. */
  public int columns() {
    return columns;
  }

  /** Writes the features of one example. */
  public void setRow(int row, float[] features) {
    if (row < 0 || row >= rows || features.length != columns) {
      throw new IllegalArgumentException(
          "row "
              + row
              + " with "
              + features.length
              + " features does not fit into "
              + rows
              + " x "
              + columns);
    }
    forget();
    data.position((long) row * columns).put(features, 0, columns);
    data.position(0);
  }

  /**
   * The products of some rows with all rows of another matrix, X Y', [end - first, rows of the
   * other].
   *
   * @param first the first of those rows
   * @param end the row after the last of them
   * @param other has as many columns
   */
  public FloatTensor products(int first, int end, FeatureMatrix other) {
    if (first < 0 || end > rows || first >= end || other.columns != columns) {
      throw new IllegalArgumentException(
          "rows "
              + first
              + " to "
              + end
              + " of "
              + rows
              + " x "
              + columns
              + " cannot be multiplied with "
              + other.rows
              + " x "
              + other.columns);
    }
    try (PointerScope scope = new PointerScope();
        AutoGradMode inference = new AutoGradMode(false)) {
      return NativeTensors.toJava(
          torch.matmul(tensor.narrow(0, first, end - first), other.tensor.t()));
    }
  }

  Tensor tensor() {
    return tensor;
  }

  /**
   * About X' X / rows, [columns, columns]; computed once. Of many rows only every so-many-th
   * counts: what steers a search need not be exact.
   */
  Tensor covariance() {
    if (covariance == null) {
      Tensor kept;
      try (PointerScope scope = new PointerScope();
          AutoGradMode inference = new AutoGradMode(false)) {
        Tensor some =
            tensor.slice(0, new LongOptional(0), new LongOptional(rows), covarianceStep());
        kept = torch.matmul(some.t(), some).div_(new Scalar((double) some.size(0)));
        kept.retainReference();
      }
      covariance = kept;
    }
    return covariance;
  }

  private long covarianceStep() {
    return Math.max(1, rows / (COVARIANCE_ROWS_PER_COLUMN * columns));
  }

  /**
   * The features along their principal axes, computed once, where a search for so many rows of
   * weights is shorter for it; otherwise empty, unless they are there already.
   */
  Optional<PrincipalAxes> axes(int weights) {
    if (axes == null) {
      if (!axesSaveTime(weights)) {
        return Optional.empty();
      }
      axes = PrincipalAxes.of(tensor).orElse(null);
    }
    return Optional.ofNullable(axes);
  }

  /** Finding many axes for few weights takes longer than it saves. */
  private boolean axesSaveTime(int weights) {
    int most = Math.min(rows, columns);
    if (rows > ROWS_PER_AXIS * (long) columns || most > MOST_AXES) {
      return false;
    }
    double square = (double) columns * columns;
    double evaluation = 2.0 * weights * (square + rows * (double) (columns - most));
    double saved = EVALUATIONS * evaluation + FACTORS * square * columns;
    return FINDING_COST * Math.pow(most, 3) < saved;
  }

  private void forget() {
    if (covariance != null) {
      covariance.releaseReference();
      covariance = null;
    }
    if (axes != null) {
      axes.close();
      axes = null;
    }
  }

  @Override
  public void close() {
    forget();
    tensor.close();
  }
}
