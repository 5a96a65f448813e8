package dev.graft.transfer.explanation;

/**
 * A text whose explanation a report shows. Immutable and thread-safe.
 *
 * @param id identifier of the example
 * @param label its class
 * @param part "test" or "validation"
 * @param predicted the class that was predicted for it
 * @param text its content
 */
public record ChosenText(String id, String label, String part, String predicted, String text) {}
