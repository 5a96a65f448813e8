package dev.graft.onnx.text;

import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.ModelEditor;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxModelException;
import dev.graft.onnx.OnnxTensor;
import dev.graft.onnx.TextTensors;
import dev.graft.onnx.ValueInfo;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What a network of text is fed, found by the names of its inputs: token numbers, and beside them
 * what follows from these.
 *
 * @param inputs what is what
 * @param fixedTokens the length that the file fixes, if it fixes one
 */
public record TokenInput(Map<Role, ValueInfo> inputs, OptionalInt fixedTokens) {
  /** What exporters of transformers feed. */
  public enum Role {
    /** Numbers of tokens [N, tokens]. */
    TOKENS,
    /** 1 for a token, 0 for padding. */
    MASK,
    /** To which of two sentences a token belongs: all to the first. */
    TYPES,
    /** The place of a token, from 0 on. */
    POSITIONS
  }

  /** Copies. */
  public TokenInput {
    inputs = Map.copyOf(inputs);
  }

  /**
   * Tells the inputs of a model apart.
   *
   * @throws OnnxModelException for an input that is none of the known ones, or no tokens among them
   */
  public static TokenInput of(OnnxModel model) {
    Map<Role, ValueInfo> found = new EnumMap<>(Role.class);
    List<String> strange = new ArrayList<>();
    for (ValueInfo input : model.graph().inputs()) {
      Role role = role(input.name());
      boolean usable = input.rank() == 2 && (isWhole(input) || role == Role.MASK);
      if (!usable || found.putIfAbsent(role, input) != null) {
        strange.add(input.describe());
      }
    }
    ValueInfo tokens = found.get(Role.TOKENS);
    if (tokens == null || !strange.isEmpty()) {
      throw new OnnxModelException(
          "%s: a network of text is expected to take whole numbers [N, tokens] named input_ids, and beside them at most an attention mask, token types and positions; %s. Export the encoder alone."
              .formatted(
                  model.source(),
                  strange.isEmpty()
                      ? "it takes no token numbers"
                      : "found " + String.join(", ", strange)));
    }
    long length = tokens.size(1);
    return new TokenInput(
        found, length > 0 ? OptionalInt.of(Math.toIntExact(length)) : OptionalInt.empty());
  }

  private static boolean isWhole(ValueInfo input) {
    return input.type() == ElementType.INT64 || input.type() == ElementType.INT32;
  }

  private static Role role(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.contains("mask")) {
      return Role.MASK;
    }
    if (lower.contains("type") || lower.contains("segment")) {
      return Role.TYPES;
    }
    return lower.contains("position") ? Role.POSITIONS : Role.TOKENS;
  }

  /**
   * How many tokens a network knows: the rows of the table from which it takes their vectors.
   *
   * @return empty where its tokens are looked up in another way
   */
  public OptionalInt knownTokens(OnnxModel model) {
    ValueInfo tokens = inputs.get(Role.TOKENS);
    String name = tokens == null ? "" : tokens.name();
    return model.graph().nodes().stream()
        .filter(node -> node.is("Gather") && node.input(1).equals(name))
        .flatMap(node -> model.graph().constant(node.input(0)).stream())
        .filter(table -> table.rank() == 2)
        .mapToInt(table -> Math.toIntExact(table.shape()[0]))
        .min();
  }

  /**
   * The same network with the one input {@link TextTensors#TOKENS}, from which all others follow:
   * the mask is 1 where a token is not the padding, {@link TextTensors#MASK} the same as floats;
   * types are 0 and positions count from 0.
   *
   * @param padding the number of the token that fills up shorter texts
   */
  public OnnxModel single(OnnxModel model, int padding) {
    ModelEditor editor = model.edit();
    String whole = editor.freshName("graft.token_numbers");
    cast(editor, TextTensors.TOKENS, whole, ElementType.INT64);
    String fill = editor.freshName("graft.padding");
    editor.setInitializer(OnnxTensor.ofLongs(fill, new long[] {padding}, 1));
    String filled = editor.freshName("graft.is_padding");
    String real = editor.freshName("graft.is_token");
    editor.addNode(Node.of("Equal", List.of(whole, fill), List.of(filled)));
    editor.addNode(Node.of("Not", List.of(filled), List.of(real)));
    cast(editor, real, TextTensors.MASK, ElementType.FLOAT);
    inputs.forEach(
        (role, input) -> {
          switch (role) {
            case TOKENS -> cast(editor, whole, input.name(), input.type());
            case MASK -> cast(editor, real, input.name(), input.type());
            case TYPES -> cast(editor, zeros(editor, whole), input.name(), input.type());
            case POSITIONS -> cast(editor, positions(editor, whole), input.name(), input.type());
          }
        });
    Dimension length =
        fixedTokens.isPresent() ? Dimension.of(fixedTokens.getAsInt()) : Dimension.named("tokens");
    return editor
        .setInputs(
            List.of(
                ValueInfo.of(TextTensors.TOKENS, ElementType.FLOAT, Dimension.named("N"), length)))
        .build();
  }

  private static void cast(ModelEditor editor, String from, String to, ElementType type) {
    editor.addNode(Node.of("Cast", List.of(from), List.of(to)).withInteger("to", type.onnxCode()));
  }

  /** [N, tokens] of 0. */
  private static String zeros(ModelEditor editor, String whole) {
    String none = editor.freshName("graft.none");
    editor.setInitializer(OnnxTensor.ofLongs(none, new long[] {0}, 1));
    String zeros = editor.freshName("graft.first_sentence");
    editor.addNode(Node.of("Mul", List.of(whole, none), List.of(zeros)));
    return zeros;
  }

  /** [N, tokens] of 0, 1, 2 and so on: the running sum of ones, less one. */
  private static String positions(ModelEditor editor, String whole) {
    String one = editor.freshName("graft.one_place");
    String axis = editor.freshName("graft.along_tokens");
    editor.setInitializer(OnnxTensor.ofLongs(one, new long[] {1}, 1));
    editor.setInitializer(OnnxTensor.ofLongs(axis, new long[] {1}));
    String ones = editor.freshName("graft.ones");
    String sums = editor.freshName("graft.places_from_one");
    String places = editor.freshName("graft.places");
    editor.addNode(Node.of("Add", List.of(zeros(editor, whole), one), List.of(ones)));
    editor.addNode(Node.of("CumSum", List.of(ones, axis), List.of(sums)));
    editor.addNode(Node.of("Sub", List.of(sums, one), List.of(places)));
    return places;
  }
}
