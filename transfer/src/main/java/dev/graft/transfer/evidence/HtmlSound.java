package dev.graft.transfer.evidence;

import java.util.Base64;

/** Sound inside of a page, with a button that plays it. Stateless, thread-safe. */
final class HtmlSound {
  private HtmlSound() {}

  /**
   * A recording that is played when it is asked for.
   *
   * @param mediaType such as "audio/wav"
   * @param file content of the file
   * @param words what it is, for those who do not see its surroundings
   */
  static String of(String mediaType, byte[] file, String words) {
    return "<audio controls preload=\"metadata\" aria-label=\""
        + HtmlText.escape(words)
        + "\" src=\"data:"
        + mediaType
        + ";base64,"
        + Base64.getEncoder().encodeToString(file)
        + "\"></audio>";
  }
}
