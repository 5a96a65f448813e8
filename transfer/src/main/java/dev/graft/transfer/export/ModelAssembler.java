package dev.graft.transfer.export;

import dev.graft.data.Preprocessing;
import dev.graft.data.image.ImagePreprocessing;
import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.ModelEditor;
import dev.graft.onnx.ModelJoin;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxModelException;
import dev.graft.onnx.ValueInfo;
import dev.graft.runtime.BundleLayout;
import dev.graft.transfer.training.ClassifierHead;
import dev.graft.transfer.training.HeadModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Joins trunk and head into the network that trains, and that with its preprocessing into the file
 * that ships.
 */
public final class ModelAssembler {
  private static final String PREFIX = "graft.";

  private ModelAssembler() {}

  /**
   * The trunk with a new head: prepared examples in, logits out. Names of the trunk do not change.
   */
  public static OnnxModel network(OnnxModel trunk, ClassifierHead head) {
    OnnxModel headModel = HeadModel.of(head.layers(), trunk.opset());
    String features = trunk.graph().outputs().get(0).name();
    return ModelJoin.chain(
        trunk, headModel, Map.of(features, HeadModel.INPUT), ModelJoin.Keeps.FIRST, PREFIX);
  }

  /**
   * The part of a network behind a tensor that dominates its output, which becomes its input.
   *
   * @param boundary a legal cache point
   */
  public static OnnxModel behind(OnnxModel network, String boundary, long... exampleShape) {
    ModelEditor editor = network.edit();
    network.graph().producer(boundary).ifPresent(editor::removeNode);
    List<Dimension> shape = new ArrayList<>();
    shape.add(Dimension.named("batch"));
    for (long length : exampleShape) {
      shape.add(Dimension.of(length));
    }
    ValueInfo input = ValueInfo.of(boundary, ElementType.FLOAT, shape.toArray(Dimension[]::new));
    return editor.setInputs(List.of(input)).pruneUnreachable().build();
  }

  /**
   * The tensor that the head reads, [N, width].
   *
   * @param tensor its name in the trunk
   * @param width features of one example
   */
  public record Features(String tensor, int width) {}

  /**
   * The file that ships: uint8 pixels of any size, samples or numbers of tokens in; logits,
   * probabilities and features out.
   *
   * @param features what the head reads
   */
  public static OnnxModel deployable(
      OnnxModel network,
      Features features,
      Preprocessing preprocessing,
      List<String> labels,
      Map<String, String> metadata) {
    OnnxModel prepared = PreprocessingGraph.of(preprocessing, network.opset());
    String input = network.graph().inputs().get(0).name();
    OnnxModel joined =
        ModelJoin.chain(
            prepared,
            network,
            Map.of(PreprocessingGraph.PREPARED, input),
            ModelJoin.Keeps.SECOND,
            PREFIX);
    String logits = joined.graph().outputs().get(0).name();
    ModelEditor editor = joined.edit();
    nameInput(editor, joined, prepared.graph().inputs().get(0).name());
    if (!logits.equals(BundleLayout.LOGITS)) {
      editor.addNode(Node.of("Identity", List.of(logits), List.of(BundleLayout.LOGITS)));
    }
    editor.addNode(
        Node.of("Softmax", List.of(BundleLayout.LOGITS), List.of(BundleLayout.PROBABILITIES))
            .withInteger("axis", -1));
    if (!features.tensor.equals(BundleLayout.FEATURES)) {
      // A backbone may call another tensor so.
      editor.renameTensor(BundleLayout.FEATURES, editor.freshName(PREFIX + BundleLayout.FEATURES));
      editor.addNode(Node.of("Identity", List.of(features.tensor), List.of(BundleLayout.FEATURES)));
    }
    editor.setOutputs(
        List.of(
            output(BundleLayout.LOGITS, labels.size()),
            output(BundleLayout.PROBABILITIES, labels.size()),
            output(BundleLayout.FEATURES, features.width)));
    return editor.setMetadata(metadata).build();
  }

  /** What ships takes its input under the promised name; a backbone may call its own tensor so. */
  private static void nameInput(ModelEditor editor, OnnxModel joined, String promised) {
    String found = joined.graph().inputs().get(0).name();
    if (!found.equals(promised)) {
      editor.renameTensor(promised, editor.freshName(PREFIX + "prepared_" + promised));
      editor.renameTensor(found, promised);
    }
  }

  /**
   * The inverse of {@link #deployable}: the network of a file that ships, without its
   * preprocessing; prepared examples in, logits out.
   *
   * @throws dev.graft.onnx.OnnxModelException if the file does not begin with a preprocessing of
   *     this shape
   */
  public static OnnxModel withoutPreprocessing(
      OnnxModel deployable, ImagePreprocessing preprocessing) {
    String input =
        deployable.graph().nodes().stream()
            .filter(node -> node.is("Identity") && isPrepared(node.input(0)))
            .map(node -> node.output(0))
            .findFirst()
            .orElseThrow(
                () ->
                    new OnnxModelException(
                        deployable.source()
                            + ": the tensor \""
                            + PreprocessingGraph.PREPARED
                            + "\" between its preprocessing and its network was expected, but there"
                            + " is none. Take a file that graft train wrote."));
    return logitsOf(
        behind(
            deployable,
            input,
            preprocessing.channelOrder().channels(),
            preprocessing.cropHeight(),
            preprocessing.cropWidth()));
  }

  /**
   * The part of a file that ships that computes its logits.
   *
   * @throws dev.graft.onnx.OnnxModelException if it has none
   */
  public static OnnxModel logitsOf(OnnxModel deployable) {
    ValueInfo logits =
        deployable.graph().outputs().stream()
            .filter(output -> output.name().equals(BundleLayout.LOGITS))
            .findFirst()
            .orElseThrow(
                () ->
                    new OnnxModelException(
                        deployable.source()
                            + ": an output \""
                            + BundleLayout.LOGITS
                            + "\" was expected, but there is none. Take a file that graft train"
                            + " wrote."));
    return deployable.edit().setOutputs(List.of(logits)).pruneUnreachable().build();
  }

  /** Joining adds the prefix where the network has a tensor of that name itself. */
  private static boolean isPrepared(String tensor) {
    String name = tensor;
    while (name.startsWith(PREFIX)) {
      name = name.substring(PREFIX.length());
    }
    return name.equals(PreprocessingGraph.PREPARED);
  }

  private static ValueInfo output(String name, int width) {
    return ValueInfo.of(name, ElementType.FLOAT, Dimension.named("batch"), Dimension.of(width));
  }
}
