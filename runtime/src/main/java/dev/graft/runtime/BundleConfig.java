package dev.graft.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The content of a bundle's config.json.
 *
 * <p>A reader of other tools' making finds {@code id2label}, {@code label2id} and {@code
 * problem_type} where the model hub expects them.
 *
 * @param labels the class names in the order of the model's outputs, at least two, all different
 * @param modality the raw input that the model takes
 * @param backboneId where the pretrained weights came from, for example a file name
 * @param backboneSha256 SHA-256 of the backbone's file, 64 lower-case hexadecimal digits, or empty
 *     where unknown
 * @param strategy the training strategy, for example {@code head only}
 * @param temperature the calibration temperature that the head's weights already contain, above 0
 * @param graftVersion the version that wrote the bundle
 * @param predictionSets which classes a prediction set holds; empty where too few examples were
 *     held out to tell, and in bundles of before
 * @param detection how the phrase is told in running sound; empty but for wake words
 */
public record BundleConfig(
    List<String> labels,
    Modality modality,
    String backboneId,
    String backboneSha256,
    String strategy,
    double temperature,
    String graftVersion,
    Optional<PredictionSetRule> predictionSets,
    Optional<DetectionRule> detection) {

  private static final String PROBLEM_TYPE = "single_label_classification";
  private static final String UNKNOWN = "unknown";
  private static final Pattern SHA256 = Pattern.compile("([0-9a-f]{64})?");

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if a value is out of its range; the message names it
   */
  public BundleConfig {
    labels = List.copyOf(labels);
    if (labels.size() < 2) {
      throw new IllegalArgumentException(
          "BundleConfig.labels has " + labels.size() + " entries; a classifier needs at least 2");
    }
    Set<String> seen = new HashSet<>();
    for (String label : labels) {
      if (label.isBlank() || !seen.add(label)) {
        throw new IllegalArgumentException(
            "BundleConfig.labels holds \"" + label + "\", which is blank or there twice");
      }
    }
    if (!SHA256.matcher(backboneSha256).matches()) {
      throw new IllegalArgumentException(
          "BundleConfig.backboneSha256 is \""
              + backboneSha256
              + "\"; expected 64 lower-case hexadecimal digits or nothing");
    }
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "BundleConfig.temperature is " + temperature + "; expected a finite number above 0");
    }
    if (detection.isPresent()
        && (modality != Modality.AUDIO || !labels.contains(detection.get().phrase()))) {
      throw new IllegalArgumentException(
          "BundleConfig.detection listens for \""
              + detection.get().phrase()
              + "\", which must be a label of a model for sound; the labels are "
              + labels);
    }
  }

  /** A configuration of a classifier of single examples. */
  public BundleConfig(
      List<String> labels,
      Modality modality,
      String backboneId,
      String backboneSha256,
      String strategy,
      double temperature,
      String graftVersion,
      Optional<PredictionSetRule> predictionSets) {
    this(
        labels,
        modality,
        backboneId,
        backboneSha256,
        strategy,
        temperature,
        graftVersion,
        predictionSets,
        Optional.empty());
  }

  /** A configuration without prediction sets. */
  public BundleConfig(
      List<String> labels,
      Modality modality,
      String backboneId,
      String backboneSha256,
      String strategy,
      double temperature,
      String graftVersion) {
    this(
        labels,
        modality,
        backboneId,
        backboneSha256,
        strategy,
        temperature,
        graftVersion,
        Optional.empty());
  }

  /**
   * Reads a config.json: strict on labels, modality and problem type, tolerant of unknown keys and
   * of missing descriptions.
   *
   * @throws BundleException if the file is missing, no JSON, or names no usable labels
   */
  public static BundleConfig read(Path file) {
    ObjectNode json = JsonFile.read(file);
    JsonNode problem = json.path("problem_type");
    if (!problem.isMissingNode() && !problem.asText().equals(PROBLEM_TYPE)) {
      throw invalid(file, "problem_type is " + problem + "; expected \"" + PROBLEM_TYPE + "\"");
    }
    String modalityWord = json.path("modality").asText();
    Modality modality =
        Modality.ofJsonName(modalityWord)
            .orElseThrow(
                () ->
                    invalid(
                        file,
                        "modality is \"" + modalityWord + "\"; expected image, audio or text"));
    JsonNode backbone = json.path("backbone");
    JsonNode temperature = json.path("temperature");
    if (!temperature.isMissingNode() && !temperature.isNumber()) {
      throw invalid(file, "temperature is " + temperature + "; expected a number");
    }
    try {
      return new BundleConfig(
          readLabels(file, json),
          modality,
          backbone.path("id").asText(UNKNOWN),
          backbone.path("sha256").asText(""),
          json.path("strategy").asText(UNKNOWN),
          temperature.asDouble(1),
          json.path("graft_version").asText(UNKNOWN),
          predictionSets(file, json.path("prediction_sets")),
          DetectionRule.read(json.path("wake_word")));
    } catch (IllegalArgumentException e) {
      throw invalid(file, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Writes a config.json; the same values give the same bytes.
   *
   * @throws BundleException if the file cannot be written
   */
  public void write(Path file) {
    ObjectNode json = JsonFile.newObject();
    json.put("graft_version", graftVersion);
    json.put("modality", modality.jsonName());
    json.put("problem_type", PROBLEM_TYPE);
    json.put("strategy", strategy);
    json.put("temperature", temperature);
    predictionSets.ifPresent(
        rule ->
            json.putObject("prediction_sets")
                .put("coverage", rule.coverage())
                .put("least_probability", rule.leastProbability()));
    detection.ifPresent(rule -> rule.write(json.putObject("wake_word")));
    ObjectNode backbone = json.putObject("backbone");
    backbone.put("id", backboneId);
    backbone.put("sha256", backboneSha256);
    ObjectNode idToLabel = json.putObject("id2label");
    ObjectNode labelToId = json.putObject("label2id");
    for (int id = 0; id < labels.size(); id++) {
      idToLabel.put(Integer.toString(id), labels.get(id));
      labelToId.put(labels.get(id), id);
    }
    JsonFile.write(file, json);
  }

  private static Optional<PredictionSetRule> predictionSets(Path file, JsonNode found) {
    if (found.isMissingNode() || found.isNull()) {
      return Optional.empty();
    }
    JsonNode coverage = found.path("coverage");
    JsonNode least = found.path("least_probability");
    if (!coverage.isNumber() || !least.isNumber()) {
      throw invalid(
          file,
          "prediction_sets is " + found + "; expected the numbers coverage and least_probability");
    }
    return Optional.of(new PredictionSetRule(coverage.asDouble(), least.asDouble()));
  }

  private static List<String> readLabels(Path file, ObjectNode json) {
    JsonNode idToLabel = json.path("id2label");
    if (!idToLabel.isObject()) {
      throw invalid(file, "id2label is missing; expected an object such as {\"0\": \"ants\"}");
    }
    List<String> labels = new ArrayList<>();
    for (int id = 0; id < idToLabel.size(); id++) {
      JsonNode label = idToLabel.path(Integer.toString(id));
      if (!label.isTextual()) {
        throw invalid(
            file,
            "id2label has "
                + idToLabel.size()
                + " entries but no text for \""
                + id
                + "\"; the keys must run from 0 without a gap");
      }
      labels.add(label.asText());
    }
    requireInverse(file, labels, json.path("label2id"));
    return labels;
  }

  private static void requireInverse(Path file, List<String> labels, JsonNode labelToId) {
    if (labelToId.isMissingNode()) {
      return;
    }
    boolean inverse = labelToId.size() == labels.size();
    for (int id = 0; id < labels.size(); id++) {
      JsonNode found = labelToId.path(labels.get(id));
      inverse &= found.isInt() && found.intValue() == id;
    }
    if (!inverse) {
      throw invalid(file, "label2id is not the inverse of id2label");
    }
  }

  private static BundleException invalid(Path file, String reason) {
    return new BundleException(
        "The bundle's " + file + " is not usable: " + reason + "; restore the file graft wrote");
  }
}
