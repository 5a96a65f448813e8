package dev.graft.data;

/**
 * An image to predict on.
 *
 * @param id the path as the user would name it, with "/" between its parts
 * @param source where its bytes are
 */
public record ImageFile(String id, ExampleSource source) {}
