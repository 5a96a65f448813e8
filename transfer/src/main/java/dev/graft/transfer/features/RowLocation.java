package dev.graft.transfer.features;

/**
 * Where a row lies.
 *
 * @param segment the number of the segment within its store
 * @param row the number of the row within the segment
 * @param checksum CRC-32C of the row's bytes
 */
record RowLocation(int segment, int row, int checksum) {}
