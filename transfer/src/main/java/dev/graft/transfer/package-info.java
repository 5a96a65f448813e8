/**
 * Transfer learning: from a backbone and a labelled dataset to a tested, deployable model.
 *
 * <p>Begin at {@link dev.graft.transfer.TransferLearning}.
 */
@NullMarked
package dev.graft.transfer;

import org.jspecify.annotations.NullMarked;
