package dev.graft.transfer;

import dev.graft.data.Dataset;
import dev.graft.data.DatasetKind;

/** Whether a backbone takes what some data hold. */
public final class SameKind {
  private SameKind() {}

  /**
   * Refuses data of another kind than a backbone takes.
   *
   * @throws TransferException where they differ
   */
  public static void require(Backbone backbone, Dataset dataset) {
    DatasetKind taken = backbone.preprocessing().kind();
    if (dataset.kind() != taken) {
      throw new TransferException(
          TransferException.Cause.DATA,
          "Training "
              + backbone.id()
              + " on "
              + dataset.name()
              + ": the backbone takes "
              + taken.many()
              + ", but the data are "
              + dataset.kind().word()
              + ". Choose a backbone of the same kind as the data"
              + (taken == DatasetKind.IMAGE && dataset.kind() == DatasetKind.AUDIO
                  ? ", or let it see spectrograms of the sound with --as-image."
                  : "."));
    }
  }
}
