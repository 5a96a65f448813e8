package dev.graft.data.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.Set;

/**
 * What is known to end the whole process in the native library (version 0.21 of tokenizers), which
 * checks less of a file than of what it is given in a program.
 */
final class NativePanics {
  private static final Set<String> ONE_TEXT = Set.of("A");
  private static final Set<String> TWO_TEXTS = Set.of("A", "B");

  private NativePanics() {}

  /** What is wrong with a tokenizer, as the second half of a sentence; empty where nothing is. */
  static Optional<String> problem(JsonNode tokenizer) {
    return ofMerges(tokenizer.path("model"))
        .or(() -> ofProcessor(tokenizer.path("post_processor")))
        .or(() -> ofNormalizer(tokenizer.path("normalizer")))
        .or(() -> ofPreTokenizer(tokenizer.path("pre_tokenizer")));
  }

  /** The prefix is cut off the second half of each merge unseen. */
  private static Optional<String> ofMerges(JsonNode model) {
    String prefix = model.path("continuing_subword_prefix").asText("");
    if (prefix.isEmpty() || !model.path("merges").isArray()) {
      return Optional.empty();
    }
    for (JsonNode merge : model.path("merges")) {
      String second =
          merge.isArray()
              ? merge.path(1).asText("")
              : merge.asText("").substring(merge.asText("").indexOf(' ') + 1);
      if (!second.startsWith(prefix)) {
        return Optional.of(
            "the merge " + merge + " goes on with a piece that lacks the prefix " + prefix);
      }
    }
    return Optional.empty();
  }

  /**
   * Texts and special tokens of a template are looked up without looking whether they are there.
   */
  private static Optional<String> ofProcessor(JsonNode processor) {
    for (JsonNode inner : processor.path("processors")) {
      Optional<String> problem = ofProcessor(inner);
      if (problem.isPresent()) {
        return problem;
      }
    }
    JsonNode special = processor.path("special_tokens");
    return ofTemplate(processor.path("single"), ONE_TEXT, special)
        .or(() -> ofTemplate(processor.path("pair"), TWO_TEXTS, special));
  }

  private static Optional<String> ofTemplate(
      JsonNode template, Set<String> texts, JsonNode special) {
    for (JsonNode piece : template) {
      JsonNode text = piece.path("Sequence").path("id");
      if (!text.isMissingNode() && !texts.contains(text.asText())) {
        return Optional.of("its template names the text " + text + ", which there is not");
      }
      JsonNode wanted = piece.path("SpecialToken").path("id");
      JsonNode found = special.path(wanted.asText());
      if (!wanted.isMissingNode()
          && (found.path("ids").isEmpty()
              || found.path("ids").size() != found.path("tokens").size())) {
        return Optional.of(
            "its template names the special token " + wanted + " without saying its id");
      }
    }
    return Optional.empty();
  }

  private static Optional<String> ofNormalizer(JsonNode normalizer) {
    for (JsonNode inner : normalizer.path("normalizers")) {
      Optional<String> problem = ofNormalizer(inner);
      if (problem.isPresent()) {
        return problem;
      }
    }
    JsonNode map = normalizer.path("precompiled_charsmap");
    return map.isTextual()
        ? CharacterMap.problem(map.textValue()).map(problem -> "its character map " + problem)
        : Optional.empty();
  }

  /** Pieces of no length never come to an end. */
  private static Optional<String> ofPreTokenizer(JsonNode preTokenizer) {
    for (JsonNode inner : preTokenizer.path("pretokenizers")) {
      Optional<String> problem = ofPreTokenizer(inner);
      if (problem.isPresent()) {
        return problem;
      }
    }
    boolean fixed = preTokenizer.path("type").asText("").equals("FixedLength");
    return fixed && preTokenizer.path("length").asLong(1) < 1
        ? Optional.of("its pre-tokenizer makes pieces of length " + preTokenizer.path("length"))
        : Optional.empty();
  }
}
