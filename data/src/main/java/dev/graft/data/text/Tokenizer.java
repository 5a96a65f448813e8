package dev.graft.data.text;

import dev.graft.data.DataException;
import dev.graft.data.ExampleSource;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * Cuts texts into the tokens that a backbone was trained on: a Hugging Face {@code tokenizer.json}
 * (WordPiece, BPE, Unigram, WordLevel), computed by the tokenizers library itself.
 *
 * <p>What the file says of truncation, padding and dropout is not followed: {@link #encode} is told
 * how many tokens there may be, padding is the caller's, and equal texts give equal tokens.
 *
 * <p>Holds native memory until it is closed, or until nothing refers to it any more, as where it is
 * part of a description that nobody closes. Thread-safe; closing waits for texts under way.
 */
public final class Tokenizer implements AutoCloseable {
  /** The largest file that is read: 64 MiB. */
  public static final long MAXIMUM_FILE_BYTES = 64L << 20;

  /**
   * The longest text, in chars, that is tokenized where it cannot be cut: 1,048,576 (2^20).
   *
   * @see #encode
   */
  public static final int WHOLE_TEXT_LIMIT = 1 << 20;

  /** English has four to five chars a token; longer tokens make a second try necessary. */
  private static final int FIRST_CHARS_PER_TOKEN = 16;

  private static final int SHORTEST_CUT = 4_096;

  private static final Cleaner CLEANER = Cleaner.create();

  private final byte[] json;
  private final TokenizerDocument document;
  private final NativeTokenizer tokenizer;
  private final int specialTokens;

  private Tokenizer(byte[] json, String source) {
    requireSize(json.length, source);
    this.json = json;
    this.document = TokenizerDocument.parse(json, source);
    this.tokenizer = new NativeTokenizer(document.nativeJson(), source, document.vocabularySize());
    NativeTokenizer held = tokenizer;
    CLEANER.register(this, held::close);
    try {
      NativeTokenizer.Encoded nothing = tokenizer.encode("");
      this.specialTokens = nothing.ids().length - nothing.ownTokens();
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  /**
   * Reads a {@code tokenizer.json}.
   *
   * @throws DataException where the file is missing, larger than {@link #MAXIMUM_FILE_BYTES}, or
   *     describes no tokenizer
   * @throws LinkageError where there is no native library for this platform
   */
  public static Tokenizer read(Path tokenizerJson) {
    return new Tokenizer(content(tokenizerJson), tokenizerJson.toString());
  }

  /**
   * A tokenizer from the text of a {@code tokenizer.json}, as {@link #read}.
   *
   * @param sourceName what to call it in messages
   */
  public static Tokenizer ofJson(String json, String sourceName) {
    return new Tokenizer(json.getBytes(StandardCharsets.UTF_8), sourceName);
  }

  /**
   * A tokenizer from the bytes of a {@code tokenizer.json}, as {@link #read}.
   *
   * @param sourceName what to call it in messages
   */
  public static Tokenizer ofJson(byte[] json, String sourceName) {
    return new Tokenizer(json.clone(), sourceName);
  }

  /**
   * BERT's tokenizer with the vocabulary of an old {@code vocab.txt}, one token a line, which turns
   * letters into lower case where no token but the special ones has one of the letters A to Z.
   *
   * @throws DataException where the file is missing, too large, no UTF-8, or lacks [UNK], [CLS] or
   *     [SEP]
   */
  public static Tokenizer ofVocabulary(Path vocabTxt) {
    Vocabulary vocabulary = vocabulary(vocabTxt);
    return ofJson(vocabulary.toJson(vocabulary.letterCase()), vocabTxt.toString());
  }

  /** BERT's tokenizer with the vocabulary of an old {@code vocab.txt} and a given letter case. */
  public static Tokenizer ofVocabulary(Path vocabTxt, LetterCase letterCase) {
    return ofJson(vocabulary(vocabTxt).toJson(letterCase), vocabTxt.toString());
  }

  private static Vocabulary vocabulary(Path file) {
    byte[] content = content(file);
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
      return Vocabulary.parse(text, file.toString());
    } catch (CharacterCodingException e) {
      throw new DataException(
          "Cannot read the vocabulary " + file + ": it is no UTF-8. Expected one token a line.", e);
    }
  }

  private static byte[] content(Path file) {
    try {
      requireSize(Files.size(file), file.toString());
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new DataException("Cannot read the tokenizer " + file + ": there is no such file.", e);
    } catch (IOException e) {
      throw new DataException("Cannot read the tokenizer " + file + ": " + e.getMessage() + ".", e);
    }
  }

  private static void requireSize(long bytes, String source) {
    if (bytes > MAXIMUM_FILE_BYTES) {
      throw new DataException(
          "Cannot read the tokenizer "
              + source
              + ": it has "
              + bytes
              + " bytes, the limit is "
              + MAXIMUM_FILE_BYTES
              + " (64 MiB).");
    }
  }

  /** The whole {@code tokenizer.json}, as it was read or made: what a bundle keeps. */
  public String json() {
    return new String(json, StandardCharsets.UTF_8);
  }

  /** The SHA-256 of {@link #json()} as UTF-8, as 64 lower-case hexadecimal digits. */
  public String hash() {
    return ExampleSource.hash(json);
  }

  /**
   * The id that fills sequences up: what the file's section on padding says, else the token [PAD],
   * &lt;pad&gt; or the like, else 0; {@link #padOrigin} tells which.
   */
  public int padId() {
    return document.padding().id();
  }

  /** Where {@link #padId} is from, as the second half of a sentence. */
  public String padOrigin() {
    return document.padding().origin();
  }

  /** The id that stands for what the vocabulary does not know; empty where it knows everything. */
  public OptionalInt unknownId() {
    return document.unknown();
  }

  /** One more than the largest id: the rows that a table of embeddings must have. */
  public int vocabularySize() {
    return document.vocabularySize();
  }

  /** How many tokens are added to each text, such as [CLS] and [SEP]. */
  public int specialTokens() {
    return specialTokens;
  }

  /**
   * The tokens of a text, at most so many. Of more, the first ones are kept and the special tokens
   * around them, as Hugging Face truncates. An unpaired surrogate counts as U+FFFD.
   *
   * <p>Of a long text only as much is looked at as gives enough tokens, where it can be cut before
   * a blank without changing them; otherwise it may have {@link #WHOLE_TEXT_LIMIT} chars.
   *
   * @param maximumTokens more than {@link #specialTokens()}
   * @throws DataException where the text is too long to be tokenized whole and cannot be cut, or
   *     the tokenizer refuses it
   * @throws IllegalStateException where the tokenizer is closed
   */
  public TokenSequence encode(String text, int maximumTokens) {
    if (maximumTokens <= specialTokens) {
      throw new IllegalArgumentException(
          "tokens: expected room for more than the "
              + specialTokens
              + " special tokens of each text, found "
              + maximumTokens);
    }
    int wanted = maximumTokens - specialTokens;
    for (long size = Math.max(SHORTEST_CUT, (long) FIRST_CHARS_PER_TOKEN * maximumTokens);
        size < text.length() && document.cutsAtBlanks();
        size *= 2) {
      int end = wordEnd(text, (int) Math.min(size, WHOLE_TEXT_LIMIT));
      if (end > 0) {
        String start = UnicodeText.of(text.substring(0, end));
        NativeTokenizer.Encoded encoded = tokenizer.encode(start);
        // One more than wanted: all of them are the same in the whole text.
        if (encoded.ownTokens() > wanted) {
          return truncated(start, encoded, wanted);
        }
      }
      if (size >= WHOLE_TEXT_LIMIT) {
        break;
      }
    }
    return whole(text, wanted);
  }

  /** Whether long texts are cut before they are tokenized. */
  boolean cutsAtBlanks() {
    return document.cutsAtBlanks();
  }

  /** As {@link #encode}, looking at all of the text. */
  TokenSequence encodeWhole(String text, int maximumTokens) {
    return whole(text, maximumTokens - specialTokens);
  }

  private TokenSequence whole(String text, int wanted) {
    if (text.length() > WHOLE_TEXT_LIMIT) {
      throw new DataException(
          "A text of "
              + text.length()
              + " characters cannot be tokenized: "
              + (document.cutsAtBlanks()
                  ? "its first " + WHOLE_TEXT_LIMIT + " hold too few words to cut it between two"
                  : "this tokenizer has to see the whole of it, at most "
                      + WHOLE_TEXT_LIMIT
                      + " characters")
              + ". Shorten it.");
    }
    String valid = UnicodeText.of(text);
    NativeTokenizer.Encoded encoded = tokenizer.encode(valid);
    return truncated(valid, encoded, wanted);
  }

  /** The last place at which words end, in the second half of what may be looked at; else 0. */
  private static int wordEnd(String text, int size) {
    for (int i = size; i > size / 2; i--) {
      if (WordEnds.isAt(text, i)) {
        return i;
      }
    }
    return 0;
  }

  /** All special tokens and the first of the text's own. */
  private static TokenSequence truncated(String text, NativeTokenizer.Encoded all, int wanted) {
    int own = all.ownTokens();
    int count = all.ids().length - Math.max(0, own - wanted);
    int[] ids = new int[count];
    int[] begins = new int[count];
    int[] ends = new int[count];
    CharPlaces places = CharPlaces.of(text);
    int at = 0;
    int ownSeen = 0;
    for (int i = 0; i < all.ids().length; i++) {
      if (all.special()[i] || ownSeen++ < wanted) {
        ids[at] = all.ids()[i];
        begins[at] = places.ofCodePoint(all.begins()[i]);
        ends[at++] = places.ofCodePoint(all.ends()[i]);
      }
    }
    return new TokenSequence(ids, begins, ends, own > wanted);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
