package dev.graft.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Damaged and hostile models end in a typed error or a result: never in a crash of the process, a
 * hang or memory without bound.
 *
 * <p>A failure names its seed; {@code -Dgraft.fuzz.mutant=SEED} runs that mutant alone. {@code
 * -Dgraft.fuzz.seed=N} starts at another seed than the usual one, {@code -Dgraft.fuzz.count=N} runs
 * another number of mutants.
 */
class MutationFuzzTest {
  private static final long FIRST_SEED = Long.getLong("graft.fuzz.seed", 1);
  private static final int WORKERS = 2;

  @Test
  void mutants_fewOfThem_endInTypedErrorOrResult() throws Exception {
    Long single = Long.getLong("graft.fuzz.mutant");
    if (single != null) {
      check(single, 1);
    } else {
      check(FIRST_SEED, Integer.getInteger("graft.fuzz.count", 300));
    }
  }

  @Test
  @Tag("slow")
  void mutants_tenThousand_endInTypedErrorOrResult() throws Exception {
    check(FIRST_SEED, Integer.getInteger("graft.fuzz.count", 10_000));
  }

  @SuppressWarnings("SystemOut") // How many mutants ended how is what a fuzzer is judged by.
  private static void check(long first, int count) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(WORKERS);
    List<FuzzProcess> runs = new ArrayList<>();
    List<Future<?>> ends = new ArrayList<>();
    try {
      int share = (count + WORKERS - 1) / WORKERS;
      for (int from = 0; from < count; from += share) {
        FuzzProcess run = new FuzzProcess(first + from, Math.min(share, count - from));
        runs.add(run);
        ends.add(
            threads.submit(
                () -> {
                  run.call();
                  return null;
                }));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    } finally {
      threads.shutdownNow();
    }
    Map<String, Integer> outcomes = new TreeMap<>();
    List<String> failures = new ArrayList<>();
    for (FuzzProcess run : runs) {
      run.outcomes().forEach((kind, times) -> outcomes.merge(kind, times, Integer::sum));
      failures.addAll(run.failures());
    }
    System.out.println("mutants of models: " + outcomes);
    assertThat(failures).as("mutants that were not survived").isEmpty();
    // A worker that runs nothing would pass as well.
    if (count >= 100) {
      assertThat(outcomes).containsKeys("computed", "trained", "refused");
    }
    assertThat(outcomes.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(count);
  }

  @Test
  void worker_killedInTheMidst_failsNamingSeed() throws IOException, InterruptedException {
    FuzzProcess run = new FuzzProcess(FIRST_SEED, 3);
    run.dieAt(FIRST_SEED + 1);
    run.call();
    assertThat(run.failures())
        .singleElement()
        .asString()
        .contains("seed " + (FIRST_SEED + 1), "134");
    assertThat(run.outcomes().values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(2);
  }
}
