package dev.graft.transfer.wakeword;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Sounds to train on, and a fifth of them, at least one, to judge by. */
record HoldOut(List<float[]> train, List<float[]> heldOut) {
  private static final int HELD_OUT = 5;
  private static final double LONGEST_PIECE_SECONDS = 30;
  private static final double SHORTEST_PIECE_SECONDS = 2;
  private static final int LEAST_PIECES = 10;

  /** Copies the lists. */
  HoldOut {
    train = List.copyOf(train);
    heldOut = List.copyOf(heldOut);
  }

  /** Draws by a seed; of a single sound both sides hear all. */
  static HoldOut of(List<float[]> sounds, long seed) {
    List<float[]> shuffled = new ArrayList<>(sounds);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = shuffled.size() - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      float[] kept = shuffled.get(i);
      shuffled.set(i, shuffled.get(other));
      shuffled.set(other, kept);
    }
    int held = Math.max(1, shuffled.size() / HELD_OUT);
    return shuffled.size() == 1
        ? new HoldOut(shuffled, shuffled)
        : new HoldOut(shuffled.subList(held, shuffled.size()), shuffled.subList(0, held));
  }

  /** Cuts long recordings, so that a part of each may be held out. */
  static List<float[]> pieces(List<float[]> sounds, int sampleRate) {
    double seconds = sounds.stream().mapToDouble(s -> (double) s.length / sampleRate).sum();
    double longest =
        Math.min(LONGEST_PIECE_SECONDS, Math.max(SHORTEST_PIECE_SECONDS, seconds / LEAST_PIECES));
    int most = (int) (longest * sampleRate);
    List<float[]> pieces = new ArrayList<>();
    for (float[] sound : sounds) {
      int count = (sound.length + most - 1) / most;
      for (int i = 0; i < count; i++) {
        int from = (int) ((long) sound.length * i / count);
        int to = (int) ((long) sound.length * (i + 1) / count);
        pieces.add(Arrays.copyOfRange(sound, from, to));
      }
    }
    return pieces;
  }
}
