package dev.graft.data.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.data.DataException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A tokenizer.json that was checked: what the native library would end the whole process for is
 * refused here, in words.
 *
 * @param nativeJson the file without its sections on truncation and padding and without dropout
 * @param vocabularySize one more than the largest id
 * @param padding which id fills up
 * @param unknown the id of what the vocabulary does not know, where it has one
 * @param cutsAtBlanks whether a text may be cut before a blank, see {@link WordEnds}
 */
record TokenizerDocument(
    String nativeJson,
    int vocabularySize,
    Padding padding,
    OptionalInt unknown,
    boolean cutsAtBlanks) {
  private static final int DEEPEST_NESTING = 100;

  /** Ids travel as floats, which are exact up to here. */
  private static final int ID_LIMIT = 1 << 24;

  private static final List<String> PADDING_TOKENS =
      List.of("[PAD]", "<pad>", "<PAD>", "<|pad|>", "<|padding|>");

  /**
   * Numbers keep all their digits: the scores of pieces must reach the native library unchanged.
   */
  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEEPEST_NESTING).build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  /**
   * The id that fills a sequence up.
   *
   * @param id the id
   * @param origin where it is from, as the second half of a sentence
   */
  record Padding(int id, String origin) {}

  static TokenizerDocument parse(byte[] json, String source) {
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (IOException e) {
      String line = String.valueOf(e.getMessage()).lines().findFirst().orElse("unreadable");
      throw new DataException(
          "Cannot read the tokenizer " + source + ": it is no valid JSON (" + line + ").", e);
    }
    if (!(root instanceof ObjectNode tokenizer)
        || !(tokenizer.path("model") instanceof ObjectNode model)) {
      throw refused(source, "expected a JSON object with a \"model\" in it");
    }
    Map<String, Integer> ids = ids(model, source);
    addAdded(tokenizer.path("added_tokens"), ids, source);
    if (ids.isEmpty()) {
      throw refused(source, "its vocabulary is empty");
    }
    int largest = ids.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
    NativePanics.problem(tokenizer)
        .ifPresent(
            problem -> {
              throw refused(source, problem);
            });
    Padding padding = padding(tokenizer.path("padding"), ids, largest, source);
    OptionalInt unknown = unknown(model, ids, largest);
    boolean cuts = WordEnds.areRespectedBy(tokenizer);
    tokenizer.putNull("truncation");
    tokenizer.putNull("padding");
    if (model.has("dropout")) {
      model.putNull("dropout");
    }
    try {
      return new TokenizerDocument(
          JSON.writeValueAsString(tokenizer), largest + 1, padding, unknown, cuts);
    } catch (IOException e) {
      throw new IllegalStateException("writing JSON to memory", e);
    }
  }

  /** The ids of the model's own tokens. */
  private static Map<String, Integer> ids(ObjectNode model, String source) {
    JsonNode vocabulary = model.path("vocab");
    Map<String, Integer> ids = new HashMap<>();
    if (vocabulary.isObject()) {
      vocabulary
          .properties()
          .forEach(token -> ids.put(token.getKey(), id(token.getValue(), token.getKey(), source)));
    } else if (vocabulary.isArray() && vocabulary.size() <= ID_LIMIT) {
      int id = 0;
      for (JsonNode piece : vocabulary) {
        if (!piece.path(0).isTextual() || !piece.path(1).isNumber()) {
          throw refused(
              source, "entry " + id + " of its vocabulary is no pair of a piece and a score");
        }
        ids.put(piece.path(0).textValue(), id++);
      }
    } else {
      throw refused(source, "its model has no vocabulary");
    }
    return ids;
  }

  private static void addAdded(JsonNode added, Map<String, Integer> ids, String source) {
    for (JsonNode token : added) {
      String content = token.path("content").asText("");
      if (content.isEmpty()) {
        throw refused(source, "an added token has no content");
      }
      ids.put(content, id(token.path("id"), content, source));
    }
  }

  private static int id(JsonNode id, String token, String source) {
    if (!id.canConvertToInt()
        || !id.isIntegralNumber()
        || id.intValue() < 0
        || id.intValue() >= ID_LIMIT) {
      throw refused(
          source,
          "the token \""
              + token
              + "\" has the id "
              + (id.isMissingNode() ? "(none)" : id)
              + ", expected 0 to "
              + (ID_LIMIT - 1));
    }
    return id.intValue();
  }

  /** Unigram names it by its number, the others by its name. */
  private static OptionalInt unknown(JsonNode model, Map<String, Integer> ids, int largest) {
    JsonNode number = model.path("unk_id");
    if (number.canConvertToInt() && number.isIntegralNumber()) {
      int id = number.intValue();
      return id >= 0 && id <= largest ? OptionalInt.of(id) : OptionalInt.empty();
    }
    Integer id = ids.get(model.path("unk_token").asText(""));
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  private static Padding padding(
      JsonNode section, Map<String, Integer> ids, int largest, String source) {
    JsonNode stated = section.path("pad_id");
    if (stated.isIntegralNumber()) {
      if (!stated.canConvertToInt() || stated.intValue() < 0 || stated.intValue() > largest) {
        throw refused(
            source, "its pad_id is " + stated + ", expected an id of its tokens, 0 to " + largest);
      }
      return new Padding(stated.intValue(), "its section on padding says so");
    }
    Optional<String> token = PADDING_TOKENS.stream().filter(ids::containsKey).findFirst();
    return token
        .map(name -> new Padding(ids.getOrDefault(name, 0), "it is the token " + name))
        .orElseGet(
            () -> new Padding(0, "nothing in the tokenizer names a token for padding, so it is 0"));
  }

  private static DataException refused(String source, String reason) {
    return new DataException(
        "Cannot use the tokenizer "
            + source
            + ": "
            + reason
            + ". Expected the tokenizer.json of a Hugging Face tokenizer (WordPiece, BPE, Unigram"
            + " or WordLevel).");
  }
}
