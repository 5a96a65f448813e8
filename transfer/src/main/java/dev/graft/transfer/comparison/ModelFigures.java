package dev.graft.transfer.comparison;

import dev.graft.transfer.evidence.Evaluation;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What is known of one of the models. Immutable and thread-safe.
 *
 * @param name what it is called: the name of its folder
 * @param onCommon its figures on the examples that all models have predicted; empty without those
 * @param stated the figures of its own test part, as its metrics.json states them; empty without
 * @param milliseconds median time for one example, decoded, one at a time, in ONNX Runtime on this
 *     machine; empty where the model has no golden examples
 * @param modelBytes size of model.onnx
 */
public record ModelFigures(
    String name,
    Optional<Evaluation> onCommon,
    Optional<StatedFigures> stated,
    OptionalDouble milliseconds,
    long modelBytes) {}
