/** Tests that the comparisons compare like with like. */
@NullMarked
package dev.graft.benchmarks;

import org.jspecify.annotations.NullMarked;
