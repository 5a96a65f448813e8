/** Tests of reading, checking, rewriting and understanding ONNX graphs. */
@NullMarked
package dev.graft.onnx;

import org.jspecify.annotations.NullMarked;
