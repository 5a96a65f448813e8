package dev.graft.data;

/**
 * A file, folder or table row that was not used.
 *
 * @param path what was left out, as the user would find it
 * @param reason why, as the second half of a sentence
 */
public record LeftOut(String path, String reason) {}
