package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Refuses what is no sound ONNX model before anything is allocated for it.
 *
 * <p>Checked here: the bytes parse; there is a graph; the operator set is known; every name is
 * defined once; every input has a producer; the data of each tensor fits its type and shape. Cycles
 * are found by {@link TopologicalOrder}, external files are judged by {@link ExternalData}.
 */
final class ModelChecker {
  static final int OLDEST_OPSET = 7;

  /**
   * The operator sets 26 to 28 added operators and element types, and changed the meaning of none.
   */
  static final int NEWEST_OPSET = 28;

  /** Operators that mean the same in every operator set from the first to the oldest one read. */
  private static final Set<String> UNCHANGED_SINCE_FIRST =
      Set.of(
          "ArgMax",
          "ArgMin",
          "Constant",
          "Conv",
          "ConvTranspose",
          "Flatten",
          "Gather",
          "GlobalAveragePool",
          "GlobalMaxPool",
          "Hardmax",
          "Identity",
          "LRN",
          "LogSoftmax",
          "LpNormalization",
          "MatMul",
          "MaxPool",
          "Not",
          "ReduceL1",
          "ReduceL2",
          "ReduceLogSum",
          "ReduceLogSumExp",
          "ReduceMax",
          "ReduceMean",
          "ReduceMin",
          "ReduceProd",
          "ReduceSum",
          "ReduceSumSquare",
          "Shape",
          "Size",
          "Slice",
          "Softmax",
          "Softplus",
          "Softsign",
          "Squeeze",
          "TopK",
          "Transpose",
          "Unsqueeze");

  private ModelChecker() {}

  static void checkBytes(byte[] bytes, String source) {
    if (bytes.length == 0) {
      throw new OnnxModelException(
          source + ": the file is empty; expected an ONNX model. Fetch the file again.");
    }
    String start = new String(bytes, 0, Math.min(bytes.length, 64), StandardCharsets.ISO_8859_1);
    if (start.startsWith("version https://git-lfs")) {
      throw new OnnxModelException(
          source
              + ": is a Git LFS pointer, not the model itself; expected an ONNX model. Fetch the"
              + " content with \"git lfs pull\".");
    }
    String text = start.stripLeading().toLowerCase(Locale.ROOT);
    if (text.startsWith("<!doctype") || text.startsWith("<html")) {
      throw new OnnxModelException(
          source
              + ": is a web page; expected an ONNX model. The download was answered with a page;"
              + " fetch the file itself.");
    }
  }

  static OnnxModelException unparsable(String source, int length, IOException failure) {
    return new OnnxModelException(
        "%s: is not a readable ONNX model (%d bytes): %s Expected a protobuf message of type ModelProto; the file is truncated, damaged or of another format. Fetch or export it again."
            .formatted(source, length, failure.getMessage()),
        failure);
  }

  static void check(ModelProto model, String source) {
    if (!model.hasGraph()
        || (model.getGraph().getNodeCount() == 0 && model.getGraph().getOutputCount() == 0)) {
      throw new OnnxModelException(
          source
              + ": holds no graph; expected an ONNX model with nodes and outputs. The file is"
              + " damaged or of another format; fetch or export it again.");
    }
    checkOpset(model, source);
    GraphProto graph = model.getGraph();
    if (graph.getOutputCount() == 0) {
      throw new OnnxModelException(
          source + ": the graph has no output; expected at least one. Export the model again.");
    }
    checkGraph(graph, Set.of(), source);
  }

  private static void checkOpset(ModelProto model, String source) {
    long opset = 0;
    for (OperatorSetIdProto entry : model.getOpsetImportList()) {
      if (entry.getDomain().isEmpty() || entry.getDomain().equals("ai.onnx")) {
        opset = entry.getVersion();
      }
    }
    boolean meansTheSame =
        opset >= 1
            && opset < OLDEST_OPSET
            && model.getGraph().getNodeList().stream()
                .allMatch(node -> UNCHANGED_SINCE_FIRST.contains(node.getOpType()));
    if (!meansTheSame && (opset < OLDEST_OPSET || opset > NEWEST_OPSET)) {
      throw new OnnxModelException(
          "%s: operator set %s; expected %d to %d. %s"
              .formatted(
                  source,
                  opset == 0 ? "is not stated" : "version " + opset,
                  OLDEST_OPSET,
                  NEWEST_OPSET,
                  opset > NEWEST_OPSET
                      ? "Export the model with opset_version=" + NEWEST_OPSET + " or lower."
                      : "Export the model again with a newer operator set."));
    }
  }

  private static void checkGraph(GraphProto graph, Set<String> outer, String source) {
    if (graph.getSparseInitializerCount() > 0) {
      throw new OnnxModelException(
          "%s: %d sparse initialisers; expected dense ones. Export the model without sparsity."
              .formatted(source, graph.getSparseInitializerCount()));
    }
    Set<String> initializers = new HashSet<>();
    for (TensorProto tensor : graph.getInitializerList()) {
      checkTensor(tensor, "tensor \"" + tensor.getName() + "\"", source);
      if (!initializers.add(tensor.getName())) {
        throw duplicate(source, tensor.getName(), "as two initialisers");
      }
    }
    Set<String> known = new HashSet<>(initializers);
    Set<String> inputs = new HashSet<>();
    graph
        .getInputList()
        .forEach(
            input -> {
              if (!inputs.add(input.getName())) {
                throw duplicate(source, input.getName(), "as two inputs");
              }
            });
    known.addAll(inputs);
    for (NodeProto node : graph.getNodeList()) {
      for (String output : node.getOutputList()) {
        if (!output.isEmpty() && !known.add(output)) {
          throw duplicate(source, output, "also by " + new Node(node).describe());
        }
      }
    }
    known.addAll(outer);
    known.add("");
    for (NodeProto node : graph.getNodeList()) {
      checkNode(node, known, source);
    }
    graph
        .getOutputList()
        .forEach(
            output -> {
              if (!known.contains(output.getName())) {
                throw new OnnxModelException(
                    "%s: no node produces the output \"%s\". Export the model again."
                        .formatted(source, output.getName()));
              }
            });
  }

  private static void checkNode(NodeProto node, Set<String> known, String source) {
    for (String input : node.getInputList()) {
      if (!known.contains(input)) {
        throw new OnnxModelException(
            "%s: no node, input or initialiser gives the tensor \"%s\" that %s reads. Export the model again."
                .formatted(source, input, new Node(node).describe()));
      }
    }
    for (AttributeProto attribute : node.getAttributeList()) {
      if (attribute.hasT()) {
        TensorProto tensor = attribute.getT();
        String subject = "attribute " + attribute.getName() + " of " + new Node(node).describe();
        if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
          throw new OnnxModelException(
              "%s: %s has external data; expected that of initialisers only. Export the model with its data inside the file."
                  .formatted(source, subject));
        }
        checkTensor(tensor, subject, source);
      }
    }
    for (GraphProto subgraph : Subgraphs.graphs(node)) {
      checkGraph(subgraph, known, source);
      for (TensorProto tensor : subgraph.getInitializerList()) {
        if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
          throw new OnnxModelException(
              "%s: tensor \"%s\" inside %s has external data; expected that of the main graph only. Export the model with its data inside the file."
                  .formatted(source, tensor.getName(), new Node(node).describe()));
        }
      }
    }
  }

  private static OnnxModelException duplicate(String source, String name, String how) {
    return new OnnxModelException(
        "%s: the name \"%s\" is defined twice, %s; expected each name once. Export the model again."
            .formatted(source, name, how));
  }

  private static void checkTensor(TensorProto tensor, String subject, String source) {
    ElementType type = ElementType.ofOnnxCode(tensor.getDataType());
    if (type == ElementType.UNDEFINED) {
      throw new OnnxModelException(
          "%s: %s has the unknown element type %d. Export the model with ordinary types (float, float16, int64...)."
              .formatted(source, subject, tensor.getDataType()));
    }
    long elements = elementCount(tensor, source);
    if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
      return;
    }
    long expected = tensor.hasRawData() ? type.byteCount(elements) : typedCount(type, elements);
    long found = tensor.hasRawData() ? tensor.getRawData().size() : typedFound(tensor, type);
    if (expected != found || (tensor.hasRawData() && type == ElementType.STRING)) {
      throw new OnnxModelException(
          "%s: %s of type %s and shape %s needs %d %s of data, found %d. The file is damaged; fetch or export it again."
              .formatted(
                  source,
                  subject,
                  type,
                  tensor.getDimsList(),
                  expected,
                  tensor.hasRawData() ? "bytes" : "values",
                  found));
    }
  }

  private static long typedCount(ElementType type, long elements) {
    return switch (type) {
      case COMPLEX64, COMPLEX128 -> Math.multiplyExact(elements, 2L);
      case UINT4, INT4, FLOAT4E2M1 -> (elements + 1) / 2;
      case UINT2, INT2 -> (elements + 3) / 4;
      default -> elements;
    };
  }

  private static int typedFound(TensorProto tensor, ElementType type) {
    return switch (type) {
      case FLOAT, COMPLEX64 -> tensor.getFloatDataCount();
      case DOUBLE, COMPLEX128 -> tensor.getDoubleDataCount();
      case INT64 -> tensor.getInt64DataCount();
      case UINT32, UINT64 -> tensor.getUint64DataCount();
      case STRING -> tensor.getStringDataCount();
      default -> tensor.getInt32DataCount();
    };
  }

  /** The number of elements that the shape states, at most what 2^63 bits hold. */
  static long elementCount(TensorProto tensor, String source) {
    List<Long> shape = tensor.getDimsList();
    long count = 1;
    for (long dimension : shape) {
      if (dimension < 0) {
        throw new OnnxModelException(
            "%s: tensor \"%s\" has the negative dimension %d in its shape %s. The file is damaged; fetch or export it again."
                .formatted(source, tensor.getName(), dimension, shape));
      }
      if (dimension > 0 && count > (Long.MAX_VALUE / 128) / dimension) {
        throw new OnnxModelException(
            "%s: tensor \"%s\" has the absurd shape %s. The file is damaged; fetch or export it again."
                .formatted(source, tensor.getName(), shape));
      }
      count *= dimension;
    }
    return count;
  }
}
