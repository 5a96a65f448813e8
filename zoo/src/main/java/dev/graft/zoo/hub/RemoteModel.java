package dev.graft.zoo.hub;

import java.util.Optional;

/**
 * What a hub has of a model before it is pushed.
 *
 * @param exists whether there is such a repository, as far as the one who asks may know
 * @param commit of the branch; empty where there is no such branch
 */
public record RemoteModel(boolean exists, Optional<String> commit) {}
