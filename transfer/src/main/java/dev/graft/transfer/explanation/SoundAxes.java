package dev.graft.transfer.explanation;

import dev.graft.data.audio.Sonogram;
import dev.graft.engine.Network;
import dev.graft.engine.Precision;
import dev.graft.onnx.CachePoints;
import dev.graft.onnx.FrontEndNodes;
import dev.graft.onnx.OnnxModel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where time and pitch lie in the first tensor of a network of sound that is a map: its spectrogram
 * as its layers take it.
 *
 * <p>That is measured, not read from the graph: clicks at known times and tones of known pitch are
 * played to it, and the places that answer tell which axis is which, which way it runs and where it
 * begins. So front ends and layouts of any kind are understood, and a tensor that is no spectrogram
 * is not taken for one. Pitch is taken to be even on the mel scale, as the bands of all known front
 * ends are, or nearly.
 *
 * @param tensor its name
 * @param time along which axis it runs, in shares of the model's window
 * @param pitch along the other, in mel
 * @param timeIsDown whether time runs along the rows
 */
record SoundAxes(String tensor, Line time, Line pitch, boolean timeIsDown) implements MapPlane {
  /**
   * Evenly distant positions of an axis.
   *
   * @param count their number
   * @param first what the first stands for
   * @param step from one to the next, not 0
   */
  record Line(int count, double first, double step) {
    double at(double position) {
      return first + position * step;
    }
  }

  /** The axes of a network's spectrogram; empty where it has none. */
  static Optional<SoundAxes> of(OnnxModel network, int samples, int rate) {
    Optional<String> tensor = firstMap(network, samples);
    if (tensor.isEmpty()) {
      return Optional.empty();
    }
    OnnxModel front = MapTaps.giving(network, List.of(tensor.get()));
    try (Network running = Network.load(front, Precision.FP32)) {
      return new SoundProbe(running, samples, rate).axes(tensor.get());
    }
  }

  /** The first tensor [1, C, H, W] with places behind the front end. */
  private static Optional<String> firstMap(OnnxModel network, int samples) {
    List<String> points = CachePoints.of(network);
    Set<String> inside =
        network.graph().nodes().stream()
            .filter(FrontEndNodes::contains)
            .flatMap(node -> node.outputs().stream())
            .filter(
                output ->
                    network.graph().consumers(output).stream().allMatch(FrontEndNodes::contains))
            .collect(Collectors.toSet());
    List<String> behind = points.stream().filter(point -> !inside.contains(point)).toList();
    if (behind.isEmpty()) {
      return Optional.empty();
    }
    Map<String, long[]> shapes = MapTaps.shapes(network, behind, 1, samples);
    return behind.stream()
        .filter(point -> isMap(shapes.getOrDefault(point, new long[0])))
        .findFirst();
  }

  private static boolean isMap(long[] shape) {
    return shape.length == 4 && shape[0] == 1 && shape[2] > 1 && shape[3] > 1;
  }

  @Override
  public int height() {
    return timeIsDown ? time.count : pitch.count;
  }

  @Override
  public int width() {
    return timeIsDown ? pitch.count : time.count;
  }

  /** From the outer edge of the lowest position to that of the highest. */
  PitchRange range() {
    double one = pitch.at(-0.5);
    double other = pitch.at(pitch.count - 0.5);
    return new PitchRange(
        Math.max(0, Sonogram.hertz(Math.min(one, other))), Sonogram.hertz(Math.max(one, other)));
  }

  /** Time to the right, pitch upwards. */
  @Override
  public HeatGrid laid(HeatGrid map) {
    HeatGrid.Axis times = timeIsDown ? map.vertical() : map.horizontal();
    HeatGrid.Axis pitches = timeIsDown ? map.horizontal() : map.vertical();
    double highest = Sonogram.mel(range().highestHertz());
    double height = highest - Sonogram.mel(range().lowestHertz());
    // A share of the plane is a position, which is a time or a pitch, which is a share of what is
    // shown.
    HeatGrid.Axis horizontal =
        new HeatGrid.Axis(
            times.count(),
            time.at(times.first() * time.count - 0.5),
            time.step * time.count * times.step());
    double top = (highest - pitch.at(pitches.first() * pitch.count - 0.5)) / height;
    double down = -pitch.step * pitch.count * pitches.step() / height;
    boolean flipped = down < 0;
    HeatGrid.Axis vertical =
        pitches.count() == 1
            ? HeatGrid.Axis.even(1)
            : new HeatGrid.Axis(
                pitches.count(),
                flipped ? top + (pitches.count() - 1) * down : top,
                Math.abs(down));
    float[] values = new float[map.values().length];
    for (int row = 0; row < pitches.count(); row++) {
      int from = flipped ? pitches.count() - 1 - row : row;
      for (int column = 0; column < times.count(); column++) {
        values[row * times.count() + column] =
            timeIsDown
                ? map.values()[column * pitches.count() + from]
                : map.values()[from * times.count() + column];
      }
    }
    return new HeatGrid(vertical, horizontal, values);
  }
}
