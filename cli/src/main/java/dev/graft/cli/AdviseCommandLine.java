package dev.graft.cli;

import dev.graft.transfer.advice.NextStep;
import dev.graft.zoo.BundledBackbone;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The command that follows from advice, ready to be typed.
 *
 * @param data as it was named
 * @param labelColumn as it was named
 * @param preprocessing what the backbone has to be told
 */
record AdviseCommandLine(Path data, String labelColumn, Optional<String> preprocessing) {
  private static final int MOST_NUMBERS = 1_000;

  String train(NextStep next) {
    List<String> words = new ArrayList<>(List.of("train", data.toString()));
    if (!next.backbone().equals(BundledBackbone.PHOTO_SMALL.id())) {
      words.addAll(List.of("--backbone", next.backbone()));
    }
    preprocessing.ifPresent(said -> words.addAll(List.of("--preprocessing", said)));
    if (next.weights() == NextStep.Weights.FRESH) {
      words.addAll(List.of("--weights", "fresh"));
    }
    next.strategy().ifPresent(said -> words.addAll(List.of("--strategy", said)));
    if (!labelColumn.equals(DataReading.USUAL)) {
      words.addAll(List.of("--label-column", labelColumn));
    }
    words.addAll(List.of("--out", out()));
    return CommandText.of(words);
  }

  /** A folder that is not there yet, named after the data. */
  private String out() {
    Path name = data.toAbsolutePath().normalize().getFileName();
    String plain = name == null ? "my" : name.toString().replaceFirst("\\.[A-Za-z]{1,5}$", "");
    String wanted = plain + "-model";
    for (int number = 2; Files.exists(Path.of(wanted)) && number < MOST_NUMBERS; number++) {
      wanted = plain + "-model-" + number;
    }
    return wanted;
  }
}
