/** Tests that the samples are what their program draws. */
@NullMarked
package dev.graft.benchmarks.samples;

import org.jspecify.annotations.NullMarked;
