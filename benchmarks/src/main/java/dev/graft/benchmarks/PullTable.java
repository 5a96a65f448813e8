package dev.graft.benchmarks;

import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphBuilder;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Pulls a large model from a server on this machine with {@code graft pull}, each time in a new
 * process, and prints the rate and the peak of its memory as a Markdown table. Every byte is hashed
 * on the way and forced to the disk, as always. Beside it stands what the disk alone takes for as
 * many bytes.
 */
@Command(
    name = "pull",
    description = "Measures pulling a large model over the loopback interface.",
    mixinStandardHelpOptions = true)
public final class PullTable implements Callable<Integer> {
  private static final int CHUNK_BYTES = 1 << 20;

  @Option(names = "--megabytes", description = "size of the weights (default: 1000)")
  private int megabytes = 1_000;

  @Option(names = "--repeats", description = "runs (default: 5)")
  private int repeats = 5;

  private final PrintStream out;
  private final Path work = Folders.work();
  private final Path launcher =
      Path.of(System.getProperty("graft.project", ".")).toAbsolutePath().resolve("graft");

  private PullTable(PrintStream out) {
    this.out = out;
  }

  /** Measures and prints. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new PullTable(System.out)).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    Path files = Folders.inside(work, "pulled-model");
    writeModel(files.resolve("model.onnx"));
    writeWeights(files.resolve("model.onnx_data"));
    // The first start after a build makes the class archive; that is not what is measured.
    MeasuredProcess.run(List.of(launcher.toString(), "--version"), log());
    try (FileHub hub = new FileHub(files)) {
      out.println("| run | median s | MB/s | peak resident |");
      out.println("|---|---|---|---|");
      print("writing as much and forcing it to the disk", this::write);
      print("pulling into an empty cache", () -> pull(hub, true));
      print("pulling again: what is there is hashed", () -> pull(hub, false));
    }
    Folders.delete(files);
    Folders.delete(work.resolve("pull-cache"));
    return 0;
  }

  private Path log() {
    return work.resolve("pull.log");
  }

  private static void writeModel(Path file) {
    GraphBuilder.named("pulled")
        .input("image", ElementType.FLOAT, Dimension.named("N"), Dimension.of(3))
        .node("Relu", List.of("image"), "features")
        .output("features", ElementType.FLOAT)
        .build(18)
        .write(file);
  }

  private void writeWeights(Path file) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    byte[] chunk = new byte[CHUNK_BYTES];
    random.nextBytes(chunk);
    fill(file, chunk);
  }

  private void fill(Path file, byte[] chunk) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      long left = megabytes * 1_000_000L;
      while (left > 0) {
        int count = (int) Math.min(left, chunk.length);
        ByteBuffer bytes = ByteBuffer.wrap(chunk, 0, count);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        left -= count;
      }
      channel.force(true);
    }
  }

  private interface Run {
    MeasuredProcess measure();
  }

  private MeasuredProcess write() {
    Path file = work.resolve("written");
    try {
      long start = System.nanoTime();
      fill(file, new byte[CHUNK_BYTES]);
      double seconds = (System.nanoTime() - start) / 1e9;
      Files.delete(file);
      return new MeasuredProcess(seconds, java.util.OptionalLong.empty(), "");
    } catch (IOException failure) {
      throw new UncheckedIOException("Writing " + file, failure);
    }
  }

  private MeasuredProcess pull(FileHub hub, boolean intoEmptyCache) {
    Path cache = work.resolve("pull-cache");
    if (intoEmptyCache) {
      Folders.delete(cache);
    }
    return MeasuredProcess.run(
        List.of(
            "env",
            "HF_ENDPOINT=" + hub.address(),
            "HF_HUB_CACHE=" + cache,
            launcher.toString(),
            "pull",
            FileHub.ID,
            "--json"),
        log());
  }

  private void print(String name, Run run) {
    double[] seconds = new double[repeats];
    MeasuredProcess last = run.measure();
    long peak = last.peakBytes().orElse(0);
    for (int i = 0; i < repeats; i++) {
      MeasuredProcess one = run.measure();
      seconds[i] = one.seconds();
      peak = Math.max(peak, one.peakBytes().orElse(0));
    }
    Arrays.sort(seconds);
    double median = seconds[repeats / 2];
    out.printf(
        Locale.ROOT,
        "| %s | %.2f | %.0f | %s |%n",
        name,
        median,
        megabytes / median,
        peak == 0 ? "" : Math.round(peak / 1e6) + " MB");
  }
}
