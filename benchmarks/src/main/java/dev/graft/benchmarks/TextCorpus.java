package dev.graft.benchmarks;

import dev.graft.data.Dataset;
import dev.graft.data.Example;
import dev.graft.data.Part;
import dev.graft.data.text.PlainText;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * Joins the reference texts to one source task: the training parts of intents of bank customers,
 * intents of a speech assistant, emotions and topics of news, each class named after its data set.
 * Test and validation parts are left out; of AG News, which has none, the half that is tested on.
 */
@Command(
    name = "text-corpus",
    description = "Joins the training parts of the reference texts to one table.",
    mixinStandardHelpOptions = true)
public final class TextCorpus implements Callable<Integer> {
  private static final List<String> SOURCES =
      List.of("ag-news", "banking77", "clinc150", "emotion");

  @Option(names = "--out", required = true, description = "the CSV file to write")
  private Path out = Path.of("");

  @Option(
      names = "--without",
      split = ",",
      description = "sources to leave out, such as the one that a backbone is judged by")
  private List<String> without = List.of();

  private final PrintStream print;

  private TextCorpus(PrintStream print) {
    this.print = print;
  }

  /** Writes the table and tells what is in it. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new TextCorpus(System.out)).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    for (String name : without) {
      if (!SOURCES.contains(name)) {
        throw new ParameterException(
            new CommandLine(this), "There is no source \"" + name + "\", only " + SOURCES);
      }
    }
    Path folder = out.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Path begun = out.resolveSibling(out.getFileName() + ".part");
    try (BufferedWriter table = Files.newBufferedWriter(begun)) {
      table.write("text,label\n");
      for (String source : SOURCES) {
        if (!without.contains(source)) {
          write(source, SharedMaterial.texts(source), table);
        }
      }
    }
    Files.move(begun, out, StandardCopyOption.REPLACE_EXISTING);
    return 0;
  }

  private void write(String source, Dataset dataset, BufferedWriter table) throws IOException {
    List<Example> texts = dataset.part(Part.TRAIN);
    for (Example text : texts) {
      table.write(quoted(PlainText.of(text.source())));
      table.write(',');
      table.write(quoted(source + "/" + text.label()));
      table.write('\n');
    }
    print.printf(
        Locale.ROOT,
        "%s: %,d texts in %,d classes%n",
        source,
        texts.size(),
        dataset.classes().size());
  }

  /** RFC 4180. */
  private static String quoted(String value) {
    return '"' + value.replace("\"", "\"\"") + '"';
  }
}
