/**
 * From the bytes of an image file to the numbers a backbone takes: decoding, preprocessing and
 * augmentation.
 */
@NullMarked
package dev.graft.data.image;

import org.jspecify.annotations.NullMarked;
