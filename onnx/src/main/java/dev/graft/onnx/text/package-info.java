/**
 * Networks of text as graphs of one input: what an exporter feeds beside the tokens follows from
 * them.
 */
@NullMarked
package dev.graft.onnx.text;

import org.jspecify.annotations.NullMarked;
