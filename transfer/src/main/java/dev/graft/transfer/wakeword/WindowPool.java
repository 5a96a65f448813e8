package dev.graft.transfer.wakeword;

import dev.graft.engine.CoreWorkers;
import dev.graft.engine.FloatTensor;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.training.FeatureScaling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** All windows of many scenes, by one number each. Not thread-safe. */
final class WindowPool {
  private final List<SceneWindows> scenes;
  private final int[] firsts;
  private final int rowWidth;
  private final int width;

  private WindowPool(List<SceneWindows> scenes, int rowWidth, int width) {
    this.scenes = scenes;
    this.rowWidth = rowWidth;
    this.width = width;
    this.firsts = new int[scenes.size() + 1];
    for (int i = 0; i < scenes.size(); i++) {
      firsts[i + 1] = firsts[i] + scenes.get(i).count();
    }
  }

  /** Composes and encodes scenes, each on a core of its own, in the order of their numbers. */
  static WindowPool make(
      IntFunction<Scene> composer,
      int count,
      StreamEncoder encoder,
      int sampleRate,
      String phase,
      TrainingListener listener) {
    listener.phase(phase);
    List<SceneWindows> scenes = new ArrayList<>();
    try (CoreWorkers workers = CoreWorkers.open()) {
      List<Future<SceneWindows>> begun = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = i;
        begun.add(
            workers.submit(() -> SceneWindows.of(composer.apply(number), encoder, sampleRate)));
      }
      for (Future<SceneWindows> scene : begun) {
        scenes.add(CoreWorkers.result(scene));
        listener.progress(
            phase,
            Math.round(scenes.size() * SceneComposer.SECONDS),
            Math.round(count * SceneComposer.SECONDS),
            "seconds of sound");
      }
    }
    return new WindowPool(scenes, encoder.rowWidth(), encoder.width());
  }

  /** The scenes of both. */
  WindowPool and(WindowPool more) {
    List<SceneWindows> both = new ArrayList<>(scenes);
    both.addAll(more.scenes);
    return new WindowPool(both, rowWidth, width);
  }

  List<SceneWindows> scenes() {
    return scenes;
  }

  int size() {
    return firsts[scenes.size()];
  }

  /** Numbers of the windows that hold something, in order. */
  int[] of(SceneWindows.Content content) {
    return IntStream.range(0, size()).filter(i -> content(i) == content).toArray();
  }

  private SceneWindows.Content content(int window) {
    int scene = scene(window);
    return scenes.get(scene).contents()[window - firsts[scene]];
  }

  private int scene(int window) {
    int found = Arrays.binarySearch(firsts, window);
    int scene = found >= 0 ? found : -found - 2;
    // Scenes without windows begin where the next one does.
    while (scenes.get(scene).count() == 0) {
      scene++;
    }
    return scene;
  }

  /** Writes the features of a window. */
  void features(int window, float[] out) {
    int scene = scene(window);
    scenes.get(scene).features(window - firsts[scene], rowWidth, out);
  }

  /** Scaled features of windows [windows, width]. */
  FloatTensor batch(int[] windows, int from, int to, FeatureScaling scaling) {
    float[] values = new float[(to - from) * width];
    float[] row = new float[width];
    float[] scaled = new float[width];
    for (int i = from; i < to; i++) {
      features(windows[i], row);
      scaling.apply(row, scaled);
      System.arraycopy(scaled, 0, values, (i - from) * width, width);
    }
    return new FloatTensor(values, to - from, width);
  }

  /** Features of windows as they are, [windows, width]. */
  FloatTensor batch(int[] windows, int from, int to) {
    float[] values = new float[(to - from) * width];
    float[] row = new float[width];
    for (int i = from; i < to; i++) {
      features(windows[i], row);
      System.arraycopy(row, 0, values, (i - from) * width, width);
    }
    return new FloatTensor(values, to - from, width);
  }

  /** The number of the first window of a scene. */
  int first(int scene) {
    return firsts[scene];
  }
}
