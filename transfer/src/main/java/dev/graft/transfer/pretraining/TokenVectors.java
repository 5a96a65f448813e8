package dev.graft.transfer.pretraining;

import dev.graft.engine.TruncatedSvd;
import dev.graft.engine.TruncatedSvd.Factors;
import java.util.List;

/**
 * What the neighbours of each token in many texts say about it, before any label is looked at: a
 * vector of length 1, and how rare the token is.
 *
 * <pre>
 *   count(a, b) = sum over places of a and b at most 5 apart of 1 / distance
 *   share(b) = count(b)^0.75 / sum over tokens of count^0.75
 *   M(a, b) = max(0, log(count(a, b) / (count(a) share(b))))
 *   M = U S V',  vector(a) = row a of U S^0.5, scaled to length 1
 *   rarity(a) = 1 + log((1 + texts) / (1 + texts with a)), divided by its mean over tokens in use,
 *   and 0 for those that no text has
 * </pre>
 *
 * <p>Positive pointwise mutual information with a smoothed context and half of the spectrum is what
 * Levy, Goldberg and Dagan 2015 ("Improving Distributional Similarity with Lessons Learned from
 * Word Embeddings", sections 3 and 7) found best for factorised counts. A token without neighbours
 * has a vector of zeros.
 *
 * @param width numbers in a vector
 * @param vectors [tokens, width], row-major; not copied, so do not change them
 * @param rarity one number of at least 0 for each token; not copied either
 */
public record TokenVectors(int width, float[] vectors, float[] rarity) {
  private static final int REACH = 5;
  private static final double CONTEXT_SMOOTHING = 0.75;
  private static final double LEAST_LENGTH = 1e-6;

  /** Checks the lengths. */
  public TokenVectors {
    if (width < 1 || vectors.length != (long) rarity.length * width) {
      throw new IllegalArgumentException(
          "%d tokens with %d numbers each are expected, found %d numbers"
              .formatted(rarity.length, width, vectors.length));
    }
  }

  /**
   * Learns them.
   *
   * @param texts the tokens of each text, numbers of 0 to {@code vocabulary - 1}
   * @param vocabulary number of tokens
   * @param width numbers in a vector; those beyond the number of tokens are 0
   * @param seed of the random directions with which the factorisation begins
   */
  public static TokenVectors learn(List<int[]> texts, int vocabulary, int width, long seed) {
    TokenNeighbours counts = TokenNeighbours.count(texts, REACH);
    float[] vectors = new float[Math.multiplyExact(vocabulary, width)];
    int rank = Math.min(width, vocabulary);
    Factors factors =
        TruncatedSvd.of(counts.positiveInformation(vocabulary, CONTEXT_SMOOTHING), rank, seed);
    for (int token = 0; token < vocabulary; token++) {
      double square = 0;
      for (int k = 0; k < rank; k++) {
        float value =
            factors.left().values()[token * rank + k] * (float) Math.sqrt(factors.values()[k]);
        vectors[token * width + k] = value;
        square += value * value;
      }
      double length = Math.sqrt(square);
      for (int at = token * width; at < (token + 1) * width; at++) {
        vectors[at] = length < LEAST_LENGTH ? 0 : (float) (vectors[at] / length);
      }
    }
    return new TokenVectors(width, vectors, rarity(texts, vocabulary));
  }

  private static float[] rarity(List<int[]> texts, int vocabulary) {
    int[] textsWith = new int[vocabulary];
    int[] lastText = new int[vocabulary];
    for (int text = 0; text < texts.size(); text++) {
      for (int token : texts.get(text)) {
        if (lastText[token] != text + 1) {
          lastText[token] = text + 1;
          textsWith[token]++;
        }
      }
    }
    float[] rarity = new float[vocabulary];
    double sum = 0;
    int inUse = 0;
    for (int token = 0; token < vocabulary; token++) {
      double value = 1 + Math.log((1.0 + texts.size()) / (1 + textsWith[token]));
      if (textsWith[token] > 0) {
        rarity[token] = (float) value;
        sum += value;
        inUse++;
      }
    }
    double mean = inUse == 0 ? 1 : sum / inUse;
    for (int token = 0; token < vocabulary; token++) {
      rarity[token] = (float) (rarity[token] / mean);
    }
    return rarity;
  }
}
