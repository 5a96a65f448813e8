package dev.graft.cli;

import dev.graft.engine.EngineException;
import dev.graft.engine.Network;
import dev.graft.engine.Precision;
import dev.graft.onnx.Block;
import dev.graft.onnx.CachePoints;
import dev.graft.onnx.GraphPreparation;
import dev.graft.onnx.Head;
import dev.graft.onnx.HeadFinder;
import dev.graft.onnx.InputKind;
import dev.graft.onnx.Layers;
import dev.graft.onnx.ModelSummary;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxModelException;
import dev.graft.onnx.Trunk;
import dev.graft.onnx.text.TokenInput;
import dev.graft.runtime.RuntimeModelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What was found out about an ONNX file.
 *
 * @param file the file
 * @param model as it is in the file
 * @param kind what it takes
 * @param summary in figures
 * @param head what stands between its trunk and its output; empty if that could not be decided
 * @param trial what running it once showed; empty if it could not be run
 * @param blocks groups of layers of the trunk, first to last
 * @param cachePoints tensors of the trunk that everything after them depends on alone
 * @param problems what keeps it from being a backbone, each a complete message
 */
record ModelInspection(
    Path file,
    OnnxModel model,
    InputKind kind,
    ModelSummary summary,
    Optional<Head> head,
    Optional<HeadTrial> trial,
    List<Block> blocks,
    List<String> cachePoints,
    List<String> problems) {
  /**
   * Reads and tries out a file.
   *
   * @throws OnnxModelException if it is no ONNX model at all
   */
  static ModelInspection of(Path file) {
    OnnxModel original = OnnxModel.read(file);
    List<String> problems = new ArrayList<>();
    OnnxModel canonical = canonical(original, problems);
    Optional<Head> head = Optional.empty();
    Optional<HeadTrial> trial = Optional.empty();
    List<Block> blocks = List.of();
    List<String> cachePoints = List.of();
    try {
      Head found = HeadFinder.find(canonical, Optional.empty(), OptionalInt.empty());
      head = Optional.of(found);
      OnnxModel trunk = Trunk.withFeatures(transferred(canonical), found);
      blocks = Layers.blocks(trunk);
      cachePoints = CachePoints.of(trunk);
      requireTrainable(trunk, problems);
      if (problems.isEmpty()) {
        HeadTrial tried = HeadTrial.of(canonical, found);
        trial = Optional.of(tried);
        tried.problem(file).ifPresent(problems::add);
      }
    } catch (OnnxModelException | RuntimeModelException problem) {
      problems.add(String.valueOf(problem.getMessage()));
    }
    return new ModelInspection(
        file,
        original,
        InputKind.detect(original),
        ModelSummary.of(canonical),
        head,
        trial,
        blocks,
        cachePoints,
        List.copyOf(problems));
  }

  /** Whether it can be trained on examples of any kind. */
  boolean isUsable() {
    return problems.isEmpty()
        && switch (kind) {
          case IMAGE, WAVEFORM, SPECTROGRAM, TOKENS -> true;
          case OTHER -> false;
        };
  }

  /** A network of text takes its tokens alone when it trains; no weight depends on the padding. */
  private static OnnxModel transferred(OnnxModel canonical) {
    return InputKind.detect(canonical) == InputKind.TOKENS
        ? TokenInput.of(canonical).single(canonical, 0)
        : canonical;
  }

  /** The form in which a backbone trains; where a pass fails, the form before it is shown. */
  private static OnnxModel canonical(OnnxModel original, List<String> problems) {
    GraphPreparation.Outcome prepared = GraphPreparation.forTraining().attempt(original);
    prepared.problem().ifPresent(problem -> problems.add(String.valueOf(problem.getMessage())));
    return prepared.model();
  }

  /** Asks the engine; it names all operators that it does not know at once. */
  private static void requireTrainable(OnnxModel trunk, List<String> problems) {
    if (trunk.graph().inputs().size() != 1) {
      return;
    }
    try (Network network = Network.load(trunk, Precision.FP32)) {
      assert network.precision() == Precision.FP32;
    } catch (OnnxModelException | EngineException problem) {
      if (problem.getCause() instanceof LinkageError failure) {
        throw failure;
      }
      problems.add(String.valueOf(problem.getMessage()));
    }
  }
}
