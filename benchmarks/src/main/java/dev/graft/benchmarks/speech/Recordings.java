package dev.graft.benchmarks.speech;

import dev.graft.data.DataException;
import dev.graft.data.Dataset;
import dev.graft.data.DatasetKind;
import dev.graft.data.DatasetReader;
import dev.graft.data.Example;
import dev.graft.data.Part;
import dev.graft.data.audio.AudioDecoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Given recordings to mix into a stream, dealt so that each comes once before one comes again. A
 * damaged one is left out, and the next takes its place. Not thread-safe.
 */
final class Recordings {
  /** Ten minutes: more is no example of anything. */
  private static final long MOST_SAMPLES = 600L * Waveform.RATE;

  private final AudioDecoder decoder = new AudioDecoder(MOST_SAMPLES);
  private final Deck<Example> deck;
  private final int count;
  private final Map<String, String> leftOut = new TreeMap<>();

  private Recordings(List<Example> examples) {
    deck = new Deck<>(examples);
    count = (int) examples.stream().map(one -> one.source().name()).distinct().count();
  }

  /**
   * A recording.
   *
   * @param label its class
   * @param sound at 16 kHz
   */
  record Recording(String label, String name, Waveform sound) {}

  /**
   * Lists those of some data sets, as {@link DatasetReader} reads them.
   *
   * @param part the only part to take; all where it is empty
   * @param without classes that are not taken
   * @throws DataException if one cannot be read
   * @throws IllegalStateException if one has no recordings, or not this part
   */
  static Recordings in(List<Path> locations, Optional<Part> part, Set<String> without) {
    List<Example> found = new ArrayList<>();
    for (Path location : locations) {
      Dataset data = DatasetReader.read(location);
      if (data.kind() != DatasetKind.AUDIO) {
        throw new IllegalStateException(
            "Looking for recordings in "
                + location
                + ": expected sound, found another kind of data");
      }
      List<Example> wanted =
          part.isPresent()
              ? data.part(part.get())
              : data.parts().values().stream().flatMap(List::stream).toList();
      if (wanted.isEmpty()) {
        throw new IllegalStateException(
            "Looking for recordings in "
                + location
                + ": expected the part "
                + part.map(Part::label).orElse("train")
                + ", found only "
                + String.join(", ", data.parts().keySet().stream().map(Part::label).toList()));
      }
      wanted.stream().filter(one -> !without.contains(one.label())).forEach(found::add);
    }
    if (found.isEmpty()) {
      throw new IllegalStateException(
          "Looking for recordings: expected others than those of "
              + String.join(", ", new TreeSet<>(without))
              + ", found none");
    }
    return new Recordings(found);
  }

  /**
   * The next one.
   *
   * @throws IllegalStateException if all are damaged
   */
  Recording deal(SplittableRandom random) {
    // The deck is shuffled anew when it is through, so that damaged ones may come twice in a row.
    while (leftOut.size() < count) {
      Example example = deck.deal(random);
      String name = example.source().name();
      if (!leftOut.containsKey(name)) {
        try {
          var sound = decoder.decode(example.source(), Waveform.RATE);
          return new Recording(
              example.label(), name, new Waveform(sound.samples(), sound.sampleRate()));
        } catch (DataException damaged) {
          leftOut.put(name, damaged.toString());
        }
      }
    }
    throw new IllegalStateException(
        "Mixing recordings into a stream: none of " + count + " can be read; " + leftOut.values());
  }

  /** The damaged ones that were met, by their names, with the reason. */
  Map<String, String> leftOut() {
    return leftOut;
  }
}
