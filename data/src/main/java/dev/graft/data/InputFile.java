package dev.graft.data;

/**
 * A file to predict on.
 *
 * @param id the path as the user would name it, with "/" between its parts
 * @param source where its bytes are
 */
public record InputFile(String id, ExampleSource source) {}
