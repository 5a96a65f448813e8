/**
 * What words alone tell of a text, without any backbone: the baseline that a backbone of text has
 * to beat.
 */
@NullMarked
package dev.graft.transfer.bagofwords;

import org.jspecify.annotations.NullMarked;
