/**
 * What decides whether a further rung of the ladder of strategies is worth it: paired comparisons
 * on the same held-out predictions, and how many steps a time budget allows.
 */
@NullMarked
package dev.graft.transfer.ladder;

import org.jspecify.annotations.NullMarked;
