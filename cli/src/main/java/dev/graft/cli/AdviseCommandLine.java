package dev.graft.cli;

import dev.graft.data.DatasetKind;
import dev.graft.transfer.advice.NextStep;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command that follows from advice, ready to be typed.
 *
 * @param data as it was named
 * @param kind of its examples
 * @param reading how the data were to be read, as it was typed
 * @param preparing what has to be told about the backbone, as it was typed
 */
record AdviseCommandLine(
    Path data, DatasetKind kind, List<String> reading, List<String> preparing) {
  String train(NextStep next) {
    List<String> words = new ArrayList<>(List.of("train", data.toString()));
    if (!next.backbone().equals(NamedBackbone.bundledFor(kind).id())) {
      words.addAll(List.of("--backbone", next.backbone()));
    }
    words.addAll(preparing);
    if (next.weights() == NextStep.Weights.FRESH) {
      words.addAll(List.of("--weights", "fresh"));
    }
    next.strategy().ifPresent(said -> words.addAll(List.of("--strategy", said)));
    words.addAll(reading);
    words.addAll(List.of("--out", new ModelFolder(data, Path.of("")).free().toString()));
    return CommandText.of(words);
  }
}
