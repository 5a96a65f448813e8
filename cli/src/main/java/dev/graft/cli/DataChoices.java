package dev.graft.cli;

import dev.graft.transfer.TransferLearning;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code train} about the data. */
final class DataChoices {
  @Option(
      names = "--examples-per-class",
      paramLabel = "N",
      description = "Train on a seeded sample of N images of each class only.")
  private @Nullable Integer examplesPerClass;

  @Option(
      names = "--validation-fraction",
      paramLabel = "SHARE",
      description =
          "Share of the training images held out for validation where the data bring no"
              + " validation part (default: 0.2).")
  private @Nullable Double validationFraction;

  @Option(
      names = "--label-column",
      paramLabel = "NAME",
      description = "Column of the class in tables (default: ${DEFAULT-VALUE}).")
  private String labelColumn = "label";

  String labelColumn() {
    return labelColumn;
  }

  TransferLearning applyTo(TransferLearning learning) {
    TransferLearning chosen = learning;
    chosen = examplesPerClass == null ? chosen : chosen.examplesPerClass(examplesPerClass);
    return validationFraction == null ? chosen : chosen.validationFraction(validationFraction);
  }
}
