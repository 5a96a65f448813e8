package dev.graft.transfer.advice;

import dev.graft.transfer.SourceTask;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A candidate with what its features are worth for the task, and what it costs.
 *
 * @param name how its user names it
 * @param id its own name
 * @param side pixels of the side of the images that it was rated on; empty where it takes others
 * @param score of a linear head on its frozen features
 * @param toBest the best candidate against this one; the best one against itself is a tie
 * @param millisecondsPerExample one example through the trunk, on this machine, without decoding
 * @param fileBytes size of its file
 * @param parameters weights of its trunk
 * @param licence where it is known
 * @param source what it learned from, where that is known
 */
public record RatedBackbone(
    String name,
    String id,
    OptionalInt side,
    Score score,
    PairedAccuracy toBest,
    double millisecondsPerExample,
    long fileBytes,
    long parameters,
    Optional<String> licence,
    Optional<SourceTask> source) {}
