/**
 * Wake words: a small network that hears one phrase in running sound and nothing else, trained on a
 * few recordings of it, other sound, and what is made of both.
 */
@NullMarked
package dev.graft.transfer.wakeword;

import org.jspecify.annotations.NullMarked;
