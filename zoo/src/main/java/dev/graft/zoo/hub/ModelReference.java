package dev.graft.zoo.hub;

import java.util.regex.Pattern;

/**
 * A model of a hub at a revision, written {@code org/name}, {@code org/name@revision} or with
 * {@code hf:} before it. Immutable and thread-safe.
 *
 * @param id of its repository
 * @param revision a branch, a tag, a pull request such as refs/pr/1, or a commit of 40 hexadecimal
 *     digits
 */
public record ModelReference(RepositoryId id, String revision) {
  /** Tells an id of a hub from a path. */
  public static final String PREFIX = "hf:";

  /** The revision where none is named. */
  public static final String MAIN = "main";

  private static final int LONGEST_REVISION = 200;
  private static final Pattern REVISION = Pattern.compile("\\w[\\w.+-]*(/\\w[\\w.+-]*)*");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  /**
   * Checks the revision.
   *
   * @throws HubException if it is none
   */
  public ModelReference {
    if (revision.length() > LONGEST_REVISION
        || !REVISION.matcher(revision).matches()
        || revision.contains("..")
        || revision.endsWith(".lock")) {
      throw new HubException(
          HubException.Cause.USAGE,
          "Reading the revision of "
              + id
              + ": a branch, a tag or a commit is expected, found \""
              + revision.substring(0, Math.min(LONGEST_REVISION, revision.length()))
              + "\". Write "
              + id
              + "@REVISION, or leave it away for "
              + MAIN
              + ".");
    }
  }

  /** Whether a text names a model of a hub: it begins with {@link #PREFIX}. */
  public static boolean isIn(String text) {
    return text.startsWith(PREFIX);
  }

  /**
   * Reads a reference.
   *
   * @throws HubException if it is none
   */
  public static ModelReference parse(String text) {
    String plain = isIn(text) ? text.substring(PREFIX.length()) : text;
    int at = plain.indexOf('@');
    return at < 0
        ? new ModelReference(new RepositoryId(plain), MAIN)
        : new ModelReference(new RepositoryId(plain.substring(0, at)), plain.substring(at + 1));
  }

  /** Whether a text is a whole commit. */
  static boolean isCommit(String text) {
    return COMMIT.matcher(text).matches();
  }

  /** As a command takes it back: without the revision where it is {@link #MAIN}. */
  @Override
  public String toString() {
    return revision.equals(MAIN) ? id.text() : id.text() + "@" + revision;
  }
}
