package dev.graft.onnx;

/**
 * One step of preparing a graph: a rewrite that keeps what the graph computes.
 *
 * <p>Passes are listed in their order in {@link GraphPreparation}; each is immutable and
 * thread-safe.
 */
public sealed interface GraphPass
    permits BatchDimension.Pass,
        ConditionInlining,
        FunctionInliner.Pass,
        MicrosoftExpansion,
        OpsetUpgrade.Pass,
        OwnVectors,
        PatternFusion,
        QuantisationRemoval.Pass,
        ScalarFolding,
        ShapeFolding.Pass,
        SinglePrecision,
        StepRemoval,
        StoredConstants {
  /** A short name in lower case, such as {@code quantisation}. */
  String name();

  /** What the pass does, in one sentence without a full stop. */
  String purpose();

  /**
   * Rewrites a model; where there is nothing to do, the same model comes back with 0 places.
   *
   * @throws OnnxModelException naming what has no equal in the form that the pass gives
   */
  Rewrite apply(OnnxModel model);

  /**
   * What a pass left.
   *
   * @param model the rewritten model
   * @param places how many places of the graph were changed
   */
  record Rewrite(OnnxModel model, int places) {}
}
