package dev.graft.transfer.pretraining;

import dev.graft.data.DatasetKind;
import dev.graft.data.Preprocessing;
import dev.graft.data.text.TextEncoder;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.text.TokenInput;
import dev.graft.transfer.training.ExampleViews;
import dev.graft.transfer.training.TextViews;
import dev.graft.transfer.training.TokenDrop;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/** Texts as numbers of tokens, of which some are dropped while the network is trained. */
public final class SourceTexts implements SourceViews {
  private final TextEncoder encoder;
  private final double tokenDrop;
  private final int unknown;
  private final TextViews plain;

  /**
   * Texts for one tokenizer.
   *
   * @param encoder tokenizer and longest text
   * @param tokenDrop the probability that a token is taken for an unknown one, in [0, 1)
   * @throws IllegalArgumentException for a probability out of range, or a tokenizer that has no
   *     unknown token to put in the place of those that are dropped
   */
  public SourceTexts(TextEncoder encoder, double tokenDrop) {
    if (!(tokenDrop >= 0 && tokenDrop < 1)) {
      throw new IllegalArgumentException(
          "the share of dropped tokens must be at least 0 and below 1 but is " + tokenDrop);
    }
    OptionalInt id = encoder.tokenizer().unknownId();
    if (tokenDrop > 0 && id.isEmpty()) {
      throw new IllegalArgumentException(
          "tokens can be dropped only where the tokenizer has one for what it does not know, but it"
              + " has none; drop none");
    }
    this.encoder = encoder;
    this.tokenDrop = tokenDrop;
    this.unknown = id.orElse(0);
    this.plain = new TextViews(encoder);
  }

  /** One more than the largest id: the tokens that a network of these texts must know. */
  public int vocabularySize() {
    return encoder.tokenizer().vocabularySize();
  }

  @Override
  public DatasetKind kind() {
    return DatasetKind.TEXT;
  }

  @Override
  public ExampleViews training(int epoch, int epochs, long seed) {
    return tokenDrop == 0 ? plain : plain.dropping(new TokenDrop(tokenDrop, unknown, seed));
  }

  @Override
  public ExampleViews plain() {
    return plain;
  }

  @Override
  public ExampleViews evaluated(OnnxModel stored) {
    return plain;
  }

  /** The same network with the tokens as floats, which is what the engine takes. */
  @Override
  public OnnxModel trained(OnnxModel stored) {
    return TokenInput.of(stored).single(stored, encoder.description().padId());
  }

  /** Tokens of the longest text. */
  @Override
  public int size(int epoch, int epochs) {
    return encoder.valueCount();
  }

  @Override
  public int evaluatedSize(OnnxModel stored) {
    return encoder.valueCount();
  }

  @Override
  public int lastSize() {
    return encoder.valueCount();
  }

  @Override
  public Preprocessing preprocessing(OptionalInt inputSize) {
    return inputSize.isEmpty()
        ? encoder
        : TextEncoder.of(encoder.tokenizer(), inputSize.getAsInt());
  }

  @Override
  public double cost(int epoch, int epochs) {
    return encoder.valueCount();
  }

  @Override
  public Map<String, String> shown() {
    Map<String, String> shown = new LinkedHashMap<>();
    shown.put("vocabulary", vocabularySize() + " tokens");
    shown.put("max-tokens", String.valueOf(encoder.valueCount()));
    shown.put("token-drop", String.valueOf(tokenDrop));
    return shown;
  }

  /** Tokenizer, longest text and dropped share: the same in each run with the same settings. */
  @Override
  public String toString() {
    return "SourceTexts[" + encoder.description() + ", tokenDrop=" + tokenDrop + "]";
  }
}
