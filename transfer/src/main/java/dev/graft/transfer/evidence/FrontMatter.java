package dev.graft.transfer.evidence;

import java.util.Locale;
import java.util.Set;

/**
 * The YAML at the top of a model card, with the keys that model hubs read. Every value that comes
 * from outside is a double-quoted scalar.
 *
 * <p>Source: Hugging Face Hub documentation, "Model Cards" and the model-index of its card
 * specification.
 */
public final class FrontMatter {

  /** The identifiers that hubs know; any other licence is "other" with its name. */
  private static final Set<String> KNOWN_LICENCES =
      Set.of(
          "apache-2.0",
          "mit",
          "bsd",
          "bsd-2-clause",
          "bsd-3-clause",
          "bsd-3-clause-clear",
          "cc0-1.0",
          "cc-by-2.0",
          "cc-by-2.5",
          "cc-by-3.0",
          "cc-by-4.0",
          "cc-by-sa-3.0",
          "cc-by-sa-4.0",
          "cc-by-nc-2.0",
          "cc-by-nc-3.0",
          "cc-by-nc-4.0",
          "cc-by-nd-4.0",
          "cc-by-nc-nd-3.0",
          "cc-by-nc-nd-4.0",
          "cc-by-nc-sa-2.0",
          "cc-by-nc-sa-3.0",
          "cc-by-nc-sa-4.0",
          "openrail",
          "gpl",
          "gpl-2.0",
          "gpl-3.0",
          "lgpl",
          "lgpl-2.1",
          "lgpl-3.0",
          "agpl-3.0",
          "mpl-2.0",
          "epl-1.0",
          "epl-2.0",
          "artistic-2.0",
          "isc",
          "ncsa",
          "zlib",
          "unlicense",
          "wtfpl",
          "unknown");

  private final StringBuilder yaml = new StringBuilder("---\n");

  private final ExampleWords words;

  private FrontMatter(ExampleWords words) {
    this.words = words;
  }

  static String of(TrainingRecord record) {
    FrontMatter front = new FrontMatter(ExampleWords.of(record));
    front.line("library_name: graft");
    front.licence(record.backbone().licence().orElse("unknown"));
    front.line("base_model: " + quoted(record.backbone().id()));
    front.line("pipeline_tag: " + front.words.task());
    front.line("tags:");
    front.line("- " + front.words.task());
    front.line("- transfer-learning");
    front.line("- onnx");
    front.line("- graft");
    front.line("datasets:");
    front.line("- " + quoted(EvidenceWords.dataName(record)));
    front.line("metrics:");
    front.line("- accuracy");
    front.line("- f1");
    front.line("model-index:");
    front.line(
        "- name: " + quoted(EvidenceWords.dataName(record) + " on " + record.backbone().id()));
    front.line("  results:");
    record.test().ifPresent(test -> front.results(EvidenceWords.dataName(record), "test", test));
    front.results(EvidenceWords.dataName(record), "validation", record.validation());
    front.line("---");
    return front.yaml.toString();
  }

  /** Of a backbone, whose one result is on its source task. */
  static String of(PretrainingRecord record) {
    FrontMatter front = new FrontMatter(ExampleWords.of(record));
    front.line("library_name: graft");
    front.licence(record.licence().orElse("unknown"));
    front.line("pipeline_tag: " + front.words.featureTask());
    front.line("tags:");
    front.line("- " + front.words.featureTask());
    front.line("- " + front.words.task());
    front.line("- backbone");
    front.line("- onnx");
    front.line("- graft");
    front.line("datasets:");
    front.line("- " + quoted(record.data().name()));
    front.line("metrics:");
    front.line("- accuracy");
    front.line("model-index:");
    front.line("- name: " + quoted(record.id()));
    front.line("  results:");
    front.results(record.data().name(), "validation", record.validation());
    front.line("---");
    return front.yaml.toString();
  }

  private void licence(String licence) {
    line(licenceLines(licence));
  }

  /** The keys that state a licence: its identifier, or "other" and its name. */
  public static String licenceLines(String licence) {
    String identifier = licence.strip().toLowerCase(Locale.ROOT);
    return KNOWN_LICENCES.contains(identifier)
        ? "license: " + identifier
        : "license: other\nlicense_name: " + quoted(licence);
  }

  private void results(String data, String part, Evaluation evaluation) {
    line("  - task:");
    line("      type: " + words.task());
    line("      name: " + words.taskName());
    line("    dataset:");
    line("      name: " + quoted(data));
    line("      type: " + words.folderType());
    line("      split: " + part);
    line("    metrics:");
    metric("accuracy", "Accuracy", evaluation.accuracy());
    metric("balanced_accuracy", "Balanced accuracy", evaluation.balancedAccuracy());
    metric("f1", "Macro F1", evaluation.macroF1());
    metric("log_loss", "Log loss", evaluation.logLoss());
  }

  private void metric(String type, String name, double value) {
    line("    - type: " + type);
    line("      name: " + name);
    line("      value: " + String.format(Locale.ROOT, "%.6f", value));
  }

  private void line(String text) {
    yaml.append(text).append('\n');
  }

  /** A double-quoted YAML scalar (YAML 1.2, section 7.3.1) on one line. */
  public static String quoted(String value) {
    StringBuilder result = new StringBuilder("\"");
    value
        .codePoints()
        .forEach(
            point -> {
              if (point == '"' || point == '\\') {
                result.append('\\').appendCodePoint(point);
              } else if (point >= 0x20 && point < 0x7F) {
                result.appendCodePoint(point);
              } else if (Character.isLetterOrDigit(point)) {
                result.appendCodePoint(point);
              } else if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                // Half of a character names nothing and is no valid YAML.
                result.append("\\uFFFD");
              } else {
                result.append(String.format(Locale.ROOT, "\\U%08X", point));
              }
            });
    return result.append('"').toString();
  }
}
