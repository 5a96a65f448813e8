/**
 * Opens a bundle and predicts: what an application embeds.
 *
 * <p>{@link dev.graft.runtime.Predictor} is the entry point. {@link
 * dev.graft.runtime.InferenceSession} runs any ONNX file; no type of ONNX Runtime leaves this
 * package.
 */
@NullMarked
package dev.graft.runtime;

import org.jspecify.annotations.NullMarked;
