package dev.graft.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.data.DataException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The golden inputs of a bundle with the outputs they must give: one PNG, WAV or text file for each
 * input, which keeps what was decoded without loss, and expected.json.
 *
 * @param tolerance how far a probability may be from the expected one, above 0 and at most 0.1
 * @param examples at least one
 */
public record GoldenExamples(double tolerance, List<GoldenExample> examples) {

  /** The tolerance for a model that was trained in 32-bit floating point. */
  public static final double TOLERANCE_FP32 = 1e-3;

  /** The tolerance for a model that was trained in bfloat16. */
  public static final double TOLERANCE_BF16 = 2e-2;

  private static final double LARGEST_TOLERANCE = 0.1;
  private static final int MAXIMUM_EXAMPLES = 1000;

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if there is no example or the tolerance is out of range
   */
  public GoldenExamples {
    examples = List.copyOf(examples);
    if (examples.isEmpty() || examples.size() > MAXIMUM_EXAMPLES) {
      throw new IllegalArgumentException(
          "GoldenExamples.examples has "
              + examples.size()
              + " entries; expected 1 to "
              + MAXIMUM_EXAMPLES);
    }
    if (!(tolerance > 0 && tolerance <= LARGEST_TOLERANCE)) {
      throw new IllegalArgumentException(
          "GoldenExamples.tolerance is "
              + tolerance
              + "; expected above 0 and at most "
              + LARGEST_TOLERANCE);
    }
  }

  /**
   * Writes the inputs and expected.json into a folder, which is made if it is missing; the same
   * examples give the same bytes.
   *
   * @throws BundleException if a file cannot be written
   */
  public void write(Path folder) {
    ObjectNode json = JsonFile.newObject();
    json.put("tolerance", tolerance);
    ArrayNode entries = json.putArray("examples");
    for (int i = 0; i < examples.size(); i++) {
      GoldenExample example = examples.get(i);
      String file = String.format(Locale.ROOT, "%03d.%s", i, GoldenInputFile.extension(example));
      AtomicFile.write(folder.resolve(file), GoldenInputFile.encode(example));
      ObjectNode entry = entries.addObject();
      entry.put("input", file);
      entry.put("name", example.name());
      putValues(entry.putArray(BundleLayout.LOGITS), example.logits());
      putValues(entry.putArray(BundleLayout.PROBABILITIES), example.probabilities());
    }
    JsonFile.write(folder.resolve(BundleLayout.EXPECTED), json);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws BundleException if a file is missing or damaged
   */
  public static GoldenExamples read(Path folder) {
    Path expected = folder.resolve(BundleLayout.EXPECTED);
    if (!Files.isRegularFile(expected)) {
      throw new BundleException(
          "Cannot read the golden examples in "
              + folder
              + ": "
              + BundleLayout.EXPECTED
              + " is missing; train again, or use a bundle whose "
              + BundleLayout.EXAMPLES
              + " folder is whole");
    }
    ObjectNode json = JsonFile.read(expected);
    JsonNode entries = json.path("examples");
    if (!entries.isArray() || entries.size() > MAXIMUM_EXAMPLES) {
      throw invalid(
          expected, "\"examples\" is no list of 1 to " + MAXIMUM_EXAMPLES + " entries", null);
    }
    try {
      List<GoldenExample> examples = new ArrayList<>();
      for (JsonNode entry : entries) {
        examples.add(
            new GoldenExample(
                entry.path("name").asText(entry.path("input").asText()),
                readInput(folder, expected, entry.path("input").asText()),
                values(expected, entry, BundleLayout.LOGITS),
                values(expected, entry, BundleLayout.PROBABILITIES)));
      }
      return new GoldenExamples(json.path("tolerance").asDouble(), examples);
    } catch (IllegalArgumentException e) {
      throw invalid(expected, String.valueOf(e.getMessage()), e);
    }
  }

  private static ModelInput readInput(Path folder, Path expected, String file) {
    if (!GoldenInputFile.isName(file)) {
      throw invalid(
          expected,
          "the input \"" + file + "\" is no PNG, WAV or text file in the same folder",
          null);
    }
    try {
      return GoldenInputFile.read(folder.resolve(file));
    } catch (DataException e) {
      throw invalid(expected, "its input " + file + " cannot be used: " + e.getMessage(), e);
    }
  }

  private static List<Double> values(Path expected, JsonNode entry, String name) {
    List<Double> values = new ArrayList<>();
    for (JsonNode value : entry.path(name)) {
      if (!value.isNumber()) {
        throw invalid(expected, "\"" + name + "\" holds " + value + ", which is no number", null);
      }
      values.add(value.doubleValue());
    }
    return values;
  }

  // The shortest decimal form of the 32-bit value: the models give no more.
  private static void putValues(ArrayNode array, List<Double> values) {
    values.forEach(value -> array.add(value.floatValue()));
  }

  private static BundleException invalid(Path expected, String reason, @Nullable Throwable cause) {
    return new BundleException(
        "The golden examples of "
            + expected
            + " are not usable: "
            + reason
            + "; restore the folder that graft train wrote",
        cause);
  }
}
