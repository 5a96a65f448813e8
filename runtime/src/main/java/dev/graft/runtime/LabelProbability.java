package dev.graft.runtime;

/**
 * A class and how probable it is.
 *
 * @param label the class name
 * @param probability 0 to 1
 */
public record LabelProbability(String label, double probability) {}
