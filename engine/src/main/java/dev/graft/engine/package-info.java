/**
 * Runs and differentiates an ONNX graph: frozen networks, training sessions, optimizers, precision.
 *
 * <p>The only module that knows libtorch; its types never appear in a public signature of this
 * package.
 */
@NullMarked
package dev.graft.engine;

import org.jspecify.annotations.NullMarked;
