package dev.graft.engine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs a stretch of seeds in processes of their own, one after the other, and watches them.
 *
 * <p>The time limit counts the processor time of the mutant, which no other process on the machine
 * spends; the watcher's own ticks bound a mutant that waits for ever without computing.
 */
final class FuzzProcess {
  private static final Duration COMPUTING_LIMIT = Duration.ofSeconds(30);
  private static final Duration TICK = Duration.ofMillis(100);
  private static final int WAITING_LIMIT_TICKS = 3000;
  private static final long MEMORY_LIMIT_MEGABYTES = 2500;

  private final long last;
  private final Map<String, Integer> outcomes = new TreeMap<>();
  private final List<String> failures = new ArrayList<>();
  private final AtomicReference<String> verdict = new AtomicReference<>("");

  private long next;
  private volatile long running = -1;
  private String base = "";
  private String stage = "";
  private long victim = -1;

  FuzzProcess(long first, int count) {
    next = first;
    last = first + count - 1;
  }

  /** How often mutants ended in which way. */
  Map<String, Integer> outcomes() {
    return outcomes;
  }

  /** Mutants that ended in no proper way, each with its seed and stage. */
  List<String> failures() {
    return failures;
  }

  /** Makes the process die while it runs a seed, to see that this is noticed. */
  void dieAt(long seed) {
    victim = seed;
  }

  void call() throws IOException, InterruptedException {
    while (next <= last) {
      Process process = start();
      Thread watcher = new Thread(() -> watch(process), "fuzz-watcher");
      watcher.setDaemon(true);
      watcher.start();
      StringBuilder noise = new StringBuilder();
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          read(line, noise);
        }
      }
      int status = process.waitFor();
      watcher.join();
      if (running >= 0) {
        String reason = verdict.getAndSet("");
        fail(
            running,
            (reason.isEmpty() ? "process ended with status " + status : reason) + " " + noise);
        next = running + 1;
        running = -1;
      } else if (next <= last) {
        throw new IOException("a worker ended before its work: status " + status + " " + noise);
      }
    }
  }

  private void read(String line, StringBuilder noise) {
    String[] words = line.split(" ", 4);
    if (line.startsWith("#begin ")) {
      running = Long.parseLong(words[1]);
      base = words[2];
      stage = "start";
    } else if (line.startsWith("#stage ")) {
      stage = line.substring("#stage ".length());
    } else if (line.startsWith("#end ")) {
      ended(Long.parseLong(words[1]), Long.parseLong(words[2]), words[3]);
    } else if (noise.length() < 600) {
      noise.append(line).append(' ');
    }
  }

  private void ended(long seed, long megabytes, String outcome) {
    running = -1;
    next = seed + 1;
    String kind = outcome.split("[ :]", 2)[0];
    if (megabytes > MEMORY_LIMIT_MEGABYTES) {
      fail(seed, "took " + megabytes + " MB; " + outcome);
    } else if (kind.equals("UNTYPED")) {
      fail(seed, outcome);
    } else {
      outcomes.merge(kind, 1, Integer::sum);
    }
  }

  private void fail(long seed, String reason) {
    failures.add("seed " + seed + " (" + base + ") at stage \"" + stage + "\": " + reason);
  }

  private static Process start(List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("OMP_NUM_THREADS", "1");
    builder.environment().put("OPENBLAS_NUM_THREADS", "1");
    return builder.start();
  }

  private Process start() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx512m",
            "-Xss1m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:ErrorFile=/dev/null",
            "-Dorg.bytedeco.javacpp.maxPhysicalBytes=1500m",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
    for (String property : List.of("graft.shared", "graft.project", "graft.node-tests")) {
      String value = System.getProperty(property);
      if (value != null) {
        command.add(1, "-D" + property + "=" + value);
      }
    }
    command.add(1, "-D" + FuzzWorker.VICTIM + "=" + victim);
    command.add(FuzzWorker.class.getName());
    command.add(Long.toString(next));
    command.add(Long.toString(last - next + 1));
    return start(command);
  }

  private void watch(Process process) {
    long seed = -1;
    int ticks = 0;
    Duration before = Duration.ZERO;
    while (process.isAlive()) {
      Duration now = process.info().totalCpuDuration().orElse(Duration.ZERO);
      if (seed != running) {
        seed = running;
        ticks = 0;
        before = now;
      }
      ticks++;
      String exceeded = "";
      if (now.minus(before).compareTo(COMPUTING_LIMIT) > 0) {
        exceeded = "computed longer than " + COMPUTING_LIMIT;
      } else if (ticks > WAITING_LIMIT_TICKS) {
        exceeded = "did not end";
      } else if (residentMegabytes(process.pid()) > MEMORY_LIMIT_MEGABYTES) {
        exceeded = "took more than " + MEMORY_LIMIT_MEGABYTES + " MB";
      }
      if (!exceeded.isEmpty()) {
        verdict.set(exceeded);
        process.toHandle().destroyForcibly();
      }
      try {
        TimeUnit.MILLISECONDS.sleep(TICK.toMillis());
      } catch (InterruptedException stop) {
        process.toHandle().destroyForcibly();
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Zero where the system does not tell. */
  private static long residentMegabytes(long process) {
    try {
      Path counts = Path.of("/proc/" + process + "/statm");
      return Files.exists(counts)
          ? Long.parseLong(Files.readString(counts).split(" ")[1]) * 4 / 1024
          : 0;
    } catch (IOException | RuntimeException gone) {
      return 0;
    }
  }
}
