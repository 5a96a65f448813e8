package dev.graft.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Runs the {@code graft} command as a user does, each time as a new process, and prints the time
 * and the peak of its memory as a Markdown table.
 */
@Command(
    name = "whole-process",
    description = "Measures whole runs of graft: time and peak resident memory.",
    mixinStandardHelpOptions = true)
public final class WholeProcess implements Callable<Integer> {
  private static final int COLD_EXAMPLES_PER_CLASS = 25;

  /** What can be measured. */
  enum Scenario {
    /** 50 images to a bundle, nothing stored. */
    COLD,
    /** Another head on 5,000 stored examples. */
    CACHED,
    /** 600 recordings to a bundle, nothing stored, and how fast their features come. */
    SOUND,
    /** Peak memory by the number of examples. */
    MEMORY
  }

  @Option(
      names = "--scenarios",
      split = ",",
      description = "cold, cached, sound, memory (default: all)")
  private Set<Scenario> scenarios = EnumSet.allOf(Scenario.class);

  @Option(names = "--repeats", description = "runs of cold and cached (default: 5)")
  private int repeats = 5;

  @Option(
      names = "--sizes",
      split = ",",
      description = "numbers of examples for memory (default: 1000,10000,100000)")
  private List<Integer> sizes = List.of(1_000, 10_000, 100_000);

  private final PrintStream out;
  private final Path work = Folders.work();
  private final Path launcher =
      Path.of(System.getProperty("graft.project", ".")).toAbsolutePath().resolve("graft");

  private WholeProcess(PrintStream out) {
    this.out = out;
  }

  /** Measures and prints. */
  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new WholeProcess(System.out))
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(arguments));
  }

  @Override
  public Integer call() {
    // The first start after a build makes the class archive; that is not what is measured.
    graft("--version");
    out.println("| run | seconds, of each run | median s | peak resident |");
    out.println("|---|---|---|---|");
    if (scenarios.contains(Scenario.COLD)) {
      cold(SharedMaterial.SMALL_BACKBONE);
      cold(SharedMaterial.LARGE_BACKBONE);
    }
    if (scenarios.contains(Scenario.CACHED)) {
      cached();
    }
    if (scenarios.contains(Scenario.SOUND)) {
      sound();
    }
    if (scenarios.contains(Scenario.MEMORY)) {
      sizes.forEach(this::memory);
    }
    return 0;
  }

  private void cold(String backbone) {
    Path images =
        SharedMaterial.unpackTrainingPart(
            SharedMaterial.data("ants-bees"),
            work.resolve("ants-bees-50"),
            COLD_EXAMPLES_PER_CLASS);
    List<MeasuredProcess> runs = new ArrayList<>();
    for (int run = 0; run < repeats; run++) {
      Path cache = emptyCache();
      runs.add(train(images, SharedMaterial.model(backbone), cache));
    }
    print("50 images to a bundle, nothing stored, " + backbone, runs);
  }

  private void cached() {
    Path images =
        SharedMaterial.unpackTrainingPart(
            SharedMaterial.data("handwritten-digits"),
            work.resolve("digits-5000"),
            Integer.MAX_VALUE);
    Path backbone = SharedMaterial.model(SharedMaterial.SMALL_BACKBONE);
    Path cache = emptyCache();
    print("5,000 images to a bundle, nothing stored", List.of(train(images, backbone, cache)));
    List<MeasuredProcess> runs = new ArrayList<>();
    for (int run = 0; run < repeats; run++) {
      runs.add(train(images, backbone, cache, "--head", "64"));
    }
    print("the same 5,000, stored, with --head 64", runs);
    runs.clear();
    for (int run = 0; run < repeats; run++) {
      runs.add(train(images, backbone, cache, "--head", "linear"));
    }
    print("the same 5,000, stored, with --head linear", runs);
  }

  /** 300 recordings to train on and 300 to judge by, with the backbone that comes with Graft. */
  private void sound() {
    Path recordings = SharedMaterial.data("wake-words");
    List<MeasuredProcess> runs = new ArrayList<>();
    for (int run = 0; run < repeats; run++) {
      runs.add(train(recordings, Path.of("graft/speech-small"), emptyCache()));
    }
    print("600 recordings to a bundle, nothing stored, graft/speech-small", runs);
    Path archive = GeneratedExamples.writeRecordings(work.resolve("generated-sound.zip"), 3_600);
    train(archive, Path.of("graft/speech-small"), emptyCache(), "--views", "1");
    out.printf(
        Locale.ROOT,
        "%nFeatures of an hour of generated recordings, a second each: %.0f times real time%n",
        3_600 / featureSeconds());
  }

  /** What the last bundle says of the time that features took, decoding included. */
  private double featureSeconds() {
    Path provenance = work.resolve("bundle").resolve("provenance.json");
    try {
      return new ObjectMapper().readTree(provenance.toFile()).at("/phases/features").asDouble();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void memory(int examples) {
    Path archive =
        GeneratedExamples.writeArchive(work.resolve("generated-" + examples + ".zip"), examples);
    Path backbone = GeneratedExamples.writeBackbone(work.resolve("tiny.onnx"));
    MeasuredProcess run = train(archive, backbone, emptyCache(), "--preprocessing", "tf");
    print(String.format(Locale.ROOT, "%,d generated images to a bundle", examples), List.of(run));
    Folders.delete(archive);
  }

  private Path emptyCache() {
    Path cache = work.resolve("cache");
    Folders.delete(cache);
    return cache;
  }

  private MeasuredProcess train(Path data, Path backbone, Path cache, String... further) {
    Path bundle = work.resolve("bundle");
    Folders.delete(bundle);
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("train", data.toString(), "--backbone", backbone.toString()));
    arguments.addAll(List.of("--out", bundle.toString(), "--cache", cache.toString()));
    arguments.addAll(List.of("--strategy", "head"));
    arguments.addAll(List.of(further));
    return graft(arguments.toArray(String[]::new));
  }

  private MeasuredProcess graft(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(launcher.toString());
    command.addAll(List.of(arguments));
    return MeasuredProcess.run(command, work.resolve("output.txt"));
  }

  private void print(String what, List<MeasuredProcess> runs) {
    double[] seconds = runs.stream().mapToDouble(MeasuredProcess::seconds).sorted().toArray();
    List<String> each =
        runs.stream().map(run -> String.format(Locale.ROOT, "%.2f", run.seconds())).toList();
    MeasuredProcess largest =
        runs.stream()
            .max((a, b) -> Long.compare(a.peakBytes().orElse(0), b.peakBytes().orElse(0)))
            .orElseThrow();
    out.printf(
        Locale.ROOT,
        "| %s | %s | %.2f | %s |%n",
        what,
        String.join(", ", each),
        seconds[seconds.length / 2],
        largest.peakMegabytes());
    out.flush();
  }
}
