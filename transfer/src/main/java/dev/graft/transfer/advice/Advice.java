package dev.graft.transfer.advice;

import dev.graft.data.DatasetKind;
import dev.graft.data.LeftOut;
import java.util.List;
import java.util.Map;

/**
 * Whether transfer makes sense for a task, and what to do. Values only; immutable, thread-safe.
 *
 * @param data what was looked at
 * @param backbones the candidates, the best first
 * @param baselines what is reached without transfer, the best first
 * @param verdict what the comparisons show
 * @param next what to train next
 * @param headline the advice in one sentence
 * @param reasons what it rests on, in sentences
 * @param seconds duration of each step by its name, in order
 * @param seed of everything random
 */
public record Advice(
    Data data,
    List<RatedBackbone> backbones,
    List<Baseline> baselines,
    Verdict verdict,
    NextStep next,
    String headline,
    List<String> reasons,
    Map<String, Double> seconds,
    long seed) {
  /**
   * The data.
   *
   * @param name name of the folder, archive or table
   * @param kind what its examples are
   * @param trainCounts training examples of each class
   * @param examined how many were looked at
   * @param judged how many of them were held out once and judged by
   * @param method how they were held out, in words
   * @param leftOut files that were not used and why
   */
  public record Data(
      String name,
      DatasetKind kind,
      Map<String, Integer> trainCounts,
      int examined,
      int judged,
      String method,
      List<LeftOut> leftOut) {
    /** All training examples. */
    public int examples() {
      return trainCounts.values().stream().mapToInt(Integer::intValue).sum();
    }
  }

  /** The best candidate. */
  public RatedBackbone best() {
    return backbones.get(0);
  }
}
