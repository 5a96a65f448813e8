/**
 * Labelled examples on disk, and what has to be settled about them before training: which files
 * belong to which class and part, which are left out and why, which ones are nearly the same, and
 * how they are split.
 */
@NullMarked
package dev.graft.data;

import org.jspecify.annotations.NullMarked;
