package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One operator of a graph with its tensors and attributes.
 *
 * <p>Two nodes are equal only if they are the same object. Immutable and thread-safe.
 */
public final class Node {
  private final NodeProto proto;
  private final List<String> inputs;
  private final List<String> outputs;
  private final Set<String> captured;

  Node(NodeProto proto) {
    this.proto = proto;
    this.inputs = List.copyOf(proto.getInputList());
    this.outputs = List.copyOf(proto.getOutputList());
    this.captured = Subgraphs.captured(proto);
  }

  /** A new node of the default domain without attributes. */
  public static Node of(String operator, List<String> inputs, List<String> outputs) {
    return new Node(
        NodeProto.newBuilder()
            .setOpType(operator)
            .addAllInput(inputs)
            .addAllOutput(outputs)
            .build());
  }

  /** The node's name; may be empty. */
  public String name() {
    return proto.getName();
  }

  /** The operator, such as {@code Conv}. */
  public String operator() {
    return proto.getOpType();
  }

  /** The operator's domain; empty for the default one ({@code ai.onnx}). */
  public String domain() {
    return proto.getDomain().equals("ai.onnx") ? "" : proto.getDomain();
  }

  /** Whether this is the given operator of the default domain. */
  public boolean is(String operator) {
    return operator().equals(operator) && domain().isEmpty();
  }

  /** Input tensors in order; an empty name is an absent optional input. */
  public List<String> inputs() {
    return inputs;
  }

  /** Output tensors in order; an empty name is an absent optional output. */
  public List<String> outputs() {
    return outputs;
  }

  /** Tensors of the enclosing graph that this node's subgraphs read. */
  public Set<String> capturedInputs() {
    return captured;
  }

  /** Input {@code index}, or "" when absent. */
  public String input(int index) {
    return index < inputs.size() ? inputs.get(index) : "";
  }

  /** Whether input {@code index} is given. */
  public boolean hasInput(int index) {
    return !input(index).isEmpty();
  }

  /** Output {@code index}, or "" when absent. */
  public String output(int index) {
    return index < outputs.size() ? outputs.get(index) : "";
  }

  /** An integer attribute. */
  public long integer(String attribute, long otherwise) {
    AttributeProto found = find(attribute, AttributeType.INT);
    return found == null ? otherwise : found.getI();
  }

  /** A real attribute. */
  public float real(String attribute, float otherwise) {
    AttributeProto found = find(attribute, AttributeType.FLOAT);
    return found == null ? otherwise : found.getF();
  }

  /** A text attribute. */
  public String text(String attribute, String otherwise) {
    AttributeProto found = find(attribute, AttributeType.STRING);
    return found == null ? otherwise : found.getS().toString(StandardCharsets.UTF_8);
  }

  /** A list of integers. */
  public long[] integers(String attribute, long... otherwise) {
    AttributeProto found = find(attribute, AttributeType.INTS);
    return found == null
        ? otherwise
        : found.getIntsList().stream().mapToLong(Long::longValue).toArray();
  }

  /** A list of reals. */
  public float[] reals(String attribute, float... otherwise) {
    AttributeProto found = find(attribute, AttributeType.FLOATS);
    if (found == null) {
      return otherwise;
    }
    float[] values = new float[found.getFloatsCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = found.getFloats(i);
    }
    return values;
  }

  /** A tensor attribute. */
  public Optional<OnnxTensor> tensor(String attribute) {
    AttributeProto found = find(attribute, AttributeType.TENSOR);
    return found == null ? Optional.empty() : Optional.of(new OnnxTensor(found.getT(), null));
  }

  /** A graph attribute, such as {@code then_branch} of If; it may read tensors of this graph. */
  public Optional<Graph> subgraph(String attribute) {
    AttributeProto found = find(attribute, AttributeType.GRAPH);
    return found == null
        ? Optional.empty()
        : Optional.of(Graph.of(found.getG(), ExternalData.NONE, describe()));
  }

  /** Whether the attribute is present. */
  public boolean hasAttribute(String attribute) {
    return proto.getAttributeList().stream().anyMatch(a -> a.getName().equals(attribute));
  }

  /** The names of the attributes in file order. */
  public Set<String> attributeNames() {
    Set<String> names = new LinkedHashSet<>();
    proto.getAttributeList().forEach(attribute -> names.add(attribute.getName()));
    return names;
  }

  /** The same node with an integer attribute set. */
  public Node withInteger(String attribute, long value) {
    return with(attribute(attribute, AttributeType.INT).setI(value));
  }

  /** The same node with a real attribute set. */
  public Node withReal(String attribute, float value) {
    return with(attribute(attribute, AttributeType.FLOAT).setF(value));
  }

  /** The same node with a text attribute set. */
  public Node withText(String attribute, String value) {
    return with(attribute(attribute, AttributeType.STRING).setS(ByteString.copyFromUtf8(value)));
  }

  /** The same node with a list of integers set. */
  public Node withIntegers(String attribute, long... values) {
    AttributeProto.Builder builder = attribute(attribute, AttributeType.INTS);
    for (long value : values) {
      builder.addInts(value);
    }
    return with(builder);
  }

  /** The same node with a list of reals set. */
  public Node withReals(String attribute, float... values) {
    AttributeProto.Builder builder = attribute(attribute, AttributeType.FLOATS);
    for (float value : values) {
      builder.addFloats(value);
    }
    return with(builder);
  }

  /** The same node with a tensor attribute set. */
  public Node withTensor(String attribute, OnnxTensor value) {
    return with(attribute(attribute, AttributeType.TENSOR).setT(value.inlineProto()));
  }

  /** The same node without an attribute; unchanged where it is absent. */
  public Node withoutAttribute(String attribute) {
    NodeProto.Builder builder = proto.toBuilder();
    for (int i = builder.getAttributeCount() - 1; i >= 0; i--) {
      if (builder.getAttribute(i).getName().equals(attribute)) {
        builder.removeAttribute(i);
      }
    }
    return new Node(builder.build());
  }

  /** The same node under another name. */
  public Node withName(String name) {
    return new Node(proto.toBuilder().setName(name).build());
  }

  /** The same node in another domain. */
  public Node withDomain(String domain) {
    return new Node(proto.toBuilder().setDomain(domain).build());
  }

  /** The same node as another operator of the default domain. */
  public Node withOperator(String operator) {
    return new Node(proto.toBuilder().setOpType(operator).clearDomain().build());
  }

  /** The same node reading other tensors. */
  public Node withInputs(List<String> newInputs) {
    return new Node(proto.toBuilder().clearInput().addAllInput(newInputs).build());
  }

  /** The same node writing other tensors. */
  public Node withOutputs(List<String> newOutputs) {
    return new Node(proto.toBuilder().clearOutput().addAllOutput(newOutputs).build());
  }

  /** Operator, name and tensors for messages; an unnamed node is known by its first output. */
  public String describe() {
    String label = name().isEmpty() ? output(0) : name();
    return "%s \"%s\" (%s -> %s)"
        .formatted(
            domain().isEmpty() ? operator() : domain() + "." + operator(),
            label,
            String.join(", ", inputs),
            String.join(", ", outputs));
  }

  @Override
  public String toString() {
    return describe();
  }

  NodeProto proto() {
    return proto;
  }

  /** The same node with each of its tensors, also those its subgraphs capture, renamed. */
  Node renaming(String from, String to) {
    return new Node(Subgraphs.rename(proto, from, to));
  }

  private Node with(AttributeProto.Builder attribute) {
    return new Node(
        withoutAttribute(attribute.getName()).proto.toBuilder().addAttribute(attribute).build());
  }

  private static AttributeProto.Builder attribute(String name, AttributeType type) {
    return AttributeProto.newBuilder().setName(name).setType(type);
  }

  private @Nullable AttributeProto find(String attribute, AttributeType type) {
    for (AttributeProto candidate : proto.getAttributeList()) {
      if (candidate.getName().equals(attribute)) {
        // Writers of the first ONNX releases left the type out.
        if (candidate.getType() != type && candidate.getType() != AttributeType.UNDEFINED) {
          throw new OnnxModelException(
              "attribute %s of %s has type %s: expected %s"
                  .formatted(attribute, describe(), candidate.getType(), type));
        }
        return candidate;
      }
    }
    return null;
  }
}
