package dev.graft.transfer.pretraining;

import dev.graft.engine.TruncatedSvd.SparseMatrix;
import java.util.Arrays;
import java.util.List;

/**
 * How often tokens stand near each other, a place counting one by its distance.
 *
 * @param pairs first token times 2^32 plus second token, rising, each once; both orders are there
 * @param counts of each pair
 */
record TokenNeighbours(long[] pairs, double[] counts) {
  /** Pairs that are held before those that are alike are added up: 400 MB at most. */
  private static final int CHUNK = 1 << 24;

  /** More tokens tell little more, and take minutes. */
  private static final long MOST_TOKENS = 20_000_000;

  /**
   * Counts; of texts with more than {@value #MOST_TOKENS} tokens, some that are spread evenly over
   * all.
   *
   * @param reach the largest distance of two places
   */
  static TokenNeighbours count(List<int[]> texts, int reach) {
    long tokens = texts.stream().mapToLong(text -> text.length).sum();
    double share = Math.min(1, (double) MOST_TOKENS / Math.max(1, tokens));
    TokenNeighbours all = new TokenNeighbours(new long[0], new double[0]);
    Chunk chunk = new Chunk();
    double due = 0;
    for (int[] text : texts) {
      due += share;
      if (due < 1) {
        continue;
      }
      due -= 1;
      for (int i = 0; i < text.length; i++) {
        for (int distance = 1; distance <= reach && i + distance < text.length; distance++) {
          chunk.add(text[i], text[i + distance], 1.0 / distance);
        }
      }
      if (chunk.isNearlyFull(text.length, reach)) {
        all = all.with(chunk.summed());
        chunk = new Chunk();
      }
    }
    return all.with(chunk.summed());
  }

  /** Pairs in the order in which they were met. */
  private static final class Chunk {
    private long[] pairs = new long[1 << 16];
    private float[] counts = new float[1 << 16];
    private int size;

    void add(int token, int other, double count) {
      put(token, other, count);
      put(other, token, count);
    }

    private void put(int token, int other, double count) {
      if (size == pairs.length) {
        pairs = Arrays.copyOf(pairs, 2 * size);
        counts = Arrays.copyOf(counts, 2 * size);
      }
      pairs[size] = (long) token << Integer.SIZE | other;
      counts[size++] = (float) count;
    }

    boolean isNearlyFull(int lastLength, int reach) {
      return size + 2L * lastLength * reach > CHUNK;
    }

    TokenNeighbours summed() {
      // Sums are looked up by the rank of their pair, so that pairs sort without their counts.
      long[] sorted = Arrays.copyOf(pairs, size);
      Arrays.parallelSort(sorted);
      int distinct = 0;
      for (int i = 0; i < size; i++) {
        if (i == 0 || sorted[i] != sorted[distinct - 1]) {
          sorted[distinct++] = sorted[i];
        }
      }
      long[] own = Arrays.copyOf(sorted, distinct);
      double[] sums = new double[distinct];
      for (int i = 0; i < size; i++) {
        sums[Arrays.binarySearch(own, pairs[i])] += counts[i];
      }
      return new TokenNeighbours(own, sums);
    }
  }

  private TokenNeighbours with(TokenNeighbours other) {
    long[] merged = new long[pairs.length + other.pairs.length];
    double[] sums = new double[merged.length];
    int size = 0;
    int i = 0;
    int j = 0;
    while (i < pairs.length || j < other.pairs.length) {
      boolean own = j == other.pairs.length || (i < pairs.length && pairs[i] <= other.pairs[j]);
      boolean both = own && j < other.pairs.length && pairs[i] == other.pairs[j];
      merged[size] = own ? pairs[i] : other.pairs[j];
      sums[size++] = (own ? counts[i] : 0) + (both || !own ? other.counts[j] : 0);
      i += own ? 1 : 0;
      j += both || !own ? 1 : 0;
    }
    return new TokenNeighbours(Arrays.copyOf(merged, size), Arrays.copyOf(sums, size));
  }

  /**
   * The positive pointwise mutual information of tokens (rows) and their neighbours (columns).
   *
   * @param vocabulary number of tokens
   * @param smoothing the power of the neighbours' counts, below 1 to make rare ones less surprising
   */
  SparseMatrix positiveInformation(int vocabulary, double smoothing) {
    double[] perToken = new double[vocabulary];
    for (int i = 0; i < pairs.length; i++) {
      perToken[token(i)] += counts[i];
    }
    double smoothed = 0;
    for (double count : perToken) {
      smoothed += Math.pow(count, smoothing);
    }
    int[] rows = new int[pairs.length];
    int[] columns = new int[pairs.length];
    float[] values = new float[pairs.length];
    int size = 0;
    for (int i = 0; i < pairs.length; i++) {
      int neighbour = (int) pairs[i];
      double expected = perToken[token(i)] * Math.pow(perToken[neighbour], smoothing) / smoothed;
      double information = Math.log(counts[i] / expected);
      if (information > 0) {
        rows[size] = token(i);
        columns[size] = neighbour;
        values[size++] = (float) information;
      }
    }
    return new SparseMatrix(
        vocabulary,
        vocabulary,
        Arrays.copyOf(rows, size),
        Arrays.copyOf(columns, size),
        Arrays.copyOf(values, size));
  }

  private int token(int pair) {
    return (int) (pairs[pair] >>> Integer.SIZE);
  }
}
