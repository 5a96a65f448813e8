package dev.graft.engine.operator;

import static org.bytedeco.pytorch.global.torch.bernoulli;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Dropout: in a graph for inference it passes its input on, also while weights of the graph train;
 * only where the graph itself states training_mode it drops elements.
 */
final class Dropout {
  private Dropout() {}

  static void register(Operators operators) {
    operators.add("Dropout", Dropout::apply);
  }

  private static List<Value> apply(Call call) {
    double ratio = call.real(1, 0.5);
    boolean drops = call.has(2) && call.longs(2)[0] != 0 && ratio != 0;
    boolean wantsMask = !call.node().output(1).isEmpty();
    List<Value> outputs = new ArrayList<>();
    if (!drops) {
      outputs.add(ShapeOperators.handedOn(call.value(0)));
      if (wantsMask) {
        long[] shape = call.value(0).shape();
        outputs.add(new TensorValue(torch.ones(shape, new TensorOptions(ScalarType.Bool))));
      }
      return outputs;
    }
    if (!(ratio > 0 && ratio < 1)) {
      throw call.failure("the ratio must be in [0, 1) but is " + ratio + ".");
    }
    Tensor x = call.tensor(0);
    Tensor kept = kept(call, x, ratio);
    outputs.add(new TensorValue(x.mul(kept).mul(Call.scalar(1 / (1 - ratio)))));
    if (wantsMask) {
      outputs.add(new TensorValue(kept));
    }
    return outputs;
  }

  /** Truth values, each false with the probability of the ratio. */
  private static Tensor kept(Call call, Tensor x, double ratio) {
    if (!call.node().hasAttribute("seed")) {
      Tensor probability = torch.full_like(x.detach(), Call.scalar(1 - ratio));
      GeneratorOptional random = new GeneratorOptional(torch.make_generator_cpu(call.seed()));
      return bernoulli(probability.to(ScalarType.Float), random).to(ScalarType.Bool);
    }
    MersenneTwister random = new MersenneTwister((int) call.integer("seed", 0));
    byte[] kept = new byte[Math.toIntExact(x.numel())];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = (byte) (random.nextDouble() >= ratio ? 1 : 0);
    }
    return Tensor.create(kept, Shapes.of(x)).to(ScalarType.Bool);
  }
}
