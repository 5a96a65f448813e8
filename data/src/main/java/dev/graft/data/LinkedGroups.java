package dev.graft.data;

/** Connected components that grow link by link (union-find with path halving and union by size). */
final class LinkedGroups {
  private final int[] parent;
  private final int[] size;
  private long pairs;
  private int largest = 1;

  LinkedGroups(int members) {
    parent = Splitter.ungrouped(members);
    size = new int[members];
    java.util.Arrays.fill(size, 1);
  }

  void link(int a, int b) {
    pairs++;
    int rootA = groupOf(a);
    int rootB = groupOf(b);
    if (rootA == rootB) {
      return;
    }
    int larger = size[rootA] >= size[rootB] ? rootA : rootB;
    int smaller = larger == rootA ? rootB : rootA;
    parent[smaller] = larger;
    size[larger] += size[smaller];
    largest = Math.max(largest, size[larger]);
  }

  int groupOf(int member) {
    int at = member;
    while (parent[at] != at) {
      parent[at] = parent[parent[at]];
      at = parent[at];
    }
    return at;
  }

  long pairs() {
    return pairs;
  }

  int largest() {
    return largest;
  }
}
