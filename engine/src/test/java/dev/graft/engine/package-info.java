/**
 * Tests of the engine: parity with ONNX Runtime, precision, training, lifetime of native memory.
 */
@NullMarked
package dev.graft.engine;

import org.jspecify.annotations.NullMarked;
