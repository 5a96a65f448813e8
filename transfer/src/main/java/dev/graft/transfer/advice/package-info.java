/**
 * Whether transfer makes sense for a task, and from which backbone: candidates and baselines
 * without transfer, judged by the same cross-validation, for images, recordings and texts alike.
 */
@NullMarked
package dev.graft.transfer.advice;

import org.jspecify.annotations.NullMarked;
