package dev.graft.cli;

import dev.graft.data.Dataset;
import dev.graft.data.DatasetOptions;
import dev.graft.data.DatasetReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options about how labelled data are read. */
class DataReading {
  private static final String USUAL = "label";

  @Option(
      names = "--label-column",
      order = 22,
      paramLabel = "NAME",
      description =
          "Column of the class in tables (default: ${DEFAULT-VALUE}, or one that is called so in"
              + " other words).")
  private String labelColumn = USUAL;

  @Option(
      names = "--text-column",
      order = 23,
      paramLabel = "NAME",
      description = "Column of the texts in tables (default: text, or one that is called so).")
  private @Nullable String textColumn;

  @Option(
      names = "--encoding",
      order = 24,
      paramLabel = "NAME",
      description = "Encoding of texts, such as windows-1252 (default: UTF-8).")
  private Charset encoding = StandardCharsets.UTF_8;

  /**
   * Reads a data set.
   *
   * @throws dev.graft.data.DataException if it cannot be read
   */
  Dataset read(Path location) {
    Optional<String> label =
        labelColumn.equals(USUAL) ? Optional.empty() : Optional.of(labelColumn);
    return DatasetReader.read(
        location, new DatasetOptions(Optional.ofNullable(textColumn), label, encoding));
  }

  /** What was said about reading, as it is typed. */
  List<String> words() {
    List<String> words = new ArrayList<>();
    if (!labelColumn.equals(USUAL)) {
      words.addAll(List.of("--label-column", labelColumn));
    }
    if (textColumn != null) {
      words.addAll(List.of("--text-column", textColumn));
    }
    if (!encoding.equals(StandardCharsets.UTF_8)) {
      words.addAll(List.of("--encoding", encoding.name()));
    }
    return words;
  }
}
