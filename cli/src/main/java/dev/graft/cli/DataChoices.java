package dev.graft.cli;

import dev.graft.data.DataFixes;
import dev.graft.transfer.TransferLearning;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code train} about the data. */
final class DataChoices extends DataReading {
  @Option(
      names = "--examples-per-class",
      paramLabel = "N",
      description = "Train on a seeded sample of N examples of each class only.")
  private @Nullable Integer examplesPerClass;

  @Option(
      names = "--validation-fraction",
      paramLabel = "SHARE",
      description =
          "Share of the training examples held out for validation where the data bring no"
              + " validation part (default: 0.2).")
  private @Nullable Double validationFraction;

  @Option(
      names = "--fixes",
      paramLabel = "FILE",
      description =
          "A fixes.csv, as graft doctor and each training write it, in whose column action people"
              + " wrote relabel or drop.")
  private @Nullable Path fixes;

  TransferLearning applyTo(TransferLearning learning) {
    TransferLearning chosen = learning;
    chosen = examplesPerClass == null ? chosen : chosen.examplesPerClass(examplesPerClass);
    chosen = fixes == null ? chosen : chosen.fixes(DataFixes.read(fixes));
    return validationFraction == null ? chosen : chosen.validationFraction(validationFraction);
  }
}
