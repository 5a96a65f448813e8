/** Draws the images in the project's folder {@code samples}. */
@NullMarked
package dev.graft.benchmarks.samples;

import org.jspecify.annotations.NullMarked;
