package dev.graft.data.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.data.DataException;
import dev.graft.data.DatasetKind;
import dev.graft.data.Preprocessing;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;

/**
 * What is done to a text before a backbone reads it: its tokens' ids, at most so many, filled up
 * with one id at the end. Immutable and thread-safe.
 *
 * @param maximumTokens the tokens of the longest text that is not cut, special ones included, 2 to
 *     131,072
 * @param padId the id that fills up, which the graph takes for "nothing here", 0 or more
 * @param tokenizerHash {@link Tokenizer#hash()} of the tokenizer that makes the ids
 * @param padding how far shorter texts are filled up
 */
public record TextPreprocessing(int maximumTokens, int padId, String tokenizerHash, Padding padding)
    implements Preprocessing {
  /** How far texts are filled up that have fewer tokens than there may be. */
  public enum Padding {
    /** To a length that texts of about one length share: the graph takes any. */
    SHARED("longest"),
    /** To the most tokens that there may be: the graph takes no other length. */
    MAXIMUM("max_length");

    private final String jsonName;

    Padding(String jsonName) {
      this.jsonName = jsonName;
    }

    private static Padding ofJson(String name) {
      return name.equals(MAXIMUM.jsonName) ? MAXIMUM : SHARED;
    }
  }

  private static final int LONGEST = 1 << 17;
  private static final int ID_LIMIT = 1 << 24;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** For a graph that takes texts of any length. */
  public TextPreprocessing(int maximumTokens, int padId, String tokenizerHash) {
    this(maximumTokens, padId, tokenizerHash, Padding.SHARED);
  }

  public TextPreprocessing {
    Objects.requireNonNull(padding, "padding");
    Objects.requireNonNull(tokenizerHash, "tokenizerHash");
    require(
        maximumTokens >= 2 && maximumTokens <= LONGEST,
        "maximum tokens: expected 2 to " + LONGEST + ", found " + maximumTokens);
    require(
        padId >= 0 && padId < ID_LIMIT,
        "pad id: expected 0 to " + (ID_LIMIT - 1) + ", found " + padId);
    require(
        tokenizerHash.matches("[0-9a-f]{64}"),
        "tokenizer hash: expected 64 lower-case hexadecimal digits, found \""
            + tokenizerHash
            + "\"");
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException("text preprocessing, " + message);
    }
  }

  /** What is done with a tokenizer and its own id for padding. */
  public static TextPreprocessing of(Tokenizer tokenizer, int maximumTokens) {
    return new TextPreprocessing(maximumTokens, tokenizer.padId(), tokenizer.hash());
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @param sourceName what to call it in messages
   * @throws DataException where it is no JSON or a field is missing or out of range
   */
  public static TextPreprocessing parse(String json, String sourceName) {
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (IOException e) {
      String line = String.valueOf(e.getMessage()).lines().findFirst().orElse("unreadable");
      throw new DataException(
          "Cannot read " + sourceName + ": it is no valid JSON (" + line + ").", e);
    }
    if (root == null || !root.isObject()) {
      throw new DataException("Cannot read " + sourceName + ": expected a JSON object.");
    }
    try {
      return new TextPreprocessing(
          integer(root, "max_length"),
          integer(root, "pad_token_id"),
          root.path("tokenizer_sha256").asText(""),
          Padding.ofJson(root.path("padding").asText("")));
    } catch (IllegalArgumentException e) {
      throw new DataException("Cannot use " + sourceName + ": " + e.getMessage() + ".", e);
    }
  }

  private static int integer(JsonNode root, String field) {
    JsonNode node = root.path(field);
    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
      throw new IllegalArgumentException(
          "field \""
              + field
              + "\": expected an integer, found "
              + (node.isMissingNode() ? "none" : node));
    }
    return node.intValue();
  }

  @Override
  public String toJson() {
    ObjectNode json = JSON.createObjectNode();
    json.put("feature_extractor_type", "TokenIds");
    json.put("max_length", maximumTokens);
    json.put("pad_token_id", padId);
    json.put("padding", padding.jsonName);
    json.put("padding_side", "right");
    json.put("truncation_side", "right");
    json.put("tokenizer_sha256", tokenizerHash);
    return json.toPrettyString().replace("\r\n", "\n") + "\n";
  }

  @Override
  public DatasetKind kind() {
    return DatasetKind.TEXT;
  }

  /** The tokens of the longest text. */
  @Override
  public long[] shape() {
    return new long[] {maximumTokens};
  }

  @Override
  public int valueCount() {
    return maximumTokens;
  }

  /**
   * The ids of a text as one row of {@link #valueCount()} floats, in which they are exact.
   *
   * @throws IllegalArgumentException where the text has more tokens than a row
   */
  public float[] row(TokenSequence tokens) {
    require(
        tokens.length() <= maximumTokens,
        "a row: expected at most " + maximumTokens + " tokens, found " + tokens.length());
    float[] row = new float[maximumTokens];
    Arrays.fill(row, padId);
    for (int i = 0; i < tokens.length(); i++) {
      row[i] = tokens.ids()[i];
    }
    return row;
  }

  /** The same with room for another number of tokens. */
  public TextPreprocessing withMaximumTokens(int newMaximumTokens) {
    return new TextPreprocessing(newMaximumTokens, padId, tokenizerHash, padding);
  }

  /** The same with texts filled up in another way. */
  public TextPreprocessing withPadding(Padding other) {
    return new TextPreprocessing(maximumTokens, padId, tokenizerHash, other);
  }
}
