/** Makes speech with Debian's synthesizers: a corpus of spoken words, and long streams. */
@NullMarked
package dev.graft.benchmarks.speech;

import org.jspecify.annotations.NullMarked;
