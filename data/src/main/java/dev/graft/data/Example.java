package dev.graft.data;

import java.util.Objects;

/**
 * One labelled example.
 *
 * @param id stable path relative to the data set's location, with "/" between its parts on every
 *     platform; of a segment, followed by "#" and the segment as in {@code long.wav#1.5-3}
 * @param label the class it belongs to
 * @param source where its bytes are
 */
public record Example(String id, String label, ExampleSource source) {
  public Example {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(source, "source");
  }
}
