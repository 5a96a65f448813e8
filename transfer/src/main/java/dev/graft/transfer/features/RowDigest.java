package dev.graft.transfer.features;

import java.nio.ByteBuffer;

/**
 * The first 16 of a row key's 32 bytes, which is what is kept in memory: two keys of one store
 * share them with a probability of rows² / 2^129.
 */
record RowDigest(long high, long low) {

  static RowDigest of(byte[] digest) {
    ByteBuffer bytes = ByteBuffer.wrap(digest);
    return new RowDigest(bytes.getLong(), bytes.getLong());
  }
}
