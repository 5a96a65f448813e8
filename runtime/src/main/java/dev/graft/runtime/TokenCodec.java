package dev.graft.runtime;

import dev.graft.data.DataException;
import dev.graft.data.text.PlainText;
import dev.graft.data.text.TextEncoder;
import java.util.Arrays;
import java.util.List;

/** Texts: cut into tokens by the bundle's tokenizer, and filled up to a common length. */
final class TokenCodec implements InputCodec {
  private static final int MAXIMUM_BATCH_TOKENS = 4096;

  private final TextEncoder encoder;

  /** Takes the encoder over and closes its tokenizer. */
  TokenCodec(TextEncoder encoder) {
    this.encoder = encoder;
  }

  @Override
  public String noun() {
    return "a text";
  }

  @Override
  public ModelInput decode(byte[] encoded, String name) {
    return new ModelInput.Text(PlainText.decode(encoded, name));
  }

  @Override
  public void requireUsable(ModelInput input, String name) {
    boolean empty =
        input instanceof ModelInput.Tokens tokens
            ? tokens.ids().length == 0
            : ((ModelInput.Text) input).text().isBlank();
    if (empty) {
      throw new DataException("Cannot classify " + name + ": the text is empty.");
    }
    if (input instanceof ModelInput.Tokens tokens
        && tokens.ids().length > encoder.description().maximumTokens()) {
      throw new DataException(
          "Cannot classify "
              + name
              + ": expected at most "
              + encoder.description().maximumTokens()
              + " tokens, found "
              + tokens.ids().length
              + ". Give the text itself, which is cut as in training.");
    }
  }

  @Override
  public List<ModelInput> rows(ModelInput input) {
    return input instanceof ModelInput.Text text
        ? List.of(new ModelInput.Tokens(encoder.encode(text.text()).ids()))
        : List.of(input);
  }

  @Override
  public int mostInBatch(ModelInput first) {
    return Math.max(1, MAXIMUM_BATCH_TOKENS / paddedLength(first));
  }

  @Override
  public boolean alike(ModelInput first, ModelInput second) {
    return paddedLength(first) == paddedLength(second);
  }

  /** Longs [texts, tokens]. */
  @Override
  public TensorValue tensor(List<ModelInput> rows) {
    List<int[]> all = rows.stream().map(this::ids).toList();
    int most = all.stream().mapToInt(ids -> ids.length).max().orElse(1);
    int length = encoder.paddedLength(most);
    long[] values = new long[Math.multiplyExact(length, all.size())];
    Arrays.fill(values, encoder.description().padId());
    for (int row = 0; row < all.size(); row++) {
      int[] ids = all.get(row);
      for (int i = 0; i < ids.length; i++) {
        values[row * length + i] = ids[i];
      }
    }
    return TensorValue.ofLongs(values, all.size(), length);
  }

  private int paddedLength(ModelInput row) {
    return encoder.paddedLength(ids(row).length);
  }

  private int[] ids(ModelInput row) {
    return row instanceof ModelInput.Tokens tokens
        ? tokens.ids()
        : encoder.encode(((ModelInput.Text) row).text()).ids();
  }

  @Override
  public void close() {
    encoder.tokenizer().close();
  }
}
