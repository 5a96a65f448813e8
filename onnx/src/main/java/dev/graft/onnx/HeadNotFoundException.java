package dev.graft.onnx;

import java.util.List;

/** The last output layer of a model could not be decided; the message lists the candidates. */
public final class HeadNotFoundException extends OnnxModelException {
  private final List<String> candidates;

  /**
   * Creates the exception.
   *
   * @param message what was looked for and what was found
   * @param candidates tensors that {@code --feature-tensor} could name, nearest to the output first
   */
  public HeadNotFoundException(String message, List<String> candidates) {
    super(
        message
            + (candidates.isEmpty()
                ? ""
                : " Name the feature tensor (--feature-tensor NAME); candidates, nearest to the"
                    + " output first: "
                    + String.join(", ", candidates.subList(0, Math.min(20, candidates.size())))
                    + "."));
    this.candidates = List.copyOf(candidates);
  }

  /** Tensors that could be the feature tensor, nearest to the output first. */
  public List<String> candidates() {
    return candidates;
  }
}
