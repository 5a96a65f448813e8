package dev.graft.cli;

import dev.graft.data.DataException;
import dev.graft.data.Dataset;
import dev.graft.data.Example;
import dev.graft.data.Part;
import dev.graft.data.text.PlainText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The texts of a training part. */
final class TrainingTexts {
  private TrainingTexts() {}

  /** Those that can be read; what cannot is named when training reads it. */
  static List<String> of(Dataset dataset) {
    List<String> texts = new ArrayList<>();
    dataset.part(Part.TRAIN).forEach(example -> text(example).ifPresent(texts::add));
    return texts;
  }

  private static Optional<String> text(Example example) {
    try {
      return Optional.of(PlainText.of(example.source()));
    } catch (DataException unreadable) {
      return Optional.empty();
    }
  }
}
