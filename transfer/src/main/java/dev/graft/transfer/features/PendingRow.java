package dev.graft.transfer.features;

/** A row that waits in memory to be written with others. */
record PendingRow(byte[] digest, byte[] row, int checksum) {}
