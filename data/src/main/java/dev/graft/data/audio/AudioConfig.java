package dev.graft.data.audio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/** The JSON description of audio preprocessing: the feature extractors of transformers. */
final class AudioConfig {
  private static final long MAXIMUM_BYTES = 1 << 20;
  private static final double FRAME_SECONDS = 0.025;
  private static final double FRAME_HOP_SECONDS = 0.010;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode root;
  private final String source;

  private AudioConfig(JsonNode root, String source) {
    this.root = root;
    this.source = source;
  }

  static AudioPreprocessing read(Path file, OptionalInt windowOtherwise) {
    try {
      long size = Files.size(file);
      if (size > MAXIMUM_BYTES) {
        throw new DataException(
            "Cannot read " + file + ": expected at most 1 MiB of JSON, found " + size + " bytes.");
      }
      return parse(Files.readAllBytes(file), file.toString(), windowOtherwise);
    } catch (IOException e) {
      throw new DataException(
          "Cannot read the preprocessing description " + file + ": " + e.getMessage() + ".", e);
    }
  }

  static AudioPreprocessing parse(byte[] json, String source, OptionalInt windowOtherwise) {
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (IOException e) {
      String line = String.valueOf(e.getMessage()).lines().findFirst().orElse("unreadable");
      throw new DataException("Cannot read " + source + ": it is no valid JSON (" + line + ").", e);
    }
    if (root == null || !root.isObject()) {
      throw new DataException("Cannot read " + source + ": expected a JSON object.");
    }
    AudioConfig config = new AudioConfig(root, source);
    try {
      int rate = config.rate();
      return new AudioPreprocessing(rate, config.window(rate, windowOtherwise));
    } catch (IllegalArgumentException e) {
      throw new DataException("Cannot use " + source + ": " + e.getMessage() + ".", e);
    }
  }

  static String write(AudioPreprocessing p) {
    ObjectNode json = JSON.createObjectNode();
    json.put("feature_extractor_type", "WaveformFeatureExtractor");
    json.put("feature_size", 1);
    json.put("sampling_rate", p.sampleRate());
    json.put("n_samples", p.windowSamples());
    json.put("padding_side", "both");
    json.put("padding_value", 0.0);
    json.put("do_normalize", false);
    return json.toPrettyString().replace("\r\n", "\n") + "\n";
  }

  private int rate() {
    JsonNode node = root.path("sampling_rate");
    if (node.isMissingNode() || node.isNull()) {
      throw new DataException(
          "Cannot use "
              + source
              + ": the field \"sampling_rate\" is missing. Expected the preprocessor_config.json of an audio model.");
    }
    return integer("sampling_rate", node);
  }

  private int window(int rate, OptionalInt otherwise) {
    for (String field : new String[] {"n_samples", "nb_max_samples"}) {
      if (root.hasNonNull(field)) {
        return integer(field, root.path(field));
      }
    }
    for (String field : new String[] {"chunk_length", "max_length_s"}) {
      if (root.hasNonNull(field)) {
        return samples(field, rate);
      }
    }
    if (root.hasNonNull("max_length")) {
      int length = integer("max_length", root.path("max_length"));
      boolean frames = root.path("feature_extractor_type").asText("").equals("ASTFeatureExtractor");
      return frames
          ? (int)
              Math.min(
                  Integer.MAX_VALUE,
                  Math.round(((length - 1) * FRAME_HOP_SECONDS + FRAME_SECONDS) * rate))
          : length;
    }
    if (otherwise.isPresent()) {
      return otherwise.getAsInt();
    }
    throw new DataException(
        "Cannot use "
            + source
            + ": it does not say how many samples the backbone takes at once. Add \"n_samples\", or state the window.");
  }

  private int samples(String field, int rate) {
    JsonNode node = root.path(field);
    if (!node.isNumber() || !(node.doubleValue() > 0)) {
      throw unsupported(field, "a positive number of seconds", node);
    }
    return (int) Math.min(Integer.MAX_VALUE, Math.round(node.doubleValue() * rate));
  }

  private int integer(String field, JsonNode node) {
    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
      throw unsupported(field, "an integer", node);
    }
    return node.intValue();
  }

  private DataException unsupported(String field, String expected, JsonNode found) {
    return new DataException(
        "Cannot use "
            + source
            + ": field \""
            + field
            + "\": expected "
            + expected
            + ", found "
            + found
            + ". Correct the file.");
  }
}
