package dev.graft.engine.operator;

import static org.bytedeco.pytorch.global.torch.einsum;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.matmul;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;

/** Matrix products. */
final class Matrices {
  private Matrices() {}

  static void register(Operators operators) {
    operators
        .tensor("MatMul", Matrices::product)
        .tensor("Gemm", Matrices::gemm)
        .tensor("Einsum", Matrices::sumOfProducts);
  }

  /**
   * Under bf16, parts that the graph makes itself (masks, ranges) are fp32 and widen what they are
   * added to; a product runs in bf16 again.
   */
  private static Tensor product(Call call) {
    Tensor left = call.tensor(0);
    Tensor right = call.tensor(1);
    if (left.dim() > 2 || right.dim() > 2) {
      requireBatches(call);
    }
    return matmul(ScalarTypes.narrowed(left, right), ScalarTypes.narrowed(right, left));
  }

  /** Batches of matrices broadcast against each other. */
  private static void requireBatches(Call call) {
    long[] left = call.value(0).shape();
    long[] right = call.value(1).shape();
    long[] batches =
        IntegerArithmetic.commonShape(
            call,
            Arrays.copyOf(left, Math.max(0, left.length - 2)),
            Arrays.copyOf(right, Math.max(0, right.length - 2)));
    long[] shape = Arrays.copyOf(batches, batches.length + 2);
    shape[batches.length] = left.length < 2 ? 1 : left[left.length - 2];
    shape[batches.length + 1] = right.length < 2 ? 1 : right[right.length - 1];
    NativeMemory.require(call, shape);
  }

  /** alpha A' B' + beta C. */
  private static Tensor gemm(Call call) {
    Tensor narrow = ScalarTypes.narrowed(call.tensor(0), call.tensor(1));
    Tensor a = call.integer("transA", 0) == 0 ? narrow : narrow.t();
    boolean transposed = call.integer("transB", 0) != 0;
    double alpha = call.real("alpha", 1);
    double beta = call.real("beta", 1);
    boolean plain = alpha == 1 && (beta == 1 || !call.has(2));
    boolean vectorBias = call.has(2) && call.tensor(2).dim() == 1;
    // linear computes A W' + b with W as [outputs, inputs], the layout that trains fastest.
    Tensor weight = transposed ? call.tensor(1) : call.tensor(1).t();
    if (plain && vectorBias) {
      return linear(a, weight, new TensorOptional(call.tensor(2)));
    }
    Tensor product = linear(a, weight, new TensorOptional());
    if (alpha != 1) {
      product = product.mul(Call.scalar(alpha));
    }
    if (call.has(2)) {
      Tensor c = beta == 1 ? call.tensor(2) : call.tensor(2).mul(Call.scalar(beta));
      product = product.add(c);
    }
    return product;
  }

  /** Products summed over the axes whose letters the right side of the equation leaves out. */
  private static Tensor sumOfProducts(Call call) {
    Tensor narrowest = call.tensor(0);
    for (int i = 1; i < call.inputs().length; i++) {
      narrowest = ScalarTypes.narrowed(narrowest, call.tensor(i));
    }
    TensorVector operands = new TensorVector();
    for (int i = 0; i < call.inputs().length; i++) {
      operands.push_back(ScalarTypes.narrowed(call.tensor(i), narrowest));
    }
    return einsum(call.node().text("equation", ""), operands);
  }
}
