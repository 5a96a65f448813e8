package dev.graft.transfer.doctor;

import dev.graft.data.DataException;
import dev.graft.data.Example;
import dev.graft.data.audio.AudioDecoder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Recordings of the examples, each decoded once, several at a time. Not thread-safe. */
final class Recordings {
  /** Longer ones are not listened to: 20 minutes at 16 kHz. */
  private static final long MOST_SAMPLES = 20_000_000;

  private final List<Example> examples;
  private final AudioDecoder decoder = new AudioDecoder(MOST_SAMPLES);
  private final Map<Integer, Optional<Recording>> known = new HashMap<>();

  Recordings(List<Example> examples) {
    this.examples = examples;
  }

  /** Decodes and measures what is not known yet. */
  void read(int[] rows) {
    List<Integer> missing =
        Arrays.stream(rows).boxed().filter(row -> !known.containsKey(row)).toList();
    List<Optional<Recording>> read =
        missing.parallelStream().map(row -> recording(examples.get(row))).toList();
    for (int i = 0; i < missing.size(); i++) {
      known.put(missing.get(i), read.get(i));
    }
  }

  private Optional<Recording> recording(Example example) {
    try {
      return Optional.of(Recording.of(example.source(), decoder));
    } catch (DataException unreadable) {
      // It was named and left out when features were computed, has changed since, or is too long.
      return Optional.empty();
    }
  }

  /** A recording that was read; empty where it could not be. */
  Optional<Recording> of(int row) {
    return known.getOrDefault(row, Optional.empty());
  }

  /** Mean length of the recordings read so far, in seconds. */
  double meanSeconds() {
    return known.values().stream()
        .flatMap(Optional::stream)
        .mapToDouble(Recording::seconds)
        .average()
        .orElse(1);
  }
}
