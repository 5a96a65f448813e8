package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Replaces calls of functions that the model itself defines by the functions' nodes.
 *
 * <p>Source: onnx/docs/IR.md, section "Functions".
 */
final class FunctionInliner {
  /** Functions may call functions; a deeper nesting is a recursion, which ONNX forbids. */
  private static final int DEEPEST_NESTING = 32;

  private FunctionInliner() {}

  /** The step of preparation. */
  record Pass() implements GraphPass {
    @Override
    public String name() {
      return "functions";
    }

    @Override
    public String purpose() {
      return "calls of functions that the file defines become their nodes";
    }

    @Override
    public Rewrite apply(OnnxModel model) {
      return inlined(model);
    }
  }

  static OnnxModel inline(OnnxModel model) {
    return inlined(model).model();
  }

  private static GraphPass.Rewrite inlined(OnnxModel model) {
    if (model.proto().getFunctionsCount() == 0) {
      return new GraphPass.Rewrite(model, 0);
    }
    Map<String, FunctionProto> functions = new HashMap<>();
    for (FunctionProto function : model.proto().getFunctionsList()) {
      functions.put(function.getDomain() + "." + function.getName(), function);
    }
    ModelEditor editor = model.edit();
    List<Node> nodes = editor.nodes();
    int calls = 0;
    for (int depth = 0; nodes.stream().anyMatch(node -> callee(node, functions) != null); depth++) {
      if (depth == DEEPEST_NESTING) {
        throw new OnnxModelException(
            "%s: functions call each other more than %d levels deep; expected no recursion. Export the model without local functions."
                .formatted(model.source(), DEEPEST_NESTING));
      }
      List<Node> expanded = new ArrayList<>();
      for (Node node : nodes) {
        FunctionProto function = callee(node, functions);
        if (function == null) {
          expanded.add(node);
        } else {
          checkOpset(function, model);
          expanded.addAll(expand(node, function, "inlined" + calls++ + "/"));
        }
      }
      nodes = expanded;
    }
    return new GraphPass.Rewrite(editor.setNodes(nodes).clearFunctions().build(), calls);
  }

  private static @Nullable FunctionProto callee(Node node, Map<String, FunctionProto> functions) {
    return functions.get(node.proto().getDomain() + "." + node.operator());
  }

  private static void checkOpset(FunctionProto function, OnnxModel model) {
    for (OperatorSetIdProto entry : function.getOpsetImportList()) {
      if (entry.getDomain().isEmpty() && entry.getVersion() != model.opset()) {
        throw new OnnxModelException(
            "%s: function %s uses opset %d; expected the model's own, %d. Export the model without local functions."
                .formatted(model.source(), function.getName(), entry.getVersion(), model.opset()));
      }
    }
  }

  private static List<Node> expand(Node call, FunctionProto function, String prefix) {
    Set<String> names = new LinkedHashSet<>(function.getInputList());
    names.addAll(function.getOutputList());
    function.getNodeList().forEach(node -> names.addAll(node.getOutputList()));
    names.remove("");
    Map<String, String> actual = new HashMap<>();
    for (int i = 0; i < function.getInputCount(); i++) {
      actual.put(function.getInput(i), call.input(i));
    }
    for (int i = 0; i < function.getOutputCount(); i++) {
      if (!call.output(i).isEmpty()) {
        actual.put(function.getOutput(i), call.output(i));
      }
    }
    List<Node> nodes = new ArrayList<>();
    for (NodeProto body : function.getNodeList()) {
      NodeProto node = bindAttributes(body, call, function);
      // Two passes, so that a caller's name that equals another formal name is left alone.
      for (String name : names) {
        node = Subgraphs.rename(node, name, prefix + name);
      }
      for (Map.Entry<String, String> entry : actual.entrySet()) {
        node = Subgraphs.rename(node, prefix + entry.getKey(), entry.getValue());
      }
      NodeProto.Builder named = node.toBuilder();
      if (!node.getName().isEmpty()) {
        named.setName(prefix + node.getName());
      }
      nodes.add(new Node(named.build()));
    }
    return nodes;
  }

  /** Gives attributes that refer to the function's own their value at this call. */
  private static NodeProto bindAttributes(NodeProto body, Node call, FunctionProto function) {
    NodeProto.Builder builder = body.toBuilder().clearAttribute();
    for (AttributeProto attribute : body.getAttributeList()) {
      String reference = attribute.getRefAttrName();
      if (reference.isEmpty()) {
        builder.addAttribute(attribute);
        continue;
      }
      List<AttributeProto> sources = new ArrayList<>(call.proto().getAttributeList());
      sources.addAll(function.getAttributeProtoList());
      sources.stream()
          .filter(source -> source.getName().equals(reference))
          .findFirst()
          .ifPresent(
              source ->
                  builder.addAttribute(source.toBuilder().setName(attribute.getName()).build()));
    }
    return builder.build();
  }
}
