/**
 * Makes of a model what may leave the machine: without anything of its training data, with a model
 * card that says whose work and licence it rests on.
 *
 * <p>{@link dev.graft.transfer.sharing.ModelSharing} is the entry point.
 */
@NullMarked
package dev.graft.transfer.sharing;

import org.jspecify.annotations.NullMarked;
