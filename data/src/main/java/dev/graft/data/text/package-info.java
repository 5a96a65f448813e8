/**
 * From a text to what a backbone takes and what people want to know of it: tokenizing, likeness of
 * texts, and what looks wrong with one.
 */
@NullMarked
package dev.graft.data.text;

import org.jspecify.annotations.NullMarked;
