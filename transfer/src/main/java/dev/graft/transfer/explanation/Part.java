package dev.graft.transfer.explanation;

/**
 * A rectangle in shares of what the network sees, which reaches from 0 to 1; it may reach beyond.
 *
 * @param x left edge
 * @param y upper edge
 */
record Part(double x, double y, double width, double height) {}
