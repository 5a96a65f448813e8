/** Tests of the programs that make speech. */
@NullMarked
package dev.graft.benchmarks.speech;

import org.jspecify.annotations.NullMarked;
