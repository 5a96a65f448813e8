/**
 * The {@code graft} command: reads arguments, calls the modules below and is the only place that
 * writes to standard output and standard error.
 *
 * <p>Results go to standard output; progress, remarks and errors to standard error.
 */
@NullMarked
package dev.graft.cli;

import org.jspecify.annotations.NullMarked;
