package dev.graft.engine;

import dev.graft.onnx.OnnxModel;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.bytedeco.javacpp.Pointer;

/**
 * The process whose memory is measured: it trains all weights of a network as fine-tuning does, by
 * AdamW with a pull toward the starting weights, and says how much memory that took.
 *
 * <p>Arguments: network, precision, activations, examples at once (0 for no bound), batch, steps,
 * and steps after which to report. Lines of output: {@code #report STEP RESIDENT PEAK HANDLES},
 * kibibytes of the process now and at most, and the native handles that Java holds.
 */
@SuppressWarnings("SystemOut") // Its output is what the parent reads.
final class MemoryWorker {
  private static final PrintStream OUT = System.out;

  private MemoryWorker() {}

  /** Trains and reports. */
  public static void main(String[] arguments) throws IOException {
    boolean large = arguments[0].equals("resnet50");
    int side = large ? 224 : TestGraphs.SIDE;
    OnnxModel model = large ? TestGraphs.resNet50(side) : TestGraphs.of(arguments[0]);
    int atOnce = Integer.parseInt(arguments[3]);
    BatchPasses passes =
        new BatchPasses(
            atOnce == 0 ? OptionalInt.empty() : OptionalInt.of(atOnce),
            ActivationMemory.valueOf(arguments[2]));
    int batch = Integer.parseInt(arguments[4]);
    int steps = Integer.parseInt(arguments[5]);
    List<String> reports = Arrays.asList(arguments).subList(6, arguments.length);
    FloatTensor images = TestTensors.noise(1, batch, 3, side, side);
    int[] labels = new int[batch];
    Arrays.setAll(labels, i -> i % 3);
    try (TrainingSession session =
        TrainingSession.open(model, options(model, arguments[1], passes))) {
      long begun = 0;
      for (int step = 1; step <= steps; step++) {
        if (step == 2) {
          begun = System.nanoTime();
        }
        session.step(images, labels, 1);
        if (reports.contains(Integer.toString(step))) {
          report(step);
        }
      }
      long each = steps < 2 ? 0 : (System.nanoTime() - begun) / 1_000_000 / (steps - 1);
      OUT.println("#milliseconds " + each);
    }
    OUT.flush();
    // Threads of native libraries must not keep a worker that has done its work.
    Runtime.getRuntime().halt(0);
  }

  private static TrainingOptions options(OnnxModel model, String precision, BatchPasses passes) {
    return new TrainingOptions(
        Precision.valueOf(precision),
        new OptimizerSettings.AdamW(1e-4),
        List.of(new ParameterGroup("all", TestTraining.trainable(model), 1, 0, 1e-3)),
        new Objective.Classification(new float[0], 0.1),
        1,
        NormStatistics.FROZEN,
        passes);
  }

  private static void report(int step) throws IOException {
    System.gc(); // what Java has not collected yet is not kept
    OUT.println(
        "#report "
            + step
            + " "
            + kibibytes("VmRSS")
            + " "
            + kibibytes("VmHWM")
            + " "
            + Pointer.totalCount());
    OUT.flush();
  }

  private static long kibibytes(String counter) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.UTF_8)) {
      if (line.startsWith(counter + ":")) {
        return Long.parseLong(line.replaceAll("\\D+", ""));
      }
    }
    throw new IOException("no counter " + counter);
  }
}
