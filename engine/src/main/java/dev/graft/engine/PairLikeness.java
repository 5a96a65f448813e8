package dev.graft.engine;

import static org.bytedeco.pytorch.global.torch.ones;

import dev.graft.engine.operator.Shapes;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The loss of {@link Objective.Likeness}: squared errors of the cosines of all pairs. */
final class PairLikeness implements BatchLoss {
  /** Added to squared lengths, whose roots have no gradient at zero. */
  private static final double LEAST_SQUARE = 1e-12;

  @Override
  public List<Target> targets(MixedLabels mixed) {
    if (mixed.share() != 1) {
      throw new EngineException(
          "Training on the likeness of pairs: examples of one class each are expected, but these"
              + " are mixed of two.");
    }
    return List.of(new Target(BatchLoss.indices(mixed.labels()), mixed.labels().length, 1));
  }

  @Override
  public boolean needsWholeBatch() {
    return true;
  }

  @Override
  public Tensor of(Tensor outputs, List<Target> targets) {
    Tensor labels = targets.get(0).labels();
    long[] shape = Shapes.of(outputs);
    if (shape.length != 2 || shape[0] != labels.numel()) {
      throw new EngineException(
          "Training on the likeness of pairs: features of shape ["
              + labels.numel()
              + ", width] are expected, but the graph gives "
              + Arrays.toString(shape)
              + ".");
    }
    Tensor features = outputs.to(ScalarType.Float); // [n, width]
    Tensor squares =
        features.square().sum(new long[] {1}, true, new ScalarTypeOptional()); // [n, 1]
    Tensor directions = features.div(squares.add(new Scalar(LEAST_SQUARE)).sqrt());
    Tensor cosines = directions.matmul(directions.t()); // [n, n]
    // Each pair once: above the diagonal.
    Tensor pairs = ones(new long[] {shape[0], shape[0]}).triu(1);
    Tensor alike = labels.unsqueeze(1).eq(labels.unsqueeze(0)).to(ScalarType.Float).mul(pairs);
    Tensor unlike = pairs.sub(alike);
    Tensor near = mean(cosines.neg().add(new Scalar(1)).square(), alike);
    Tensor far = mean(cosines.square(), unlike);
    boolean both = any(alike) && any(unlike);
    return near.add(far).mul(new Scalar(both ? 0.5 : 1));
  }

  /** Over the pairs that are marked by 1; 0 where none is. */
  private static Tensor mean(Tensor errors, Tensor marked) {
    return errors.mul(marked).sum().div(marked.sum().clamp_min(new Scalar(1)));
  }

  private static boolean any(Tensor marked) {
    return marked.sum().item().toDouble() > 0;
  }
}
