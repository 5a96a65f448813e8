/**
 * Features that were computed once and are kept on disk, so that frozen work is never repeated: one
 * fixed-width row of floats for each example and view.
 */
@NullMarked
package dev.graft.transfer.features;

import org.jspecify.annotations.NullMarked;
