package dev.graft.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The passes through which every graph goes, in their one order.
 *
 * <p>{@link #forTraining()} brings a file to the form that is trained and that a trained model
 * keeps: one operator set, standard operators, real numbers, any number of examples, weights by
 * name. {@link #forRunning()} goes on to the form that an engine computes: groups of small
 * operators become the one operator that they spell out. What is computed stays the same, and so do
 * the weights and their names. Immutable and thread-safe.
 */
public final class GraphPreparation {
  /** The operator set to which older files are brought before they are trained. */
  private static final int CANONICAL_OPSET = 18;

  private static final GraphPreparation FOR_TRAINING =
      new GraphPreparation(
          List.of(
              new FunctionInliner.Pass(),
              new OpsetUpgrade.Pass(CANONICAL_OPSET),
              new ConditionInlining(),
              new MicrosoftExpansion(),
              new SinglePrecision(),
              new QuantisationRemoval.Pass(),
              new StoredConstants(),
              new OwnVectors(),
              new BatchDimension.Pass(),
              new ShapeFolding.Pass()));

  private static final GraphPreparation FOR_RUNNING =
      new GraphPreparation(
          List.of(
              new ScalarFolding(),
              new StepRemoval(),
              new LayerNormalizationFusion(),
              new GeluFusion(),
              new SwishFusion(),
              new HardSwishFusion(),
              new SoftmaxFusion(),
              new AttentionFusion()));

  private final List<GraphPass> passes;

  private GraphPreparation(List<GraphPass> passes) {
    this.passes = passes;
  }

  /**
   * What one pass did.
   *
   * @param pass its name
   * @param purpose what it does
   * @param places how many places of the graph it changed
   * @param nodesBefore the number of nodes before it
   * @param nodesAfter the number of nodes after it
   */
  public record Step(String pass, String purpose, int places, int nodesBefore, int nodesAfter) {}

  /**
   * What a preparation left.
   *
   * @param model the model after the last pass that succeeded
   * @param steps what each of these did, in order
   * @param problem why the next pass failed; empty where all succeeded
   */
  public record Outcome(OnnxModel model, List<Step> steps, Optional<OnnxModelException> problem) {}

  /** From a file to the form that is trained and saved. */
  public static GraphPreparation forTraining() {
    return FOR_TRAINING;
  }

  /** From the form that is trained to the form that is run; it needs an engine of opset 24. */
  public static GraphPreparation forRunning() {
    return FOR_RUNNING;
  }

  /** The passes in order. */
  public List<GraphPass> passes() {
    return passes;
  }

  /**
   * The model after all passes.
   *
   * @throws OnnxModelException from the first pass that fails
   */
  public OnnxModel apply(OnnxModel model) {
    OnnxModel current = model;
    for (GraphPass pass : passes) {
      current = pass.apply(current).model();
    }
    return current;
  }

  /** Applies passes up to the first that fails and tells what each did. */
  public Outcome attempt(OnnxModel model) {
    OnnxModel current = model;
    List<Step> steps = new ArrayList<>();
    for (GraphPass pass : passes) {
      try {
        GraphPass.Rewrite rewrite = pass.apply(current);
        steps.add(
            new Step(
                pass.name(),
                pass.purpose(),
                rewrite.places(),
                current.graph().nodes().size(),
                rewrite.model().graph().nodes().size()));
        current = rewrite.model();
      } catch (OnnxModelException problem) {
        return new Outcome(current, List.copyOf(steps), Optional.of(problem));
      }
    }
    return new Outcome(current, List.copyOf(steps), Optional.empty());
  }
}
