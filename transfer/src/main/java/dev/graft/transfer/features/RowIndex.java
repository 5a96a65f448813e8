package dev.graft.transfer.features;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the location of a row by its digest: an open-addressing hash table over flat arrays, about
 * 45 bytes a row, where a map of objects would take 110.
 *
 * <p>Slots hold entry number + 1. Entries are only ever appended; putting a digest again appends
 * another entry and points the slot to it. A slot is written with release and read with acquire
 * semantics, after the entry it points to, so that readers take no lock and never see half an
 * entry. Any number of threads may read; one thread at a time may write.
 */
final class RowIndex {

  private static final VarHandle SLOTS = MethodHandles.arrayElementVarHandle(int[].class);
  private static final int LEAST_ENTRIES = 64;

  private volatile Table table = new Table(LEAST_ENTRIES);
  private int size;

  /** The location of a row, or null. */
  @Nullable RowLocation find(RowDigest digest) {
    Table current = table;
    int entry = current.entryAt(current.slotOf(digest));
    return entry < 0 ? null : current.location(entry);
  }

  /** Notes the location of a row; replaces an earlier one. For one thread at a time. */
  void put(RowDigest digest, RowLocation location) {
    if (table.isFull()) {
      // Twice the rows that are still pointed to: replaced entries do not make the table grow.
      Table larger = new Table(Math.max(LEAST_ENTRIES, 2 * size));
      table.copyTo(larger);
      table = larger;
    }
    if (table.put(digest, location)) {
      size++;
    }
  }

  /** The number of different rows. For the thread that writes. */
  int size() {
    return size;
  }

  private static final class Table {

    private final int[] slots;
    private final long[] high;
    private final long[] low;
    private final int[] segment;
    private final int[] row;
    private final int[] checksum;
    private int entries;

    Table(int capacity) {
      int slotCount = Integer.highestOneBit(Math.max(2, 2 * capacity - 1)) << 1;
      this.slots = new int[slotCount];
      this.high = new long[capacity];
      this.low = new long[capacity];
      this.segment = new int[capacity];
      this.row = new int[capacity];
      this.checksum = new int[capacity];
    }

    boolean isFull() {
      return entries == high.length;
    }

    /** The slot that points to the digest's entry, or the empty one where it belongs. */
    int slotOf(RowDigest digest) {
      // SHA-256 bytes are evenly spread already: no further mixing.
      int slot = (int) digest.low() & (slots.length - 1);
      for (int entry = entryAt(slot); entry >= 0; entry = entryAt(slot)) {
        if (low[entry] == digest.low() && high[entry] == digest.high()) {
          return slot;
        }
        slot = (slot + 1) & (slots.length - 1);
      }
      return slot;
    }

    int entryAt(int slot) {
      return (int) SLOTS.getAcquire(slots, slot) - 1;
    }

    RowLocation location(int entry) {
      return new RowLocation(segment[entry], row[entry], checksum[entry]);
    }

    /** Appends an entry; says whether the digest is new. */
    boolean put(RowDigest digest, RowLocation location) {
      int slot = slotOf(digest);
      boolean isNew = entryAt(slot) < 0;
      high[entries] = digest.high();
      low[entries] = digest.low();
      segment[entries] = location.segment();
      row[entries] = location.row();
      checksum[entries] = location.checksum();
      entries++;
      SLOTS.setRelease(slots, slot, entries);
      return isNew;
    }

    void copyTo(Table larger) {
      Arrays.stream(slots)
          .filter(slot -> slot > 0)
          .map(slot -> slot - 1)
          .forEach(entry -> larger.put(new RowDigest(high[entry], low[entry]), location(entry)));
    }
  }
}
