/**
 * What each ONNX operator computes, one small function each, grouped in files by family.
 *
 * <p>Internal: only {@code dev.graft.engine} uses it. An operator is added in the file of its
 * family, nowhere else. Float data are libtorch tensors on the differentiable path; shape
 * arithmetic runs on Java integers outside of it.
 */
@NullMarked
package dev.graft.engine.operator;

import org.jspecify.annotations.NullMarked;
