package dev.graft.transfer.doctor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Examples that are joined to groups; examples with equal files are from the start. */
final class LikeGroups {
  private final int[] parents;

  /** One group for each content hash. */
  LikeGroups(List<String> hashes) {
    parents = IntStream.range(0, hashes.size()).toArray();
    Map<String, Integer> firsts = new HashMap<>();
    for (int i = 0; i < parents.length; i++) {
      Integer first = firsts.putIfAbsent(hashes.get(i), i);
      parents[i] = first == null ? i : first;
    }
  }

  /** Makes one group of the groups of two examples; the earliest member is its root. */
  void join(int one, int other) {
    int a = root(one);
    int b = root(other);
    parents[Math.max(a, b)] = Math.min(a, b);
  }

  private int root(int member) {
    int at = member;
    while (parents[at] != at) {
      at = parents[at];
    }
    return at;
  }

  /** The groups with at least two members, members ascending, in the order of their first ones. */
  List<int[]> groups() {
    Map<Integer, List<Integer>> members = new LinkedHashMap<>();
    for (int i = 0; i < parents.length; i++) {
      members.computeIfAbsent(root(i), key -> new ArrayList<>()).add(i);
    }
    return members.values().stream()
        .filter(group -> group.size() > 1)
        .map(group -> group.stream().mapToInt(Integer::intValue).toArray())
        .toList();
  }
}
