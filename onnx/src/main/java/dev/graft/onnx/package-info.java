/**
 * ONNX files as editable graphs: read, check, upgrade, find the last output layer, cut, join,
 * write.
 *
 * <p>{@link dev.graft.onnx.OnnxModel} is the way in. Everything handed out is immutable; a {@link
 * dev.graft.onnx.ModelEditor} is the one mutable type. Protobuf types stay inside this package.
 */
@NullMarked
package dev.graft.onnx;

import org.jspecify.annotations.NullMarked;
