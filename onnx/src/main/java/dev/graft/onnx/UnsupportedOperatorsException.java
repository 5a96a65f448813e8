package dev.graft.onnx;

import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** A model uses operators that are not implemented; the message names all of them at once. */
public final class UnsupportedOperatorsException extends OnnxModelException {
  private final List<String> operators;

  /**
   * Creates the exception.
   *
   * @param source the model's file name
   * @param opset the model's default operator set
   * @param operators operator names, with their domain where it is not the default one
   */
  public UnsupportedOperatorsException(String source, int opset, Collection<String> operators) {
    super(message(source, opset, operators));
    this.operators = List.copyOf(new TreeSet<>(operators));
  }

  /** The operators, sorted and without repetition. */
  public List<String> operators() {
    return operators;
  }

  private static String message(String source, int opset, Collection<String> operators) {
    TreeSet<String> sorted = new TreeSet<>(operators);
    return source
        + ": "
        + sorted.size()
        + (sorted.size() == 1 ? " operator is" : " operators are")
        + " not supported at opset "
        + opset
        + ": "
        + String.join(", ", sorted)
        + ". Export the model with standard operators (opset 7 to 28, without fusions), or choose"
        + " another backbone.";
  }
}
