package dev.graft.cli;

import dev.graft.onnx.Block;
import dev.graft.onnx.Head;
import dev.graft.onnx.HeadProof;
import dev.graft.onnx.InputKind;
import dev.graft.onnx.LinearHead;
import dev.graft.onnx.NoHead;
import dev.graft.onnx.Pooling;
import dev.graft.onnx.ValueInfo;
import dev.graft.onnx.WeightLayer;
import dev.graft.transfer.BackboneFolder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** An inspection for people. */
final class ModelInspectionText {
  private static final int NAME_WIDTH = 15;
  private static final int WIDEST_BLOCK = 44;
  private static final int FEWEST_BLOCK = 5;

  private final ModelInspection inspection;
  private final boolean withLayers;
  private final String name;
  private final List<String> lines = new ArrayList<>();

  /**
   * @param name of the backbone, as it was given
   */
  ModelInspectionText(ModelInspection inspection, boolean withLayers, String name) {
    this.inspection = inspection;
    this.withLayers = withLayers;
    this.name = name;
  }

  @Override
  public String toString() {
    lines.clear();
    origin();
    tensors();
    cost();
    inspection.head().ifPresent(this::head);
    blocks();
    field("Backbone", inspection.problems().isEmpty() ? usable() : "no, for the reasons below");
    return lines.stream()
        .map(Wording::printable)
        .collect(Collectors.joining(System.lineSeparator(), "", System.lineSeparator()));
  }

  private void origin() {
    field("File", inspection.file().toString());
    field("SHA-256", inspection.model().sha256());
    String producer = inspection.model().producer();
    field(
        "Format",
        "opset "
            + opsets()
            + ", IR version "
            + inspection.model().irVersion()
            + (producer.isEmpty() ? "" : ", written by " + producer));
  }

  private String opsets() {
    return inspection.model().opsets().entrySet().stream()
        .map(
            set ->
                set.getKey().isEmpty() ? set.getValue() + "" : set.getKey() + " " + set.getValue())
        .collect(Collectors.joining(", "));
  }

  private void tensors() {
    for (ValueInfo input : inspection.model().graph().inputs()) {
      field("Input", input.describe());
    }
    field("Takes", kind(inspection.kind()));
    for (ValueInfo output : inspection.model().graph().outputs()) {
      field("Output", output.describe());
    }
  }

  static String kind(InputKind kind) {
    return switch (kind) {
      case IMAGE -> "images";
      case TOKENS -> "text, as token numbers";
      case WAVEFORM -> "sound, as samples";
      case SPECTROGRAM -> "sound, as bands over time";
      case OTHER -> "neither images nor text nor sound";
    };
  }

  private void cost() {
    field(
        "Parameters",
        Wording.count(inspection.summary().parameterCount())
            + ", of which "
            + Wording.count(inspection.summary().trainableCount())
            + " can train");
    if (inspection.summary().multiplyAdds().isPresent()) {
      double millions = inspection.summary().multiplyAdds().getAsLong() / 1e6;
      field("Multiply-adds", String.format(Locale.ROOT, "%,.1f million for one example", millions));
    }
    field(
        "Operators",
        inspection.summary().operators().entrySet().stream()
            .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .collect(Collectors.joining(", ")));
  }

  private void head(Head head) {
    if (head instanceof LinearHead linear) {
      field(
          "Head",
          "linear layer "
              + linear.weightName()
              + ", "
              + Wording.count(linear.features())
              + " features to "
              + Wording.count(linear.classes())
              + " classes ("
              + linear.form().name().toLowerCase(Locale.ROOT).replace('_', ' ')
              + ")");
      field("Proof", proof(linear));
    } else if (head instanceof NoHead none) {
      field("Head", "none: " + none.reason());
    }
    field("Features", "tensor " + head.featureTensor() + pooling(head) + width());
    BackboneFolder.statedPooling(inspection.file())
        .map(stated -> stated.name().toLowerCase(Locale.ROOT).replace('_', ' '))
        .ifPresent(stated -> field("New heads", "read the " + stated + ", as config.json asks"));
  }

  private String proof(LinearHead linear) {
    if (!linear.isProvable()) {
      return "not possible for this form: the layer is not linear in its pooled input";
    }
    return inspection
        .trial()
        .flatMap(HeadTrial::proof)
        .map(ModelInspectionText::outcome)
        .orElse("not made");
  }

  private static String outcome(HeadProof proof) {
    return String.format(
        Locale.ROOT,
        "%s: on %d examples, logits recomputed from the features differ by at most %.1e of their"
            + " size",
        proof.holds() ? "holds" : "fails",
        proof.examples(),
        proof.largestRelativeError());
  }

  private static String pooling(Head head) {
    Pooling pooling = head.pooling();
    return switch (pooling) {
      case NONE -> "";
      case MEAN -> ", mean over positions";
      case MEAN_AND_DEVIATION -> ", mean and deviation over positions";
      case CLASS_TOKEN -> ", first position";
    };
  }

  private String width() {
    int measured = inspection.trial().map(HeadTrial::featureWidth).orElse(-1);
    return measured < 0 ? "" : ", " + Wording.count(measured) + " wide";
  }

  private void blocks() {
    List<Block> blocks = inspection.blocks();
    if (blocks.isEmpty()) {
      return;
    }
    field(
        "Cache points",
        Wording.count(inspection.cachePoints().size()) + " tensors where a frozen part may end");
    int width =
        Math.min(
            WIDEST_BLOCK,
            Math.max(
                FEWEST_BLOCK, blocks.stream().mapToInt(b -> b.name().length()).max().orElse(0)));
    lines.add("");
    lines.add("Blocks from the last to the first (--strategy last:K trains the first K lines)");
    String form = "  %5s  %-" + width + "s  %6s  %12s  %s";
    lines.add(
        String.format(Locale.ROOT, form, "last:", "block", "layers", "parameters", "starts at"));
    for (int i = blocks.size() - 1; i >= 0; i--) {
      Block block = blocks.get(i);
      lines.add(
          String.format(
              Locale.ROOT,
              form,
              blocks.size() - i,
              Wording.shortened(Wording.name(block.name()), width),
              block.layers().size(),
              Wording.count(block.parameterCount()),
              Wording.name(block.inputTensor())));
      if (withLayers) {
        block.layers().forEach(this::layer);
      }
    }
    lines.add("");
  }

  private void layer(WeightLayer layer) {
    lines.add(
        "         "
            + layer.operator()
            + " "
            + Wording.name(layer.name())
            + ", "
            + Wording.count(layer.parameterCount())
            + " parameters");
  }

  private String usable() {
    return switch (inspection.kind()) {
      case IMAGE -> "yes, for images: " + command("");
      case WAVEFORM -> "yes, for recordings: " + command("");
      case SPECTROGRAM ->
          "yes, for recordings, where its front end is known: " + command(" --front-end NAME");
      case TOKENS -> "yes, for texts, with its tokenizer.json beside it: " + command("");
      case OTHER ->
          "no: training takes models of images, sound or text, this one takes "
              + kind(inspection.kind());
    };
  }

  private String command(String further) {
    return "graft train DATA --backbone " + CommandText.quoted(name) + further + " --out FOLDER";
  }

  private void field(String title, String value) {
    lines.add(title + " ".repeat(NAME_WIDTH - title.length()) + value.replace("\n", " "));
  }
}
