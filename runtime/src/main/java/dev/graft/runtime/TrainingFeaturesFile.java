package dev.graft.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The file of {@link TrainingFeatures}, little-endian:
 *
 * <pre>
 * "GRAFTTF2"  8 bytes
 * examples, features, neighbours, distances, text bytes  5 x int32
 * text        {"ids": [...], "labels": [...]} in UTF-8
 * distances   float32, ascending
 * units       float32 [2, features]: means, then deviations
 * rows        float16 [examples, features]
 * CRC-32      int32, of all bytes before it
 * </pre>
 */
final class TrainingFeaturesFile {
  private static final byte[] MAGIC = "GRAFTTF2".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER_BYTES = MAGIC.length + 5 * Integer.BYTES;
  private static final int MOST_TEXT_BYTES = 16 << 20;
  private static final long MOST_BYTES = 512L << 20;

  private TrainingFeaturesFile() {}

  static void write(TrainingFeatures features, Path file) {
    byte[] text = text(features).getBytes(StandardCharsets.UTF_8);
    long size =
        size(features.rows().length, features.width(), features.distances().length, text.length);
    if (text.length > MOST_TEXT_BYTES || size > MOST_BYTES) {
      throw new BundleException(
          "Cannot write "
              + file
              + ": "
              + features.size()
              + " training examples of "
              + features.width()
              + " features need "
              + size
              + " bytes, "
              + text.length
              + " of them for their names; the limits are "
              + MOST_BYTES
              + " and "
              + MOST_TEXT_BYTES);
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(MAGIC);
    bytes.putInt(features.size()).putInt(features.width()).putInt(features.neighbours());
    bytes.putInt(features.distances().length).putInt(text.length);
    bytes.put(text);
    for (float distance : features.distances()) {
      bytes.putFloat(distance);
    }
    for (float value : features.units().mean()) {
      bytes.putFloat(value);
    }
    for (float value : features.units().deviation()) {
      bytes.putFloat(value);
    }
    for (float value : features.rows()) {
      bytes.putShort(HalfFloat.of(value));
    }
    bytes.putInt(checksum(bytes.array(), bytes.position()));
    AtomicFile.write(file, bytes.array());
  }

  private static String text(TrainingFeatures features) {
    ObjectNode json = JsonFile.newObject();
    ArrayNode ids = json.putArray("ids");
    features.ids().forEach(ids::add);
    ArrayNode labels = json.putArray("labels");
    features.labels().forEach(labels::add);
    return json.toString();
  }

  static TrainingFeatures read(Path file) {
    try {
      long size = Files.size(file);
      if (size < HEADER_BYTES || size > MOST_BYTES) {
        throw damaged(
            file,
            "it has " + size + " bytes, expected " + HEADER_BYTES + " to " + MOST_BYTES,
            null);
      }
      return parse(file, Files.readAllBytes(file));
    } catch (IOException failure) {
      throw damaged(file, "it cannot be read: " + failure, failure);
    }
  }

  private static TrainingFeatures parse(Path file, byte[] content) {
    ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    byte[] magic = new byte[MAGIC.length];
    bytes.get(magic);
    if (!java.util.Arrays.equals(magic, MAGIC)) {
      throw damaged(file, "it does not begin with GRAFTTF2", null);
    }
    int examples = bytes.getInt();
    int width = bytes.getInt();
    int neighbours = bytes.getInt();
    int distanceCount = bytes.getInt();
    int textBytes = bytes.getInt();
    requireRange(file, "examples", examples, TrainingFeatures.MOST_EXAMPLES);
    requireRange(file, "features", width, TrainingFeatures.MOST_FEATURES);
    requireRange(file, "neighbours", neighbours, TrainingFeatures.MOST_NEIGHBOURS);
    requireRange(file, "distances", distanceCount, examples);
    requireRange(file, "bytes of text", textBytes, MOST_TEXT_BYTES);
    long expected = size((long) examples * width, width, distanceCount, textBytes);
    if (content.length != expected) {
      throw damaged(
          file, "it has " + content.length + " bytes, its header tells " + expected, null);
    }
    if (checksum(content, content.length - Integer.BYTES)
        != bytes.getInt(content.length - Integer.BYTES)) {
      throw damaged(file, "its checksum is wrong", null);
    }
    byte[] text = new byte[textBytes];
    bytes.get(text);
    ObjectNode names = names(file, text);
    float[] distances = new float[distanceCount];
    for (int i = 0; i < distanceCount; i++) {
      distances[i] = bytes.getFloat();
      if (!(distances[i] >= (i == 0 ? 0 : distances[i - 1]) && Float.isFinite(distances[i]))) {
        throw damaged(file, "its distances are not ascending numbers from 0 on", null);
      }
    }
    FeatureUnits units = units(file, bytes, width);
    float[] rows = new float[examples * width];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = HalfFloat.toFloat(bytes.getShort());
      if (!(Math.abs(rows[i]) <= 1)) {
        throw damaged(file, "a row holds " + rows[i] + ", expected -1 to 1", null);
      }
    }
    return new TrainingFeatures(
        list(file, names, "ids", examples),
        list(file, names, "labels", examples),
        units,
        rows,
        neighbours,
        distances);
  }

  private static FeatureUnits units(Path file, ByteBuffer bytes, int width) {
    float[] mean = new float[width];
    float[] deviation = new float[width];
    for (int i = 0; i < width; i++) {
      mean[i] = bytes.getFloat();
    }
    for (int i = 0; i < width; i++) {
      deviation[i] = bytes.getFloat();
      if (!(deviation[i] > 0 && Float.isFinite(deviation[i]) && Float.isFinite(mean[i]))) {
        throw damaged(file, "feature " + i + " has no finite mean and deviation above 0", null);
      }
    }
    return new FeatureUnits(mean, deviation);
  }

  private static ObjectNode names(Path file, byte[] text) {
    try {
      if (JsonFile.parse(new String(text, StandardCharsets.UTF_8)) instanceof ObjectNode object) {
        return object;
      }
      throw damaged(file, "its names are no JSON object", null);
    } catch (JsonProcessingException invalid) {
      throw damaged(file, "its names are no valid JSON: " + invalid.getOriginalMessage(), invalid);
    }
  }

  private static List<String> list(Path file, ObjectNode names, String key, int examples) {
    JsonNode list = names.path(key);
    List<String> texts = new ArrayList<>();
    for (JsonNode entry : list) {
      if (entry.isTextual()) {
        texts.add(entry.textValue());
      }
    }
    if (!list.isArray() || list.size() != examples || texts.size() != examples) {
      throw damaged(file, "\"" + key + "\" is no list of " + examples + " texts", null);
    }
    return texts;
  }

  /** In 64 bits: a header may tell anything. */
  private static long size(long values, long width, long distances, long textBytes) {
    return HEADER_BYTES
        + textBytes
        + Float.BYTES * (distances + 2 * width)
        + Short.BYTES * values
        + Integer.BYTES;
  }

  private static int checksum(byte[] bytes, int count) {
    CRC32 checksum = new CRC32();
    checksum.update(bytes, 0, count);
    return (int) checksum.getValue();
  }

  private static void requireRange(Path file, String what, int found, int most) {
    if (found < 1 || found > most) {
      throw damaged(
          file, "its header tells " + found + " " + what + ", expected 1 to " + most, null);
    }
  }

  private static BundleException damaged(Path file, String reason, @Nullable Throwable cause) {
    return new BundleException(
        "The bundle's "
            + file
            + " is not usable: "
            + reason
            + "; restore the file graft wrote, or remove it: the model then predicts without"
            + " comparing inputs with the training data",
        cause);
  }
}
