package dev.graft.transfer.visualisation;

import java.util.Optional;

/** What the values of a tensor depend on in the image. Immutable, thread-safe. */
public sealed interface ReceptiveField {
  /**
   * A map, each position of which depends on a rectangle of the image.
   *
   * @param rowAxis axis of the tensor along which its rows lie
   * @param columnAxis axis of the tensor along which its columns lie
   */
  record Local(FieldAxis rows, FieldAxis columns, int rowAxis, int columnAxis)
      implements ReceptiveField {
    /** What a sum of both depends on; empty where their positions do not lie on each other. */
    Optional<Local> union(Local other) {
      if (rowAxis != other.rowAxis || columnAxis != other.columnAxis) {
        return Optional.empty();
      }
      Optional<FieldAxis> bothRows = rows.union(other.rows);
      Optional<FieldAxis> bothColumns = columns.union(other.columns);
      return bothRows.isEmpty() || bothColumns.isEmpty()
          ? Optional.empty()
          : Optional.of(new Local(bothRows.get(), bothColumns.get(), rowAxis, columnAxis));
    }
  }

  /** What depends on the image, but tells nothing of places. */
  enum Global implements ReceptiveField {
    /**
     * A summary over all places, such as the gates of squeeze-and-excitation. Joined to a map it
     * changes how strong its channels are, but not where.
     */
    SUMMARY,
    /** Places may have been mixed, or an operator is not known. */
    MIXED
  }
}
