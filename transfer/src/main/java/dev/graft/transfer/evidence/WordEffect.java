package dev.graft.transfer.evidence;

/**
 * What leaving out a word of a text does to the probability of a class.
 *
 * @param begin where it begins in the text
 * @param end where it ends, exclusive
 * @param drop by how much the probability falls, in log odds; below 0 where it rises
 */
public record WordEffect(int begin, int end, double drop) {}
