package dev.graft.transfer.visualisation;

/** What is seen of one block of a network: the last of its results on which all later ones rest. */
sealed interface BlockTap {
  /** The name of the block. */
  String block();

  /**
   * Its result holds maps.
   *
   * @param tensor its name in the graph
   * @param layout how it is read
   * @param field what one place of the maps depends on in the image
   */
  record Shown(String block, String tensor, MapLayout layout, ReceptiveField field)
      implements BlockTap {}

  /**
   * It holds none.
   *
   * @param reason why, as the second half of a sentence
   */
  record NotShown(String block, String reason) implements BlockTap {}
}
