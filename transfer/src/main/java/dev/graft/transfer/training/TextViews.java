package dev.graft.transfer.training;

import dev.graft.data.Example;
import dev.graft.data.text.PlainText;
import dev.graft.data.text.TextEncoder;
import dev.graft.data.text.TokenSequence;
import dev.graft.engine.FloatTensor;
import dev.graft.runtime.ModelInput;
import dev.graft.transfer.training.ExampleTable.Decoding;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Turns texts into numbers of tokens [tokens]: cut to the most that the backbone takes, and filled
 * up to a length that they share with texts of about their own. Thread-safe.
 */
public final class TextViews implements ExampleViews {
  private static final String PLAIN = "TEXT";

  /** Beyond, texts are tokenized each time: about 100 MB of short ones. */
  private static final int MOST_KEPT = 200_000;

  private static final int MADE_TOKENS = 16;

  private final TextEncoder encoder;
  private final TokenDrop drop;
  private final Map<String, TokenSequence> known;

  /** Views for one backbone: texts as they are. */
  public TextViews(TextEncoder encoder) {
    this(encoder, TokenDrop.NONE, new ConcurrentHashMap<>());
  }

  private TextViews(TextEncoder encoder, TokenDrop drop, Map<String, TokenSequence> known) {
    this.encoder = encoder;
    this.drop = drop;
    this.known = known;
  }

  /** The same, but in all views except the plain one some tokens are dropped. */
  public TextViews dropping(TokenDrop some) {
    return new TextViews(encoder, some, known);
  }

  @Override
  public TextEncoder preprocessing() {
    return encoder;
  }

  @Override
  public String unit() {
    return "texts";
  }

  @Override
  public String key(int view, Decoding decoding) {
    return view == 0 || drop.isNone() ? PLAIN : PLAIN + "|" + drop + "|" + view;
  }

  @Override
  public void write(
      Example example, String contentHash, int view, Decoding decoding, float[] out, int offset) {
    TokenSequence tokens = tokens(example, contentHash);
    encoder.write(view == 0 ? tokens : drop.apply(tokens, contentHash, view), out, offset);
  }

  @Override
  public int batchKey(Example example, String contentHash) {
    return encoder.paddedLength(tokens(example, contentHash).length());
  }

  @Override
  public int rowsTogether(int usual, int batchKey) {
    return Math.max(1, (int) ((long) usual * encoder.valueCount() / Math.max(1, batchKey)));
  }

  /** Texts [rows, tokens], as long as the longest of them needs. */
  @Override
  public FloatTensor batch(float[] values, int rows) {
    int width = encoder.valueCount();
    int length = 1;
    for (int row = 0; row < rows; row++) {
      length = Math.max(length, length(values, row * width, width));
    }
    int padded = encoder.paddedLength(length);
    if (padded == width) {
      return new FloatTensor(values, rows, width);
    }
    float[] shorter = new float[rows * padded];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(values, row * width, shorter, row * padded, padded);
    }
    return new FloatTensor(shorter, rows, padded);
  }

  /** Tokens of the whole vocabulary, the last one among them. */
  @Override
  public FloatTensor made(int rows, long seed) {
    int width = Math.min(encoder.valueCount(), MADE_TOKENS);
    float[] values = new float[rows * encoder.valueCount()];
    Arrays.fill(values, encoder.description().padId());
    SplittableRandom random = new SplittableRandom(seed);
    int tokens = encoder.tokenizer().vocabularySize();
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < width; i++) {
        values[row * encoder.valueCount() + i] = i == 0 ? tokens - 1 : random.nextInt(tokens);
      }
    }
    return batch(values, rows);
  }

  private int length(float[] values, int from, int width) {
    int length = width;
    while (length > 0 && values[from + length - 1] == encoder.description().padId()) {
      length--;
    }
    return length;
  }

  @Override
  public ModelInput decoded(Example example, Decoding decoding) {
    return new ModelInput.Text(text(example));
  }

  /** How many texts were cut. */
  @Override
  public List<String> remarks(List<ExampleTable> tables) {
    int all = 0;
    int cut = 0;
    for (ExampleTable table : tables) {
      for (int row = 0; row < table.size(); row++) {
        cut +=
            tokens(table.examples().get(row), table.contentHashes().get(row)).truncated() ? 1 : 0;
        all++;
      }
    }
    return cut == 0
        ? List.of()
        : List.of(
            cut
                + " of "
                + all
                + " texts have more than "
                + encoder.valueCount()
                + " tokens and are read up to there; --max-tokens takes more, as far as the"
                + " backbone has learned them.");
  }

  private TokenSequence tokens(Example example, String contentHash) {
    TokenSequence tokens = known.get(contentHash);
    if (tokens == null) {
      tokens = encoder.encode(text(example));
      if (known.size() < MOST_KEPT) {
        known.put(contentHash, tokens);
      }
    }
    return tokens;
  }

  private static String text(Example example) {
    return PlainText.of(example.source());
  }
}
