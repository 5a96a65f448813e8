/**
 * Front ends of sound as graphs: from samples to log-mel spectrograms and from there, by a
 * pre-trained encoder and a pooling over time, to features.
 *
 * <p>{@link dev.graft.onnx.frontend.FrontEnd} is the way in; {@link
 * dev.graft.onnx.frontend.SoundBackbone} joins one with an encoder. Everything handed out is
 * immutable.
 */
@NullMarked
package dev.graft.onnx.frontend;

import org.jspecify.annotations.NullMarked;
