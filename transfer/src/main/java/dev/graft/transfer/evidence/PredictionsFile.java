package dev.graft.transfer.evidence;

import dev.graft.transfer.TransferException;
import dev.graft.transfer.evidence.ExamplePredictions.Row;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * The predictions for the test examples, a table for programs: comma-separated values with the
 * header {@code id,sha256,label,predicted,probability,label_probability}.
 */
public final class PredictionsFile {
  private static final List<String> HEADER =
      List.of("id", "sha256", "label", "predicted", "probability", "label_probability");
  private static final long LARGEST_BYTES = 256L << 20;
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180.builder().setRecordSeparator("\n").get();

  private PredictionsFile() {}

  /**
   * Writes the file, whole or not at all.
   *
   * @throws TransferException if it cannot be written
   */
  public static void write(ExamplePredictions predictions, Path file) {
    StringBuilder text = new StringBuilder();
    try (CSVPrinter printer = new CSVPrinter(text, FORMAT)) {
      printer.printRecord(HEADER);
      for (Row row : predictions.rows()) {
        printer.printRecord(
            row.id(),
            row.sha256(),
            row.label(),
            row.predicted(),
            // The shortest decimal form of the 32-bit value: the models give no more.
            Float.toString((float) row.probability()),
            Float.toString((float) row.labelProbability()));
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException("writing to memory", impossible);
    }
    EvidenceFile.write(file, text.toString());
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param classes the classes that may stand in it
   * @throws TransferException if it cannot be read or does not belong to these classes
   */
  public static ExamplePredictions read(Path file, Set<String> classes) {
    String text = text(file);
    List<Row> rows = new ArrayList<>();
    try (CSVParser parser = CSVParser.parse(new StringReader(text), FORMAT)) {
      for (CSVRecord record : parser) {
        if (record.getRecordNumber() == 1) {
          require(file, 1, record.toList().equals(HEADER), "the header is not " + HEADER);
        } else {
          rows.add(row(file, record, classes));
        }
      }
    } catch (IOException | UncheckedIOException | IllegalStateException failure) {
      throw unusable(file, "line " + (rows.size() + 2) + ": " + failure.getMessage(), failure);
    }
    return new ExamplePredictions(rows);
  }

  private static String text(Path file) {
    try {
      long size = Files.size(file);
      if (size > LARGEST_BYTES) {
        throw unusable(file, "it has " + size + " bytes, the limit is " + LARGEST_BYTES, null);
      }
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw unusable(file, "it cannot be read: " + failure, failure);
    }
  }

  private static Row row(Path file, CSVRecord record, Set<String> classes) {
    long line = record.getRecordNumber();
    require(file, line, record.size() == HEADER.size(), "it has " + record.size() + " columns");
    require(file, line, SHA_256.matcher(record.get(1)).matches(), "the hash is no SHA-256");
    for (int column = 2; column < 4; column++) {
      String label = record.get(column);
      require(file, line, classes.contains(label), "the model has no class \"" + label + "\"");
    }
    return new Row(
        record.get(0),
        record.get(1),
        record.get(2),
        record.get(3),
        probability(file, line, record.get(4)),
        probability(file, line, record.get(5)));
  }

  private static double probability(Path file, long line, String text) {
    double value = Double.NaN;
    try {
      value = Float.parseFloat(text);
    } catch (NumberFormatException noNumber) {
      // Refused below.
    }
    // What was computed in bf16 may be a little outside.
    require(
        file, line, value > -0.1 && value < 1.1, "\"" + text + "\" is no probability from 0 to 1");
    return value;
  }

  private static void require(Path file, long line, boolean holds, String problem) {
    if (!holds) {
      throw unusable(file, "row " + line + ": " + problem, null);
    }
  }

  private static TransferException unusable(Path file, String reason, @Nullable Exception beneath) {
    String message =
        "Reading the predictions "
            + file
            + ": "
            + reason
            + ". Restore the file that graft train wrote, or delete it and give --data.";
    return beneath == null
        ? new TransferException(TransferException.Cause.MODEL, message)
        : new TransferException(TransferException.Cause.MODEL, message, beneath);
  }
}
