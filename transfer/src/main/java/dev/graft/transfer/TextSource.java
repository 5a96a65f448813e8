package dev.graft.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.data.text.TextEncoder;
import dev.graft.data.text.TextPreprocessing;
import dev.graft.data.text.Tokenizer;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.text.TokenInput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A backbone of text as it is transferred: rows of token numbers in, and what makes them.
 *
 * @param model takes {@link dev.graft.onnx.TextTensors#TOKENS} alone
 * @param pooling how its folder asks to pool what it gives for tokens
 */
record TextSource(OnnxModel model, TextEncoder encoder, Optional<PoolingChoice> pooling) {
  private static final String TOKENIZER = "tokenizer.json";
  private static final String VOCABULARY = "vocab.txt";

  /** Where sentence-transformers keeps how it pools. */
  private static final String POOLING = "1_Pooling/config.json";

  /**
   * A model that takes tokens, with the tokenizer that lies beside it.
   *
   * @throws TransferException where there is no tokenizer, or another one than it was trained with
   * @throws dev.graft.data.DataException where the tokenizer's file is damaged
   * @throws dev.graft.onnx.OnnxModelException for inputs that are not understood
   */
  static TextSource of(OnnxModel model, Path file, BackboneOptions options) {
    TokenInput input = TokenInput.of(model);
    OptionalInt stated = BackboneFolder.statedTokens(file);
    TextOptions said =
        stated.isPresent() ? options.text().preferringTokens(stated.getAsInt()) : options.text();
    List<Path> folders = BackboneFolder.foldersOf(file);
    Tokenizer tokenizer = tokenizer(file, folders, said);
    requireKnown(input.knownTokens(model), tokenizer, file);
    OnnxModel single = input.single(model, tokenizer.padId());
    int tokens = tokens(input, new LearnedLength(single, file, folders), said, file);
    TextPreprocessing description = TextPreprocessing.of(tokenizer, tokens);
    TextEncoder encoder =
        new TextEncoder(
            tokenizer,
            input.fixedTokens().isPresent()
                ? description.withPadding(TextPreprocessing.Padding.MAXIMUM)
                : description);
    return new TextSource(single, encoder, pooling(folders));
  }

  /** A tokenizer of another network gives numbers that mean other tokens, or none. */
  private static void requireKnown(OptionalInt known, Tokenizer tokenizer, Path file) {
    if (known.isPresent() && tokenizer.vocabularySize() > known.getAsInt()) {
      throw new TransferException(
          TransferException.Cause.MODEL,
          "Loading the backbone "
              + file
              + ": its table has vectors for "
              + known.getAsInt()
              + " tokens, but the tokenizer knows "
              + tokenizer.vocabularySize()
              + ". Take the tokenizer that the network was trained with (--tokenizer FILE).");
    }
  }

  private static Tokenizer tokenizer(Path file, List<Path> folders, TextOptions said) {
    if (said.tokenizer().isPresent()) {
      return opened(said.tokenizer().get());
    }
    for (Path folder : folders) {
      for (String name : List.of(TOKENIZER, VOCABULARY)) {
        if (Files.isRegularFile(folder.resolve(name))) {
          return opened(folder.resolve(name));
        }
      }
    }
    throw new TransferException(
        TransferException.Cause.MODEL,
        "Loading the backbone "
            + file
            + ": it takes tokens of text, so that beside it its tokenizer is expected, a "
            + TOKENIZER
            + " or an old "
            + VOCABULARY
            + ", but there is none. Put it there, or name it with --tokenizer FILE; for images or"
            + " recordings choose a backbone of their kind.");
  }

  private static Tokenizer opened(Path file) {
    return file.toString().endsWith(".txt") ? Tokenizer.ofVocabulary(file) : Tokenizer.read(file);
  }

  /** What the graph fixes or was asked for, else what suits, as far as the backbone learned it. */
  private static int tokens(TokenInput input, LearnedLength learned, TextOptions said, Path file) {
    int most =
        input.fixedTokens().isPresent()
            ? input.fixedTokens().getAsInt()
            : learned.upTo(said.tokens());
    if (said.maximumTokens().orElse(most) > most) {
      throw new TransferException(
          TransferException.Cause.SETTINGS,
          "Loading the backbone "
              + file
              + ": it takes texts of at most "
              + most
              + " tokens, but --max-tokens asks for "
              + said.maximumTokens().getAsInt()
              + ". Ask for fewer, or leave the option out.");
    }
    return most;
  }

  private static Optional<PoolingChoice> pooling(List<Path> folders) {
    for (Path folder : folders) {
      Optional<JsonNode> stated = BackboneFolder.json(folder.resolve(POOLING));
      if (stated.isPresent()) {
        return stated.get().path("pooling_mode_cls_token").asBoolean(false)
            ? Optional.of(PoolingChoice.CLASS_TOKEN)
            : Optional.of(PoolingChoice.MEAN);
      }
    }
    return Optional.empty();
  }
}
