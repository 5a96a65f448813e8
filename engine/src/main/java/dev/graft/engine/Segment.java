package dev.graft.engine;

import java.util.List;

/**
 * A stretch of a program's steps that is computed again in the backward pass.
 *
 * @param from index of the first step
 * @param to index behind the last
 * @param entry slot of the one tensor through which gradients leave it; -1 where no weight that
 *     trains lies before it
 * @param exit slot of the one tensor through which gradients enter it; -1 where that is the loss
 * @param given names of the inputs and weights that its steps read
 */
record Segment(int from, int to, int entry, int exit, List<String> given) {}
