package dev.graft.transfer.advice;

import dev.graft.transfer.Backbone;

/**
 * A backbone that may be started from.
 *
 * @param name how its user names it, such as a path
 */
public record Candidate(String name, Backbone backbone) {}
