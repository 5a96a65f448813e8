package dev.graft.zoo.hub;

import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * What is pushed, and where to.
 *
 * @param model the repository and the branch
 * @param folder whose files are pushed, all of them
 * @param title of the commit, in one line
 * @param pullRequest whether the branch stays as it is, and somebody else decides
 * @param replaced which of the files that are there and not in the folder are deleted, by path
 */
public record PushRequest(
    ModelReference model,
    Path folder,
    String title,
    boolean pullRequest,
    Predicate<String> replaced) {}
