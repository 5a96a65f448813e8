package dev.graft.transfer.doctor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Labels that are likely wrong, by confident learning (Northcutt, Jiang and Chuang 2021, sections
 * 3.1 and 4): the threshold of a class is the mean probability that its own examples give it, t_c =
 * mean of p_c over the examples labelled c.
 *
 * <p>An example counts as wrong where, among the classes with p_c >= t_c, the likeliest is not its
 * label; that many examples are listed. They are ranked by the normalised margin max over c !=
 * label of (p_c - t_c) - (p_label - t_label), and only those above 0 are.
 */
final class SuspectLabels {
  private SuspectLabels() {}

  /**
   * An example with a suspect label.
   *
   * @param row its number
   * @param suggested the class that it looks like
   * @param score its normalised margin, above 0
   */
  record Suspect(int row, int suggested, double score) {}

  /**
   * The suspects, the likeliest first.
   *
   * @param labels class of each example
   * @param probabilities [examples, classes], out-of-fold
   * @param fewest classes with fewer examples are neither judged nor suggested
   */
  static List<Suspect> of(int[] labels, float[] probabilities, int classes, int fewest) {
    double[] thresholds = new double[classes];
    int[] counts = new int[classes];
    for (int i = 0; i < labels.length; i++) {
      thresholds[labels[i]] += probabilities[i * classes + labels[i]];
      counts[labels[i]]++;
    }
    for (int c = 0; c < classes; c++) {
      // Nothing looks like a class of which too little is known.
      thresholds[c] =
          counts[c] < Math.max(1, fewest) ? Double.POSITIVE_INFINITY : thresholds[c] / counts[c];
    }
    List<Suspect> all = new ArrayList<>();
    int wrong = 0;
    for (int i = 0; i < labels.length; i++) {
      if (counts[labels[i]] >= fewest) {
        float[] own = Arrays.copyOfRange(probabilities, i * classes, (i + 1) * classes);
        wrong += isWrong(own, thresholds, labels[i]) ? 1 : 0;
        Suspect suspect = suspect(i, own, thresholds, labels[i]);
        if (suspect.score > 0) {
          all.add(suspect);
        }
      }
    }
    all.sort(Comparator.comparingDouble(Suspect::score).reversed());
    return List.copyOf(all.subList(0, Math.min(wrong, all.size())));
  }

  private static boolean isWrong(float[] own, double[] thresholds, int label) {
    int likeliest = -1;
    for (int c = 0; c < own.length; c++) {
      if (own[c] >= thresholds[c] && (likeliest < 0 || own[c] > own[likeliest])) {
        likeliest = c;
      }
    }
    return likeliest >= 0 && likeliest != label;
  }

  private static Suspect suspect(int row, float[] own, double[] thresholds, int label) {
    int best = label == 0 ? 1 : 0;
    for (int c = 0; c < own.length; c++) {
      if (c != label && own[c] - thresholds[c] > own[best] - thresholds[best]) {
        best = c;
      }
    }
    return new Suspect(row, best, own[best] - thresholds[best] - (own[label] - thresholds[label]));
  }
}
