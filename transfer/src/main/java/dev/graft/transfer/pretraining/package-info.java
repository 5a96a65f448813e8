/** Supervised pre-training: from fresh weights, on a source task, to a backbone of one's own. */
@NullMarked
package dev.graft.transfer.pretraining;

import org.jspecify.annotations.NullMarked;
