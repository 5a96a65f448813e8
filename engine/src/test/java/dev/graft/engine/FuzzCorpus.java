package dev.graft.engine;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import dev.graft.onnx.ValueInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Sound models to start from: the node test suite, small graphs of the families of backbones, and
 * rarely the shared models, which cost a hundred times as much.
 */
final class FuzzCorpus implements AutoCloseable {
  private static final List<String> SHARED =
      List.of(
          "tinybert/tinybert.onnx",
          "speech-embedding.onnx",
          "speech-embedding-mel-spectrogram.onnx",
          "word2vec-8k/model.onnx",
          "mobilenetv2-0.35-imagenet-headless.onnx",
          "mobilenetv2-1.0-imagenet-int8.onnx",
          "mobilenetv2-1.0-imagenet.onnx");

  private static final List<String> FAMILIES =
      List.of("resnet", "efficientnet", "mobilenetv3", "vit", "bert", "sound");

  private final Optional<NodeSuite> suite;
  private final List<String> cases;

  private FuzzCorpus(Optional<NodeSuite> suite) {
    this.suite = suite;
    this.cases = suite.map(NodeSuite::cases).orElse(List.of());
  }

  static FuzzCorpus open() throws IOException {
    return new FuzzCorpus(NodeSuite.open());
  }

  /** A case by chance; without reference data, one of the families. */
  FuzzCase draw(SplittableRandom random) throws IOException {
    int choice = random.nextInt(1000);
    if (choice < 15) {
      // The first ones are the smallest and come most often.
      String file = SHARED.get(Math.min(random.nextInt(SHARED.size()), random.nextInt(12)));
      Path path = Path.of(System.getProperty("graft.shared"), "models").resolve(file);
      if (Files.exists(path)) {
        return withNoise(file, Files.readAllBytes(path));
      }
    }
    if (choice < 150 || cases.isEmpty()) {
      String family = FAMILIES.get(random.nextInt(FAMILIES.size()));
      return withNoise(family, family(family).toBytes());
    }
    return suiteCase(cases.get(random.nextInt(cases.size())));
  }

  private FuzzCase suiteCase(String name) throws IOException {
    List<TensorProto> inputs = new ArrayList<>();
    for (OnnxTensor tensor : suite.orElseThrow().tensors(name, 0, "input")) {
      inputs.add(TensorFiles.toProto(tensor));
    }
    return new FuzzCase(name, suite.orElseThrow().model(name), inputs);
  }

  private static OnnxModel family(String family) {
    return switch (family) {
      case "bert" -> SequenceGraphs.text();
      case "sound" -> SequenceGraphs.sound();
      default -> TestGraphs.of(family);
    };
  }

  /** Inputs of the declared shapes: one example, and a few elements where a size is free. */
  private static FuzzCase withNoise(String name, byte[] bytes) {
    List<TensorProto> inputs = new ArrayList<>();
    for (ValueInfo input : OnnxModel.parse(bytes, name).graph().inputs()) {
      long[] shape = new long[input.rank()];
      for (int axis = 0; axis < shape.length; axis++) {
        long free = axis == 0 ? 1 : name.contains("spectrogram") ? 4000 : 6;
        shape[axis] = input.size(axis) > 0 ? input.size(axis) : free;
      }
      inputs.add(noise(input.type(), shape));
    }
    return new FuzzCase(name, bytes, inputs);
  }

  private static TensorProto noise(ElementType type, long... shape) {
    if (type.isFloating()) {
      return TensorFiles.toProto(
          OnnxTensor.ofFloats("x", TestTensors.noise(1, shape).values(), shape));
    }
    int count = 1;
    TensorProto.Builder ones = TensorProto.newBuilder().setDataType(ElementType.INT64.onnxCode());
    for (long length : shape) {
      ones.addDims(length);
      count *= (int) length;
    }
    byte[] data = new byte[8 * count];
    for (int i = 0; i < count; i++) {
      data[8 * i] = 1;
    }
    return ones.setRawData(ByteString.copyFrom(data)).build();
  }

  @Override
  public void close() throws IOException {
    if (suite.isPresent()) {
      suite.get().close();
    }
  }
}
