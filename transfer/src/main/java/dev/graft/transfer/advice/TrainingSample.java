package dev.graft.transfer.advice;

import dev.graft.data.Dataset;
import dev.graft.data.Example;
import dev.graft.data.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * The training part alone, or a seeded sample of it in which each class has its share: what is not
 * looked at is not read.
 */
final class TrainingSample {
  /** What a class keeps where its share is less, so that each fold has some of it. */
  private static final int LEAST_OF_A_CLASS = 5;

  private TrainingSample() {}

  static Dataset of(Dataset dataset, int most, long seed) {
    List<Example> all = dataset.part(Part.TRAIN);
    List<Example> kept = all.size() <= most ? all : sample(all, most, seed);
    return dataset.withParts(Map.of(Part.TRAIN, kept));
  }

  private static List<Example> sample(List<Example> all, int most, long seed) {
    Map<String, List<Example>> byClass = new TreeMap<>();
    all.forEach(one -> byClass.computeIfAbsent(one.label(), label -> new ArrayList<>()).add(one));
    SplittableRandom random = new SplittableRandom(seed);
    List<Example> kept = new ArrayList<>();
    for (List<Example> own : byClass.values()) {
      for (int i = own.size() - 1; i > 0; i--) {
        int j = random.nextInt(i + 1);
        Example moved = own.get(i);
        own.set(i, own.get(j));
        own.set(j, moved);
      }
      long share = Math.round((double) most * own.size() / all.size());
      kept.addAll(own.subList(0, (int) Math.min(own.size(), Math.max(LEAST_OF_A_CLASS, share))));
    }
    return kept;
  }
}
