package dev.graft.zoo.hub.server;

import java.time.Duration;

/**
 * How much a client may ask for.
 *
 * @param partBytes larger objects are sent in parts of this size, by clients that can
 * @param regularBytes files from this size on are sent as objects, not inside the commit
 * @param largestObjectBytes larger ones are refused
 * @param commitBytes the longest request to commit
 * @param stall a client that takes or sends nothing for so long is dropped
 * @param pageEntries how many entries one page of a list has
 */
record ServerLimits(
    long partBytes,
    long regularBytes,
    long largestObjectBytes,
    long commitBytes,
    Duration stall,
    int pageEntries) {
  static final ServerLimits USUAL =
      new ServerLimits(
          8 << 20, 1 << 20, 50_000_000_000L, 256L << 20, Duration.ofSeconds(60), 1_000);

  /** What a request holds that is neither an object nor a commit. */
  static final int SMALL_BODY_BYTES = 4 << 20;

  /** As many as clients take. */
  static final int MOST_FILES = 10_000;
}
