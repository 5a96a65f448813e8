package dev.graft.engine;

import ai.onnx.proto.OnnxMl.TensorProto;
import dev.graft.engine.operator.Shapes;
import dev.graft.onnx.CachePoints;
import dev.graft.onnx.HeadFinder;
import dev.graft.onnx.Layers;
import dev.graft.onnx.ModelSummary;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxModelException;
import dev.graft.onnx.OnnxTensor;
import dev.graft.onnx.ValueInfo;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The process in which mutants run: it names each before it runs it, so that the one that kills the
 * process is known, and then says how it ended.
 *
 * <p>Lines of output: {@code #begin SEED BASE}, {@code #stage NAME}, {@code #end SEED OUTCOME}.
 */
@SuppressWarnings("SystemOut") // Its output is what the parent reads.
final class FuzzWorker {
  /** A seed at which the process ends at once, as if a native library had aborted it. */
  static final String VICTIM = "graft.fuzz.victim";

  private static final PrintStream OUT = System.out;

  private FuzzWorker() {}

  /** Runs {@code count} mutants from a seed on. */
  public static void main(String[] arguments) throws IOException {
    long first = Long.parseLong(arguments[0]);
    long count = Long.parseLong(arguments[1]);
    Libtorch.load();
    torch.set_num_threads(1);
    try (FuzzCorpus corpus = FuzzCorpus.open()) {
      for (long seed = first; seed < first + count; seed++) {
        FuzzCase mutant = FuzzMutant.of(seed, corpus);
        say("#begin " + seed + " " + mutant.name());
        if (seed == Long.getLong(VICTIM, -1)) {
          Runtime.getRuntime().halt(134);
        }
        forgetPeak();
        String outcome = outcome(mutant, seed);
        say("#end " + seed + " " + peakMegabytes() + " " + outcome);
      }
    }
    // Threads of native libraries must not keep a worker that has done its work.
    Runtime.getRuntime().halt(0);
  }

  private static void say(String line) {
    OUT.println(line);
    OUT.flush();
  }

  private static String outcome(FuzzCase mutant, long seed) {
    try {
      return run(mutant, seed) ? "trained" : "computed";
    } catch (OnnxModelException | EngineException refused) {
      return "refused " + oneLine(refused);
    } catch (Throwable untyped) {
      return "UNTYPED " + oneLine(untyped) + " at " + place(untyped);
    }
  }

  private static String oneLine(Throwable failure) {
    String text = failure.getClass().getSimpleName() + ": " + failure.getMessage();
    return text.substring(0, Math.min(400, text.length())).replaceAll("\\s+", " ");
  }

  private static String place(Throwable failure) {
    StringBuilder frames = new StringBuilder();
    int shown = 0;
    for (StackTraceElement frame : failure.getStackTrace()) {
      if (frame.getClassName().startsWith("dev.graft") && shown++ < 4) {
        frames.append(frame.getFileName()).append(':').append(frame.getLineNumber()).append(' ');
      }
    }
    return frames.toString();
  }

  /**
   * All that is done with a model that comes from outside.
   *
   * @return whether it was trained as well
   */
  private static boolean run(FuzzCase mutant, long seed) {
    stage("parse");
    OnnxModel model = OnnxModel.parse(mutant.model(), mutant.name());
    OnnxModelException refusal = null;
    List<Map.Entry<String, Runnable>> examinations =
        List.of(
            Map.entry("write", () -> OnnxModel.parse(model.toBytes(), mutant.name())),
            Map.entry("summary", () -> ModelSummary.of(model)),
            Map.entry("head", () -> HeadFinder.find(model, Optional.empty(), OptionalInt.empty())),
            Map.entry("layers", () -> Layers.blocks(model)),
            Map.entry("cache points", () -> CachePoints.of(model)),
            Map.entry("shapes", model::withFoldedShapes),
            Map.entry("batch", model::withDynamicBatch),
            Map.entry("dequantize", model::dequantized),
            Map.entry("upgrade", () -> model.upgradeTo(21)));
    for (Map.Entry<String, Runnable> examination : examinations) {
      stage(examination.getKey());
      try {
        examination.getValue().run();
      } catch (OnnxModelException refused) {
        refusal = refused; // the next one is tried nevertheless
      }
    }
    compute(mutant, "as stated", () -> ProgramBuilder.buildAsStated(model, Set.of()));
    for (Precision precision : Precision.values()) {
      compute(mutant, precision.name(), () -> ProgramBuilder.build(model, precision, Set.of()));
    }
    if (refusal != null) {
      throw refusal;
    }
    return train(model, mutant, seed);
  }

  private static boolean train(OnnxModel model, FuzzCase mutant, long seed) {
    stage("join a head");
    List<OnnxTensor> inputs = mutant.inputs().stream().map(FuzzWorker::tensor).toList();
    OnnxModel network = FuzzTraining.withHead(FuzzTraining.withOneInput(model, inputs));
    stage("train");
    FloatTensor batch;
    try (PointerScope scope = new PointerScope()) {
      Tensor input = input(mutant.inputs(), 0);
      if (input.dim() == 0) {
        return false; // there are no examples
      }
      batch = NativeTensors.toJava(input);
    }
    return FuzzTraining.step(network, batch, seed);
  }

  private static void compute(FuzzCase mutant, String how, Supplier<Program> builder) {
    stage("build " + how);
    try (PointerScope scope = new PointerScope();
        AutoGradMode inference = new AutoGradMode(false);
        Program program = builder.get()) {
      stage("run " + how);
      Map<String, Tensor> given = new LinkedHashMap<>();
      List<ValueInfo> wanted = OnnxModel.parse(mutant.model(), mutant.name()).graph().inputs();
      for (int i = 0; i < wanted.size(); i++) {
        given.put(wanted.get(i).name(), input(mutant.inputs(), i));
      }
      for (Tensor result : program.run(given, Program.Mode.INFERENCE, Program.Observer.NONE)) {
        if (Shapes.count(Shapes.of(result)) <= 1 << 20) {
          NativeTensors.toJava(result);
        }
      }
    }
  }

  private static Tensor input(List<TensorProto> inputs, int index) {
    return index < inputs.size() ? TensorFiles.toTensor(tensor(inputs.get(index))) : torch.zeros(1);
  }

  private static OnnxTensor tensor(TensorProto input) {
    try {
      return TensorFiles.parse(input.toByteArray());
    } catch (IOException impossible) {
      throw new IllegalStateException("inputs are sound messages", impossible);
    }
  }

  private static void stage(String name) {
    say("#stage " + name);
  }

  /** Lets Linux count the largest resident memory anew. */
  private static void forgetPeak() throws IOException {
    Path control = Path.of("/proc/self/clear_refs");
    if (Files.exists(control)) {
      Files.writeString(control, "5");
    }
  }

  private static long peakMegabytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    for (String line : Files.readAllLines(status, StandardCharsets.UTF_8)) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("\\D+", "")) / 1024;
      }
    }
    return 0;
  }
}
