package dev.graft.engine.operator;

import static org.bytedeco.pytorch.global.torch.clamp;
import static org.bytedeco.pytorch.global.torch.matmul;
import static org.bytedeco.pytorch.global.torch.scaled_dot_product_attention;
import static org.bytedeco.pytorch.global.torch.softmax;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Attention, softmax(scale Q K' + mask) V; of long sequences without the scores of all pairs in
 * memory.
 *
 * <p>Q [N,H,T,d], K [N,G,S,d], V [N,G,S,e] give [N,H,T,e]; where there are fewer heads G of keys,
 * each serves H/G heads of queries. With [N,T,H d] the heads are told by the attributes. Source:
 * onnx/docs/Operators.md, Attention, and Dao 2023, arXiv:2307.08691.
 */
final class Attentions {
  /** Largest finite value of bf16. */
  private static final double LARGEST_BRAIN_FLOAT = 0x1.fep127;

  /**
   * Up to so many scores are computed all at once: matrix products of oneDNN are ahead of
   * libtorch's own kernel, by a half in fp32 and thirtyfold in bf16. More would need too much
   * memory.
   */
  private static final long MOST_SCORES = 32L << 20;

  private Attentions() {}

  static void register(Operators operators) {
    operators.tensor("Attention", Attentions::attention);
  }

  private static Tensor attention(Call call) {
    requireKnown(call);
    boolean joined = call.tensor(0).dim() == 3;
    Tensor query = heads(call, 0, "q_num_heads");
    Tensor key = heads(call, 1, "kv_num_heads");
    Tensor value = heads(call, 2, "kv_num_heads");
    Tensor narrowest = ScalarTypes.narrowed(ScalarTypes.narrowed(query, key), value);
    query = narrowest;
    key = ScalarTypes.narrowed(key, narrowest);
    value = ScalarTypes.narrowed(value, narrowest);
    double scale = call.real("scale", 1 / Math.sqrt((double) query.size(-1)));
    boolean causal = call.integer("is_causal", 0) != 0;
    boolean shared = query.size(1) != key.size(1);
    TensorOptional mask = mask(call, query);
    long scores = query.size(0) * query.size(1) * query.size(2) * key.size(2);
    boolean plain = !causal && !shared && !(mask.has_value() && !mask.get().is_floating_point());
    Tensor y =
        plain && scores <= MOST_SCORES
            ? withScores(query, key, value, mask, scale)
            : scaled_dot_product_attention(
                query, key, value, mask, 0, causal, new DoubleOptional(scale), shared);
    // [N,H,T,e] -> [N,T,H,e] -> [N,T,H e]
    return joined ? y.transpose(1, 2).flatten(2, 3) : y;
  }

  /** All scores at once, [N,H,T,S]. */
  private static Tensor withScores(
      Tensor query, Tensor key, Tensor value, TensorOptional mask, double scale) {
    Tensor scores = matmul(query.mul(Call.scalar(scale)), key.transpose(2, 3));
    Tensor shown = mask.has_value() ? scores.add(mask.get()) : scores;
    return matmul(softmax(shown, -1), value);
  }

  private static void requireKnown(Call call) {
    if (call.real("softcap", 0) != 0) {
      throw call.failure("scores are capped (softcap); expected none");
    }
    for (int input = 4; input < call.inputs().length; input++) {
      if (call.has(input)) {
        throw call.failure(
            "input " + call.node().input(input) + " is a cache of earlier keys; expected none");
      }
    }
    if (call.has(3) && call.integer("is_causal", 0) != 0) {
      throw call.failure("both a mask and is_causal are given; expected one of them");
    }
  }

  /** [N,T,H d] -> [N,T,H,d] -> [N,H,T,d]; four axes stay as they are. */
  private static Tensor heads(Call call, int input, String attribute) {
    Tensor x = call.tensor(input);
    if (x.dim() == 4) {
      return x;
    }
    long heads = call.integer(attribute, 0);
    if (x.dim() != 3 || heads <= 0 || x.size(2) % heads != 0) {
      throw call.failure(
          "input %d of %d axes and %s = %d; expected four axes, or three and the number of heads"
              .formatted(input, x.dim(), attribute, heads));
    }
    return x.reshape(x.size(0), x.size(1), heads, x.size(2) / heads).transpose(1, 2);
  }

  /**
   * The mask in the type of the data. A fill of -3.4e38 stays finite in bf16: a row that is hidden
   * as a whole would else be NaN.
   */
  private static TensorOptional mask(Call call, Tensor query) {
    if (!call.has(3)) {
      return new TensorOptional();
    }
    Tensor given = call.tensor(3);
    // The kernel takes masks of two or four axes.
    Tensor mask = given.dim() == 3 ? given.unsqueeze(0) : given;
    ScalarType type = ScalarTypes.of(query);
    if (!mask.is_floating_point() || ScalarTypes.of(mask) == type) {
      return new TensorOptional(mask);
    }
    if (type == ScalarType.BFloat16) {
      mask =
          clamp(
              mask,
              new ScalarOptional(Call.scalar(-LARGEST_BRAIN_FLOAT)),
              new ScalarOptional(Call.scalar(LARGEST_BRAIN_FLOAT)));
    }
    return new TensorOptional(mask.to(type));
  }
}
