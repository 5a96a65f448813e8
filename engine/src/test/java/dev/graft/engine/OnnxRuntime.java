package dev.graft.engine;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.graft.onnx.OnnxModel;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The reference: what ONNX Runtime computes in fp32. */
final class OnnxRuntime {
  private OnnxRuntime() {}

  /** The first output of a model with one input. */
  static FloatTensor run(OnnxModel model, FloatTensor input) throws OrtException {
    String name = model.graph().inputs().get(0).name();
    return run(model, Map.of(name, input));
  }

  /** The first output of a model. */
  static FloatTensor run(OnnxModel model, Map<String, FloatTensor> inputs) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
    List<OnnxTensor> opened = new ArrayList<>();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      for (Map.Entry<String, FloatTensor> input : inputs.entrySet()) {
        OnnxTensor tensor =
            OnnxTensor.createTensor(
                environment, FloatBuffer.wrap(input.getValue().values()), input.getValue().shape());
        opened.add(tensor);
        tensors.put(input.getKey(), tensor);
      }
      try (OrtSession session = environment.createSession(model.toBytes(), options);
          OrtSession.Result result = session.run(tensors)) {
        OnnxTensor output = (OnnxTensor) result.get(0);
        FloatBuffer buffer = output.getFloatBuffer();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return new FloatTensor(values, output.getInfo().getShape());
      }
    } finally {
      opened.forEach(OnnxTensor::close);
    }
  }

  /** All float outputs of a model file by name. */
  static Map<String, FloatTensor> runAll(
      byte[] model, Map<String, dev.graft.onnx.OnnxTensor> inputs) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      for (Map.Entry<String, dev.graft.onnx.OnnxTensor> input : inputs.entrySet()) {
        dev.graft.onnx.OnnxTensor value = input.getValue();
        tensors.put(
            input.getKey(),
            value.type().isFloating()
                ? OnnxTensor.createTensor(
                    environment, FloatBuffer.wrap(value.toFloats()), value.shape())
                : OnnxTensor.createTensor(
                    environment, LongBuffer.wrap(value.toLongs()), value.shape()));
      }
      Map<String, FloatTensor> outputs = new LinkedHashMap<>();
      try (OrtSession session = environment.createSession(model, options);
          OrtSession.Result result = session.run(tensors)) {
        for (Map.Entry<String, OnnxValue> output : result) {
          OnnxTensor tensor = (OnnxTensor) output.getValue();
          FloatBuffer buffer = tensor.getFloatBuffer();
          float[] values = new float[buffer.remaining()];
          buffer.get(values);
          outputs.put(output.getKey(), new FloatTensor(values, tensor.getInfo().getShape()));
        }
      }
      return outputs;
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }
}
