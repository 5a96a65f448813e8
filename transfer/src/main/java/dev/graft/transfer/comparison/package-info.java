/**
 * Trained models side by side: the same test examples predicted by each, what can be concluded from
 * that, speed, size, and what was different about their making.
 */
@NullMarked
package dev.graft.transfer.comparison;

import org.jspecify.annotations.NullMarked;
