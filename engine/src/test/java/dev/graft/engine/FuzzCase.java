package dev.graft.engine;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.List;

/**
 * A model file and the values that its inputs are fed with.
 *
 * @param name where it comes from
 * @param model the bytes of the file
 * @param inputs one tensor for each input that is no initialiser
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record FuzzCase(String name, byte[] model, List<TensorProto> inputs) {}
