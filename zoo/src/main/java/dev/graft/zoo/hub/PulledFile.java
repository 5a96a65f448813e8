package dev.graft.zoo.hub;

/**
 * A file of a pulled model. Immutable and thread-safe.
 *
 * @param name inside the repository
 * @param sizeBytes of its content
 * @param sha256 of its content, 64 hexadecimal digits
 */
public record PulledFile(HubFileName name, long sizeBytes, String sha256) {}
