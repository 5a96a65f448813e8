package dev.graft.transfer.features;

/**
 * Names one row of a {@link FeatureStore}: which example, and which of its views.
 *
 * @param contentHash the hash of the example's bytes
 * @param view what was done to the example before the trunk saw it, for example the augmentation's
 *     settings with the view's seed; empty for the example itself
 */
public record RowKey(String contentHash, String view) {}
