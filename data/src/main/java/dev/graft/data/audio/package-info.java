/**
 * From the bytes of a recording to the samples a backbone takes: decoding, placing in windows,
 * checking and augmentation.
 */
@NullMarked
package dev.graft.data.audio;

import org.jspecify.annotations.NullMarked;
