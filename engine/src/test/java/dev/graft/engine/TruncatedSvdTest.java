package dev.graft.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.graft.engine.TruncatedSvd.Factors;
import dev.graft.engine.TruncatedSvd.SparseMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class TruncatedSvdTest {
  private static final int ROWS = 60;
  private static final int COLUMNS = 45;

  /** Entries at a fifth of the places. */
  private static SparseMatrix random(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<int[]> places = new ArrayList<>();
    List<Float> values = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      for (int column = 0; column < COLUMNS; column++) {
        if (random.nextInt(5) == 0) {
          places.add(new int[] {row, column});
          values.add((float) (random.nextDouble() - 0.3));
        }
      }
    }
    float[] entries = new float[values.size()];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = values.get(i);
    }
    return new SparseMatrix(
        ROWS,
        COLUMNS,
        places.stream().mapToInt(place -> place[0]).toArray(),
        places.stream().mapToInt(place -> place[1]).toArray(),
        entries);
  }

  /** M M' x, which is s^2 x for each left singular vector x. */
  private static double[] squared(SparseMatrix matrix, double[] x) {
    double[] across = new double[COLUMNS];
    double[] back = new double[ROWS];
    for (int i = 0; i < matrix.values().length; i++) {
      across[matrix.columnOf()[i]] += matrix.values()[i] * x[matrix.rowOf()[i]];
    }
    for (int i = 0; i < matrix.values().length; i++) {
      back[matrix.rowOf()[i]] += matrix.values()[i] * across[matrix.columnOf()[i]];
    }
    return back;
  }

  @Test
  void of_sparseMatrix_vectorsAreThoseOfTheSquaredMatrix() {
    SparseMatrix matrix = random(3);
    int rank = 8;
    Factors factors = TruncatedSvd.of(matrix, rank, 1);
    assertThat(factors.left().shape()).containsExactly(ROWS, rank);
    for (int k = 0; k < rank; k++) {
      double[] vector = new double[ROWS];
      double length = 0;
      double largest = 0;
      for (int row = 0; row < ROWS; row++) {
        vector[row] = factors.left().values()[row * rank + k];
        length += vector[row] * vector[row];
        largest = Math.abs(vector[row]) > Math.abs(largest) ? vector[row] : largest;
      }
      assertThat(length).isCloseTo(1, within(1e-4));
      assertThat(largest).isPositive();
      double square = factors.values()[k] * factors.values()[k];
      double[] image = squared(matrix, vector);
      for (int row = 0; row < ROWS; row++) {
        // The last of the vectors that are searched for converge slowest.
        assertThat(image[row]).isCloseTo(square * vector[row], within(0.02 * square));
      }
      if (k > 0) {
        assertThat(factors.values()[k]).isLessThanOrEqualTo(factors.values()[k - 1]);
      }
    }
  }

  @Test
  void of_allOfTheRank_squaresAddUpToTheSquaresOfTheEntries() {
    SparseMatrix matrix = random(4);
    double entries = 0;
    for (float value : matrix.values()) {
      entries += value * value;
    }
    double squares = 0;
    for (float value : TruncatedSvd.of(matrix, COLUMNS, 1).values()) {
      squares += value * value;
    }
    assertThat(squares).isCloseTo(entries, within(1e-4 * entries));
  }

  @Test
  void of_sameSeed_sameFactors() {
    SparseMatrix matrix = random(5);
    assertThat(TruncatedSvd.of(matrix, 4, 7).left().values())
        .isEqualTo(TruncatedSvd.of(matrix, 4, 7).left().values());
  }

  @Test
  void of_entriesOfOnePlace_addUp() {
    SparseMatrix matrix =
        new SparseMatrix(
            2, 3, new int[] {0, 1, 1}, new int[] {2, 0, 0}, new float[] {3, 0.5f, 0.5f});
    Factors factors = TruncatedSvd.of(matrix, 2, 1);
    assertThat(factors.values()[0]).isCloseTo(3, within(1e-5f));
    assertThat(factors.values()[1]).isCloseTo(1, within(1e-5f));
    assertThat(factors.left().values()[0]).isCloseTo(1, within(1e-5f));
  }

  @Test
  void of_rankOrPlaceOutOfRange_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TruncatedSvd.of(random(1), 46, 1))
        .withMessage("a rank of 1 to 45 is expected, found 46");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SparseMatrix(2, 2, new int[] {0}, new int[] {2}, new float[] {1}))
        .withMessage("an entry at row 0 and column 2 does not lie in a matrix of 2 x 2");
  }
}
