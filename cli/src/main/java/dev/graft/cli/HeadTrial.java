package dev.graft.cli;

import dev.graft.onnx.Head;
import dev.graft.onnx.HeadFinder;
import dev.graft.onnx.HeadProof;
import dev.graft.onnx.LinearHead;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.Trunk;
import dev.graft.runtime.InferenceOptions;
import dev.graft.runtime.InferenceSession;
import dev.graft.runtime.TensorDescription;
import dev.graft.runtime.TensorKind;
import dev.graft.runtime.TensorValue;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * One run of a model in ONNX Runtime on random examples, with its features exposed.
 *
 * @param featureWidth the number of features of one example
 * @param proof whether the head, recomputed from the features, gives the logits of the model; empty
 *     if the head is not linear
 * @param candidates tensors that could be the feature tensor instead
 */
record HeadTrial(int featureWidth, Optional<HeadProof> proof, List<String> candidates) {
  private static final int EXAMPLES = 2;
  private static final int FREE_IMAGE_SIDE = 224;
  private static final int FREE_SEQUENCE = 16;
  private static final int FREE_WAVEFORM = 16_000;
  private static final int TOKENS_IN_EVERY_VOCABULARY = 10;

  /** Runs the trunk, and where the head is linear the model up to its logits, too. */
  static HeadTrial of(OnnxModel model, Head head) {
    TensorValue.FloatValues features = run(Trunk.withFeatures(model, head));
    long[] shape = features.shape();
    int width = shape.length == 2 ? Math.toIntExact(shape[1]) : -1;
    Optional<HeadProof> proof = Optional.empty();
    if (head instanceof LinearHead linear && linear.isProvable()) {
      TensorValue.FloatValues logits = run(Trunk.cut(model, linear.logitsTensor()));
      proof =
          Optional.of(
              HeadProof.of(linear, linear.weights(model), features.values(), logits.values()));
    }
    return new HeadTrial(width, proof, HeadFinder.candidates(model));
  }

  /** The refusal of a head whose proof failed. */
  Optional<String> problem(Path file) {
    if (proof.isEmpty() || proof.get().holds()) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "Proving the output layer of %s failed: recomputing its logits differs by %.2g of their"
                + " size. Name the tensor that a new head shall read with --feature-tensor;"
                + " candidates: %s.",
            file,
            proof.get().largestRelativeError(),
            String.join(", ", candidates)));
  }

  private static TensorValue.FloatValues run(OnnxModel model) {
    try (InferenceSession session =
        InferenceSession.open(model.toBytes(), model.source(), InferenceOptions.defaults())) {
      Map<String, TensorValue> inputs = new LinkedHashMap<>();
      for (TensorDescription input : session.inputs()) {
        inputs.put(input.name(), values(input));
      }
      TensorValue output = session.run(inputs).values().iterator().next();
      if (output instanceof TensorValue.FloatValues floats) {
        return floats;
      }
      throw new dev.graft.onnx.OnnxModelException(
          "Running "
              + model.source()
              + " once: its features are expected to be real numbers, found "
              + output
              + ". Name another tensor with --feature-tensor.");
    }
  }

  /** Random numbers that depend on the input alone, so that both runs see the same examples. */
  private static TensorValue values(TensorDescription input) {
    long[] shape = shape(input);
    int count = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
    SplittableRandom random = new SplittableRandom(input.name().hashCode());
    if (input.kind() == TensorKind.INTEGER) {
      long[] values = new long[count];
      boolean mask = input.name().toLowerCase(Locale.ROOT).contains("mask");
      boolean segments = input.name().toLowerCase(Locale.ROOT).contains("type");
      Arrays.setAll(
          values, i -> mask ? 1 : segments ? 0 : random.nextInt(1, TOKENS_IN_EVERY_VOCABULARY));
      return TensorValue.ofLongs(values, shape);
    }
    if (input.kind() == TensorKind.UNSIGNED_BYTE) {
      byte[] values = new byte[count];
      random.nextBytes(values);
      return TensorValue.ofBytes(values, shape);
    }
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return TensorValue.ofFloats(values, shape);
  }

  private static long[] shape(TensorDescription input) {
    long[] shape = input.shape().stream().mapToLong(Long::longValue).toArray();
    for (int axis = 0; axis < shape.length; axis++) {
      if (shape[axis] < 0) {
        shape[axis] = axis == 0 ? EXAMPLES : free(input, shape.length);
      }
    }
    return shape;
  }

  private static long free(TensorDescription input, int rank) {
    if (rank == 4) {
      return FREE_IMAGE_SIDE;
    }
    return input.kind() == TensorKind.REAL ? FREE_WAVEFORM : FREE_SEQUENCE;
  }
}
