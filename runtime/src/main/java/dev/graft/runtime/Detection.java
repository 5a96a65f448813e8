package dev.graft.runtime;

/**
 * A phrase that was heard.
 *
 * @param seconds from the start of the sound to the end of the window that decided
 * @param score probability of the phrase on which the windows that had to agree do, 0 to 1
 */
public record Detection(double seconds, double score) {}
