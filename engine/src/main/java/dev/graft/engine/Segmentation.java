package dev.graft.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Cuts a program into segments whose activations are computed again in the backward pass (Chen et
 * al. 2016, "Training Deep Nets with Sublinear Memory Cost", section 4).
 *
 * <p>A cut is legal behind a step where one tensor alone carries gradients on. The cuts are chosen
 * so that the tensors at the cuts, which stay, and the activations of the largest segment take the
 * fewest bytes together: for each of several budgets a segment is closed at the last legal cut
 * before it would exceed the budget (their algorithm 3), and the best of these plans is taken.
 */
final class Segmentation {
  /** Budgets that are tried, each smaller than the one before by the same factor. */
  private static final int BUDGETS = 40;

  /** From all activations down to a thousandth of them. */
  private static final double BUDGET_FACTOR = Math.pow(1e-3, 1.0 / BUDGETS);

  private static final Set<String> WITHOUT_GRADIENT = Set.of("Shape", "Size");

  /**
   * A place where a program may be cut.
   *
   * @param step index of the step behind it
   * @param slot the tensor that carries gradients on
   */
  private record Cut(int step, int slot) {}

  private final List<Program.Step> steps;
  private final Map<String, Integer> inputSlots;
  private final int[] outputSlots;

  /** Whether a gradient flows back through the slot's value. */
  private final boolean[] differentiable;

  private final int first;
  private final List<Cut> cuts = new ArrayList<>();

  /**
   * @param trainable names of the weights that train
   */
  Segmentation(Program program, Collection<String> trainable) {
    steps = program.steps();
    inputSlots = program.inputSlots();
    outputSlots = program.outputSlots();
    differentiable = new boolean[slotCount()];
    for (String name : trainable) {
      Integer slot = inputSlots.get(name);
      if (slot != null) {
        differentiable[slot] = true;
      }
    }
    first = firstDifferentiable();
    findCuts();
  }

  private int slotCount() {
    int count = 0;
    for (Program.Step step : steps) {
      for (int slot : step.inputs()) {
        count = Math.max(count, slot + 1);
      }
      for (int slot : step.outputs()) {
        count = Math.max(count, slot + 1);
      }
    }
    for (int slot : inputSlots.values()) {
      count = Math.max(count, slot + 1);
    }
    return count;
  }

  /** Marks what depends on the weights that train; gives the index of the first such step. */
  private int firstDifferentiable() {
    int found = steps.size();
    for (int i = 0; i < steps.size(); i++) {
      Program.Step step = steps.get(i);
      boolean depends =
          !WITHOUT_GRADIENT.contains(step.node().operator())
              && Arrays.stream(step.inputs()).anyMatch(slot -> slot >= 0 && differentiable[slot]);
      if (depends) {
        Arrays.stream(step.outputs())
            .filter(slot -> slot >= 0)
            .forEach(slot -> differentiable[slot] = true);
        found = Math.min(found, i);
      }
    }
    return found;
  }

  private void findCuts() {
    Map<Integer, Integer> lastUse = new HashMap<>();
    for (int i = 0; i < steps.size(); i++) {
      for (int slot : steps.get(i).inputs()) {
        lastUse.put(slot, i);
      }
    }
    Arrays.stream(outputSlots).forEach(slot -> lastUse.put(slot, steps.size()));
    Set<Integer> crossing = new TreeSet<>();
    for (int i = first; i < steps.size() - 1; i++) {
      int step = i;
      Arrays.stream(steps.get(i).outputs())
          .filter(slot -> slot >= 0 && differentiable[slot])
          .forEach(crossing::add);
      crossing.removeIf(slot -> lastUse.getOrDefault(slot, -1) <= step);
      if (crossing.size() == 1) {
        int slot = crossing.iterator().next();
        // What stays must not be overwritten by the first, gradient-free pass.
        boolean overwritten = steps.stream().anyMatch(s -> s.overwrites() && s.inputs()[0] == slot);
        if (!overwritten) {
          cuts.add(new Cut(i + 1, slot));
        }
      }
    }
  }

  /**
   * The segments in order, the first of which may be one through which no gradient flows.
   *
   * @param bytes what each step's results take
   */
  List<Segment> plan(long[] bytes) {
    List<Cut> best = List.of();
    double total = Arrays.stream(bytes).skip(first).sum();
    double least = peak(best, bytes);
    for (double budget = total; budget > total * 1e-3; budget *= BUDGET_FACTOR) {
      List<Cut> chosen = within(budget, bytes);
      double peak = peak(chosen, bytes);
      if (peak < least) {
        least = peak;
        best = chosen;
      }
    }
    return segments(best);
  }

  private List<Cut> within(double budget, long[] bytes) {
    List<Cut> chosen = new ArrayList<>();
    int from = first;
    for (int i = 0; i < cuts.size(); i++) {
      int end = i + 1 < cuts.size() ? cuts.get(i + 1).step() : steps.size();
      if (sum(bytes, from, end) > budget) {
        chosen.add(cuts.get(i));
        from = cuts.get(i).step();
      }
    }
    return chosen;
  }

  private double peak(List<Cut> chosen, long[] bytes) {
    double kept = 0;
    double largest = 0;
    int from = first;
    for (Cut cut : chosen) {
      kept += bytes[producer(cut)];
      largest = Math.max(largest, sum(bytes, from, cut.step()));
      from = cut.step();
    }
    return kept + Math.max(largest, sum(bytes, from, steps.size()));
  }

  private int producer(Cut cut) {
    for (int i = cut.step() - 1; i >= 0; i--) {
      if (Arrays.stream(steps.get(i).outputs()).anyMatch(slot -> slot == cut.slot())) {
        return i;
      }
    }
    throw new IllegalStateException("no step computes slot " + cut.slot());
  }

  private static double sum(long[] bytes, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += bytes[i];
    }
    return sum;
  }

  private List<Segment> segments(List<Cut> chosen) {
    List<Segment> segments = new ArrayList<>();
    int from = 0;
    int entry = -1;
    if (first > 0 && first < steps.size()) {
      segments.add(segment(0, first, -1, -1));
      from = first;
    }
    for (Cut cut : chosen) {
      segments.add(segment(from, cut.step(), entry, cut.slot()));
      from = cut.step();
      entry = cut.slot();
    }
    segments.add(segment(from, steps.size(), entry, -1));
    return segments;
  }

  private Segment segment(int from, int to, int entry, int exit) {
    Set<Integer> read = new TreeSet<>();
    steps.subList(from, to).stream()
        .flatMapToInt(step -> Arrays.stream(step.inputs()))
        .forEach(read::add);
    if (to == steps.size()) {
      Arrays.stream(outputSlots).forEach(read::add);
    }
    List<String> given =
        inputSlots.entrySet().stream()
            .filter(entrySlot -> read.contains(entrySlot.getValue()))
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    return new Segment(from, to, entry, exit, given);
  }
}
