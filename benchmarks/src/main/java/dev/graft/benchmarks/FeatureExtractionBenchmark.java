package dev.graft.benchmarks;

import dev.graft.transfer.Backbone;
import dev.graft.transfer.BackboneOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Images per second from JPEG files (ants and bees, about 400 x 300 pixels) to features. The files
 * lie in the system's file cache. For one thread; each contestant has a process of its own.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx2g", "-XX:+UseSerialGC"})
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 5, time = 5)
public class FeatureExtractionBenchmark {
  /** Images of one extraction. */
  static final int IMAGES = 390;

  /** The backbone. */
  @Param({SharedMaterial.SMALL_BACKBONE, SharedMaterial.LARGE_BACKBONE})
  public String backbone = SharedMaterial.SMALL_BACKBONE;

  /** The way. */
  @Param public Contestant contestant = Contestant.ONNX_RUNTIME_PLAIN;

  private List<Path> files = List.of();
  private @Nullable FeatureExtractor extractor;

  /** Unpacks the images and opens the backbone. */
  @Setup(Level.Trial)
  public void open() {
    Path work = Folders.work();
    Path archive = SharedMaterial.data("ants-bees");
    files = images(SharedMaterial.unpackAll(archive, work.resolve("ants-bees-all")));
    Backbone loaded = Backbone.load(SharedMaterial.model(backbone), BackboneOptions.defaults());
    extractor = contestant.open(loaded, work);
  }

  static List<Path> images(Path folder) {
    try (Stream<Path> tree = Files.walk(folder)) {
      List<Path> all = tree.filter(Files::isRegularFile).sorted().limit(IMAGES).toList();
      if (all.size() < IMAGES) {
        throw new IllegalStateException(
            folder + " has " + all.size() + " images, expected at least " + IMAGES);
      }
      return all;
    } catch (IOException failure) {
      throw new UncheckedIOException("Listing " + folder, failure);
    }
  }

  /** Extracts the features of all images. */
  @Benchmark
  @OperationsPerInvocation(IMAGES)
  public List<float[]> extract() {
    return Objects.requireNonNull(extractor).extract(files);
  }

  /** Closes the contestant. */
  @TearDown(Level.Trial)
  public void close() {
    Objects.requireNonNull(extractor).close();
  }
}
