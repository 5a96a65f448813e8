package dev.graft.runtime;

/**
 * How closely a saved model repeats the outputs recorded with its golden examples.
 *
 * @param exampleCount golden examples compared
 * @param largestDifference the largest absolute difference of a probability, at most the tolerance
 * @param largestDifferenceExample the name of the example it was found in
 * @param largestLogitDifference the largest absolute difference of a logit, which has no limit
 * @param tolerance the limit that was applied
 */
public record ParityReport(
    int exampleCount,
    double largestDifference,
    String largestDifferenceExample,
    double largestLogitDifference,
    double tolerance) {}
