/**
 * What learns the classes of a task without its model's backbone: what a result, or a backbone that
 * may be started from, has to be better than.
 */
@NullMarked
package dev.graft.transfer.baseline;

import org.jspecify.annotations.NullMarked;
