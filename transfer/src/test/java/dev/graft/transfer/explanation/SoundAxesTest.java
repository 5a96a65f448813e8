package dev.graft.transfer.explanation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import dev.graft.onnx.frontend.FrontEnd;
import dev.graft.onnx.frontend.SpectrogramImage;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Where time and pitch lie, for networks whose front ends are known. */
class SoundAxesTest {
  private static final int RATE = 16_000;

  /** A front end, a change of its layout to a map, and something behind. */
  private static OnnxModel network(FrontEnd frontEnd, Node... layout) {
    var editor = frontEnd.model(OptionalInt.of(RATE)).edit();
    editor
        .setInitializer(OnnxTensor.ofLongs("one", new long[] {1}, 1))
        .setInitializer(OnnxTensor.ofLongs("from", new long[] {0}, 1))
        .setInitializer(OnnxTensor.ofLongs("to", new long[] {96}, 1))
        .setInitializer(OnnxTensor.ofLongs("quarters", new long[] {0, 8, 12, 40}, 4));
    for (Node node : layout) {
      editor.addNode(node);
    }
    return editor
        .addNode(Node.of("GlobalAveragePool", List.of("map"), List.of("mean")))
        .addNode(Node.of("Flatten", List.of("mean"), List.of("logits")))
        .setOutputs(
            List.of(
                dev.graft.onnx.ValueInfo.of(
                    "logits", ElementType.FLOAT, Dimension.named("N"), Dimension.of(1))))
        .build();
  }

  private static Node unsqueeze(String from) {
    return Node.of("Unsqueeze", List.of(from, "one"), List.of("map"));
  }

  @Test
  void of_framesDown_tellsTimesAndPitches() {
    FrontEnd frontEnd = FrontEnd.LOG_MEL_OF_SPEECH;
    SoundAxes axes =
        SoundAxes.of(network(frontEnd, unsqueeze(FrontEnd.LOG_MEL)), RATE, RATE).orElseThrow();
    assertThat(axes.tensor()).isEqualTo("map");
    assertThat(axes.timeIsDown()).isTrue();
    assertThat(axes.height()).isEqualTo(98);
    assertThat(axes.width()).isEqualTo(40);
    // Frame t reaches from sample 160 t to 160 t + 400.
    assertThat(axes.time().at(0)).isCloseTo(200.0 / RATE, within(0.005));
    assertThat(axes.time().at(97)).isCloseTo((97 * 160 + 200.0) / RATE, within(0.005));
    assertThat(axes.pitch().step()).isPositive();
    // 41 equal steps on the mel scale from 60 to 7,600 Hz, each band's centre at the end of one.
    double step = (mel(7_600) - mel(60)) / 41;
    assertThat(axes.pitch().at(0)).isCloseTo(mel(60) + step, within(step));
    assertThat(axes.pitch().at(39)).isCloseTo(mel(7_600) - step, within(step));
  }

  @Test
  void of_bandsDown_isTheSameTurned() {
    SoundAxes axes =
        SoundAxes.of(
                network(
                    FrontEnd.SPEECH_EMBEDDING,
                    Node.of("Transpose", List.of(FrontEnd.LOG_MEL), List.of("turned"))
                        .withIntegers("perm", 0, 2, 1),
                    unsqueeze("turned")),
                RATE,
                RATE)
            .orElseThrow();
    assertThat(axes.timeIsDown()).isFalse();
    assertThat(axes.height()).isEqualTo(32);
    assertThat(axes.range().lowestHertz()).isBetween(20.0, 200.0);
    assertThat(axes.range().highestHertz()).isBetween(3_400.0, 4_000.0);
  }

  /** In the picture of a backbone of images, high tones are at the top, as they are shown. */
  @Test
  void of_pictureOfSound_hasHighTonesOnTop() {
    OnnxModel eyes =
        GraphBuilder.named("eyes")
            .input(
                "image",
                ElementType.FLOAT,
                Dimension.named("N"),
                Dimension.of(3),
                Dimension.of(64),
                Dimension.of(48))
            .node("GlobalAveragePool", List.of("image"), "mean")
            .node("Flatten", List.of("mean"), "logits")
            .output("logits", ElementType.FLOAT, Dimension.named("N"), Dimension.of(3))
            .build(18);
    OnnxModel network =
        new SpectrogramImage(RATE, 64, 48, List.of(1f, 1f, 1f), List.of(0f, 0f, 0f)).join(eyes);
    SoundAxes axes = SoundAxes.of(network, RATE, RATE).orElseThrow();
    assertThat(axes.timeIsDown()).isFalse();
    assertThat(axes.pitch().step()).isNegative();
    HeatGrid.Axis rows = new HeatGrid.Axis(2, 0.25, 0.5);
    HeatGrid.Axis columns = new HeatGrid.Axis(3, 1 / 6.0, 1 / 3.0);
    HeatGrid laid = axes.laid(new HeatGrid(rows, columns, new float[] {1, 2, 3, 4, 5, 6}));
    assertThat(laid.values()).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(laid.vertical().first()).isCloseTo(0.25, within(0.02));
    assertThat(laid.vertical().step()).isCloseTo(0.5, within(0.02));
    assertThat(laid.horizontal().centre(1)).isCloseTo(0.5, within(0.02));
  }

  @Test
  void laid_framesDownAndBandsUpward_isTurnedAndFlipped() {
    SoundAxes axes =
        new SoundAxes(
            "map", new SoundAxes.Line(10, 0.05, 0.1), new SoundAxes.Line(4, 500, 1_000), true);
    HeatGrid.Axis times = HeatGrid.Axis.even(2);
    HeatGrid.Axis bands = HeatGrid.Axis.even(4);
    // Rows are times, columns bands from low to high.
    HeatGrid laid = axes.laid(new HeatGrid(times, bands, new float[] {1, 2, 3, 4, 5, 6, 7, 8}));
    assertThat(laid.values()).containsExactly(4, 8, 3, 7, 2, 6, 1, 5);
    assertThat(laid.vertical().first()).isCloseTo(0.125, within(1e-9));
    assertThat(laid.vertical().step()).isCloseTo(0.25, within(1e-9));
    assertThat(laid.horizontal().first()).isCloseTo(0.25, within(1e-9));
    assertThat(laid.horizontal().step()).isCloseTo(0.5, within(1e-9));
  }

  /** Places without an order of time: quarters of a second that lie beside each other. */
  @Test
  void of_mapsThatAreNoSpectrogram_areNotTakenForOne() {
    OnnxModel folded =
        network(
            FrontEnd.LOG_MEL_OF_SPEECH,
            Node.of("Slice", List.of(FrontEnd.LOG_MEL, "from", "to", "one"), List.of("even")),
            Node.of("Reshape", List.of("even", "quarters"), List.of("map")));
    assertThat(SoundAxes.of(folded, RATE, RATE)).isEqualTo(Optional.empty());
  }

  private static double mel(double hertz) {
    return 1127 * Math.log1p(hertz / 700);
  }
}
