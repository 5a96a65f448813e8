package dev.graft.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.LBFGS;
import org.bytedeco.pytorch.LBFGSOptions;
import org.bytedeco.pytorch.LossClosure;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * L2-regularised multinomial logistic regression, fitted by L-BFGS: the convex head of a frozen
 * network.
 *
 * <p>Minimises sum_i w_i CE(softmax(W x_i + b), y_i) / sum_i w_i + l2/2 |W|^2 over W [classes,
 * features] and b [classes]; b is not penalised. The gradient is written out instead of traced: dW
 * = G' X + l2 W with G = (P - Y) w / sum w.
 *
 * <p>The search goes on in U = W L, where L L' is about the curvature of the objective in the rows
 * of W (Boehning 1992, "Multinomial Logistic Regression Algorithm", bounds it by the covariance of
 * the features): what is correlated in X is not in U, which takes a fraction of the iterations. Few
 * examples are searched along their {@link PrincipalAxes}.
 */
public final class LogisticRegression {
  private LogisticRegression() {}

  /**
   * What was fitted.
   *
   * @param weight [classes, features], row-major
   * @param bias one per class
   * @param loss the objective's value reached
   */
  public record Solution(float[] weight, float[] bias, double loss) {}

  /**
   * When a fit ends.
   *
   * @param iterations most iterations
   * @param tolerance change of the objective in one iteration, as a share of its value at the
   *     start, below which the fit has ended
   */
  public record Effort(int iterations, double tolerance) {
    /** Checks both to be above 0. */
    public Effort {
      if (iterations < 1 || !(tolerance > 0)) {
        throw new IllegalArgumentException(
            "expected iterations and tolerance above 0, found " + iterations + ", " + tolerance);
      }
    }
  }

  /**
   * Fits.
   *
   * @param examples features of the examples, held by the caller
   * @param labels class of each example
   * @param exampleWeights weight of each example; zero leaves it out
   * @param classes number of classes, at least 2
   * @param l2 strength of the penalty, at least 0
   * @param start where the fit begins; zeros where there is none
   */
  public static Solution fit(
      FeatureMatrix examples,
      int[] labels,
      float[] exampleWeights,
      int classes,
      double l2,
      Optional<Solution> start,
      Effort effort) {
    List<Solution> starts = start.map(List::of).orElse(List.of());
    return fitFolds(examples, labels, List.of(exampleWeights), classes, l2, starts, effort).get(0);
  }

  /**
   * Fits several problems at once that differ in the examples' weights only, as the folds of a
   * cross-validation do. One pass over the examples serves all of them, which is what the time goes
   * into; their minima are independent of each other.
   *
   * @param exampleWeights for each problem the weight of each example; zero leaves it out
   * @param starts where each problem begins, for a warm start; empty for zeros
   * @return one solution for each problem; their {@code loss} is the mean over the problems
   */
  public static List<Solution> fitFolds(
      FeatureMatrix examples,
      int[] labels,
      List<float[]> exampleWeights,
      int classes,
      double l2,
      List<Solution> starts,
      Effort effort) {
    for (float[] weights : exampleWeights) {
      if (labels.length != examples.rows() || weights.length != examples.rows()) {
        throw new IllegalArgumentException(
            examples.rows()
                + " examples, but "
                + labels.length
                + " labels and "
                + weights.length
                + " weights");
      }
    }
    for (int label : labels) {
      if (label < 0 || label >= classes) {
        throw new IllegalArgumentException(
            "labels must be 0 to " + (classes - 1) + " but one is " + label);
      }
    }
    try (PointerScope scope = new PointerScope();
        AutoGradMode inference = new AutoGradMode(false)) {
      return new Fit(examples, labels, exampleWeights, classes, l2).run(starts, effort);
    }
  }

  /** The logits X W' + b of all examples, [examples, classes]. */
  public static FloatTensor logits(FeatureMatrix examples, Solution solution) {
    try (PointerScope scope = new PointerScope();
        AutoGradMode inference = new AutoGradMode(false)) {
      int classes = solution.bias().length;
      Tensor weight = NativeTensors.of(solution.weight(), classes, examples.columns());
      Tensor bias = NativeTensors.of(solution.bias(), classes);
      return NativeTensors.toJava(torch.addmm(bias, examples.tensor(), weight.t()));
    }
  }

  /**
   * The problems with their tensors; P problems, C classes, N examples, D features, R coordinates.
   */
  private static final class Fit {
    private static final double GRADIENT_TOLERANCE = 1e-5;
    private static final double LEAST_UNCERTAINTY = 1e-6;

    /** With more features the products with L take longer than they save. */
    private static final long MOST_CURVED_FEATURES = 2_048;

    private final FeatureMatrix examples;
    private final Optional<PrincipalAxes> axes;
    private final Tensor features;
    private final int problems;
    private final int classes;
    private final double l2;
    private final Tensor oneHot;
    private final Tensor shares;

    Fit(
        FeatureMatrix examples,
        int[] labels,
        List<float[]> exampleWeights,
        int classes,
        double l2) {
      this.examples = examples;
      this.problems = exampleWeights.size();
      this.classes = classes;
      this.l2 = l2;
      this.axes = l2 > 0 ? examples.axes(problems * classes) : Optional.empty();
      this.features = axes.map(PrincipalAxes::coordinates).orElse(examples.tensor());
      int rows = labels.length;
      float[] indicators = new float[rows * classes];
      for (int i = 0; i < rows; i++) {
        indicators[labels[i] * rows + i] = 1;
      }
      float[] normalised = new float[rows * problems];
      for (int p = 0; p < problems; p++) {
        double total = 0;
        for (float weight : exampleWeights.get(p)) {
          total += weight;
        }
        for (int i = 0; i < rows; i++) {
          normalised[p * rows + i] = (float) (exampleWeights.get(p)[i] / total);
        }
      }
      oneHot = NativeTensors.of(indicators, 1, classes, rows);
      shares = NativeTensors.of(normalised, problems, 1, rows);
    }

    /** The mean of p (1 - p) over examples and classes, by the first problem's start. */
    private double uncertainty(List<Solution> starts) {
      if (starts.isEmpty()) {
        return (1.0 / classes) * (1 - 1.0 / classes);
      }
      try (PointerScope scope = new PointerScope()) {
        Tensor weight = weight(starts.get(0));
        Tensor bias = NativeTensors.of(starts.get(0).bias(), classes);
        Tensor probabilities = torch.softmax(torch.addmm(bias, features, weight.t()), 1); // [N,C]
        double mean =
            probabilities.mul(probabilities.neg().add(new Scalar(1.0))).mean().item().toDouble();
        return Math.max(mean, LEAST_UNCERTAINTY);
      }
    }

    private Curvature curvature(List<Solution> starts) {
      if (axes.isPresent()) {
        return Curvature.Diagonal.of(axes.get(), uncertainty(starts), l2);
      }
      return l2 > 0 && examples.columns() <= MOST_CURVED_FEATURES
          ? Curvature.Factor.of(examples, uncertainty(starts), l2)
          : new Curvature.Unknown();
    }

    /** The weights of a solution in the coordinates of the search, [classes, coordinates]. */
    private Tensor weight(Solution solution) {
      Tensor weight = NativeTensors.of(solution.weight(), classes, examples.columns());
      return axes.map(found -> found.towards(weight)).orElse(weight);
    }

    private Solution solution(Tensor weight, Tensor bias, double loss) {
      Tensor whole = axes.map(found -> found.back(weight)).orElse(weight); // [C,R] -> [C,D]
      return new Solution(
          NativeTensors.toJava(whole).values(), NativeTensors.toJava(bias).values(), loss);
    }

    List<Solution> run(List<Solution> starts, Effort effort) {
      Curvature curvature = curvature(starts);
      TensorOptions floats = new TensorOptions(ScalarType.Float);
      int columns = problems * classes;
      Tensor weight = torch.zeros(new long[] {columns, features.size(1)}, floats);
      Tensor bias = torch.zeros(new long[] {columns}, floats);
      for (int p = 0; p < starts.size(); p++) {
        rows(weight, p).copy_(curvature.towards(weight(starts.get(p))));
        rows(bias, p).copy_(NativeTensors.of(starts.get(p).bias(), classes));
      }
      Tensor weightGradient = torch.zeros_like(weight);
      Tensor biasGradient = torch.zeros_like(bias);
      weight.mutable_grad().put(weightGradient);
      bias.mutable_grad().put(biasGradient);
      LBFGSOptions options =
          Optimization.lbfgsOptions(new OptimizerSettings.Lbfgs(1, effort.iterations()));
      double atStart =
          evaluate(curvature, weight, bias, weightGradient, biasGradient).item().toDouble();
      options.tolerance_grad().put(GRADIENT_TOLERANCE);
      double tolerance = effort.tolerance() * atStart / problems;
      options.tolerance_change().put(tolerance);
      LBFGS optimizer = new LBFGS(new TensorVector(weight, bias), options);
      double[] loss = {atStart};
      double[] change = new double[1];
      int[] evaluations = new int[1];
      LossClosure closure =
          new LossClosure() {
            @Override
            public Tensor call() {
              Tensor value = evaluate(curvature, weight, bias, weightGradient, biasGradient);
              change[0] = Math.abs(loss[0] - value.item().toDouble());
              loss[0] = value.item().toDouble();
              evaluations[0]++;
              return value;
            }
          };
      // libtorch's search also ends where no weight moves by more than the tolerance, which in many
      // weights that move a little is far from the minimum: then it goes on from there.
      double before;
      do {
        before = loss[0];
        optimizer.step(closure);
      } while (change[0] >= tolerance
          && before - loss[0] >= tolerance
          && evaluations[0] < effort.iterations());
      List<Solution> solutions = new ArrayList<>();
      for (int p = 0; p < problems; p++) {
        solutions.add(solution(curvature.back(rows(weight, p)), rows(bias, p), loss[0] / problems));
      }
      return solutions;
    }

    private Tensor rows(Tensor all, int problem) {
      return all.narrow(0, (long) problem * classes, classes);
    }

    /** Writes the gradient and gives the sum of the objectives, in one pass over the examples. */
    private Tensor evaluate(
        Curvature curvature,
        Tensor searched,
        Tensor bias,
        Tensor searchedGradient,
        Tensor biasGradient) {
      Tensor kept;
      try (PointerScope scope = new PointerScope()) {
        Tensor weight = curvature.back(searched);
        // Classes before examples: softmax then runs along contiguous rows of examples.
        Tensor logits = torch.addmm(bias.unsqueeze(1), weight, features.t()); // [PC,N]
        Tensor perProblem = logits.reshape(problems, classes, examples.rows()); // [P,C,N]
        Tensor logProbabilities = torch.log_softmax(perProblem, 1);
        Tensor loss =
            logProbabilities
                .mul(oneHot)
                .mul(shares)
                .sum()
                .neg()
                .add(weight.mul(weight).sum().mul(new Scalar(l2 / 2)));
        Tensor residual =
            logProbabilities
                .exp_()
                .sub_(oneHot)
                .mul_(shares)
                .reshape((long) problems * classes, examples.rows()); // [P,C,N] -> [PC,N]
        searchedGradient.copy_(
            curvature.gradient(
                torch.addmm(weight, residual, features, new Scalar(l2), new Scalar(1.0))));
        biasGradient.copy_(residual.sum(1));
        kept = loss;
        kept.retainReference();
      }
      try (Tensor inner = kept) {
        return new Tensor(inner); // belongs to the scope of the fit, as the kept one to none
      }
    }
  }
}
