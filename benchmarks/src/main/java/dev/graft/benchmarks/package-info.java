/**
 * Comparisons with peers: feature extraction by JMH, whole runs of the command with their time and
 * memory, and the accuracy on small data beside training from scratch. Nothing depends on this.
 */
@NullMarked
package dev.graft.benchmarks;

import org.jspecify.annotations.NullMarked;
