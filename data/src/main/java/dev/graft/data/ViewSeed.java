package dev.graft.data;

import java.nio.charset.StandardCharsets;

/** The seed of one random view of one example, whatever the order or thread in which it is made. */
public final class ViewSeed {
  private ViewSeed() {}

  /**
   * FNV-1a over all three, finished by the mixer of splitmix64 so that neighbouring views share
   * nothing.
   */
  public static long of(long seed, String contentHash, long view) {
    long hash = 0xcbf29ce484222325L ^ seed;
    for (byte b : contentHash.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    hash = (hash ^ view) * 0x9e3779b97f4a7c15L;
    hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
    hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
    return hash ^ (hash >>> 31);
  }
}
