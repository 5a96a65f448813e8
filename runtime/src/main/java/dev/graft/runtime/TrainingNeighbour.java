package dev.graft.runtime;

/**
 * A training example that is like an input.
 *
 * @param id its identifier: the path inside of the training data
 * @param label its class in the training data
 * @param similarity cosine of the angle between both feature vectors in units of each feature's
 *     deviation, -1 to 1; 1 is the same direction
 */
public record TrainingNeighbour(String id, String label, double similarity) {}
