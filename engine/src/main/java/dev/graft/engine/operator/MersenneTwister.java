package dev.graft.engine.operator;

/**
 * The generator MT19937, so that a seed in a graph gives the numbers that the reference
 * implementation of ONNX gives, which draws them with NumPy.
 *
 * <p>Source: Matsumoto and Nishimura, "Mersenne Twister", ACM TOMACS 8 (1998); doubles of 53 bits
 * as in their genrand_res53. Not thread-safe.
 */
final class MersenneTwister {
  private static final int STATE_WORDS = 624;
  private static final int SHIFT = 397;

  private final int[] state = new int[STATE_WORDS];
  private int next = STATE_WORDS;

  MersenneTwister(int seed) {
    state[0] = seed;
    for (int i = 1; i < STATE_WORDS; i++) {
      state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    }
  }

  /** A double in [0, 1). */
  double nextDouble() {
    int high = nextWord() >>> 5;
    int low = nextWord() >>> 6;
    return (high * 67108864.0 + low) / 9007199254740992.0;
  }

  private int nextWord() {
    if (next == STATE_WORDS) {
      refill();
    }
    int word = state[next++];
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return word ^ (word >>> 18);
  }

  private void refill() {
    for (int i = 0; i < STATE_WORDS; i++) {
      int joined = (state[i] & 0x80000000) | (state[(i + 1) % STATE_WORDS] & 0x7fffffff);
      int twisted = (joined >>> 1) ^ ((joined & 1) == 0 ? 0 : 0x9908b0df);
      state[i] = state[(i + SHIFT) % STATE_WORDS] ^ twisted;
    }
    next = 0;
  }
}
