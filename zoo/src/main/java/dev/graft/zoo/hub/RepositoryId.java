package dev.graft.zoo.hub;

import java.util.regex.Pattern;

/**
 * How a hub calls a repository: {@code org/name}, or {@code name} alone. Immutable and thread-safe.
 *
 * <p>Source: validate_repo_id of huggingface_hub: letters, digits, {@code -_.}; neither {@code --}
 * nor {@code ..} anywhere, no part begins or ends with {@code -} or {@code .}, at most 96
 * characters.
 *
 * @param text such as onnx-community/dinov2-small
 */
public record RepositoryId(String text) {
  private static final int LONGEST = 96;
  private static final Pattern PART = Pattern.compile("\\w|\\w[\\w.-]*\\w");

  /**
   * Checks an id.
   *
   * @throws HubException if it is none
   */
  public RepositoryId {
    String[] parts = text.split("/", -1);
    boolean valid = parts.length <= 2 && text.length() <= LONGEST;
    for (String part : parts) {
      valid &= PART.matcher(part).matches();
    }
    if (!valid || text.contains("--") || text.contains("..") || text.endsWith(".git")) {
      throw new HubException(
          HubException.Cause.USAGE,
          "Reading the id of a model: org/name is expected (letters, digits, \"-\", \"_\" and \".\","
              + " at most "
              + LONGEST
              + " characters), found \""
              + shortened(text)
              + "\". Copy it from the model's page on the hub.");
    }
  }

  private static String shortened(String text) {
    return text.length() <= 2 * LONGEST ? text : text.substring(0, 2 * LONGEST) + "...";
  }

  /** The folder of a model in the cache, such as models--onnx-community--dinov2-small. */
  public String folderName() {
    return FOLDER_PREFIX + text.replace("/", "--");
  }

  static final String FOLDER_PREFIX = "models--";

  @Override
  public String toString() {
    return text;
  }
}
