package dev.graft.transfer.evidence;

import java.util.Map;

/**
 * What a report shows of examples, by their identifiers. Immutable, thread-safe.
 *
 * @param pictures small JPEG pictures
 * @param sounds short WAV files, of recordings
 * @param quotations the beginning of texts
 */
public record ShownExamples(
    Map<String, byte[]> pictures, Map<String, byte[]> sounds, Map<String, String> quotations) {
  /** Nothing is shown. */
  public static final ShownExamples NONE = new ShownExamples(Map.of(), Map.of(), Map.of());

  /** Copies the maps. */
  public ShownExamples {
    pictures = Map.copyOf(pictures);
    sounds = Map.copyOf(sounds);
    quotations = Map.copyOf(quotations);
  }

  /** Pictures alone. */
  public static ShownExamples ofPictures(Map<String, byte[]> pictures) {
    return new ShownExamples(pictures, Map.of(), Map.of());
  }

  /** Texts alone. */
  public static ShownExamples ofQuotations(Map<String, String> quotations) {
    return new ShownExamples(Map.of(), Map.of(), quotations);
  }

  /** Whether anything is shown of an example. */
  boolean has(String id) {
    return pictures.containsKey(id) || quotations.containsKey(id);
  }
}
