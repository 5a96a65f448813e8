package dev.graft.transfer.visualisation;

/**
 * The part of an image that one place of a map depends on.
 *
 * @param top its first row; negative where it begins in the padding
 * @param left its first column
 * @param centreRow the row in the middle of what the place depends on
 * @param centreColumn the column in the middle
 * @param extent whether it is all that the place depends on
 */
record PatchWindow(
    int top, int left, int height, int width, int centreRow, int centreColumn, Extent extent) {
  /** How a window relates to the receptive field. */
  enum Extent {
    /** It is the field. */
    FIELD,
    /** The field is larger than the image along an axis: the whole image stands for it there. */
    WHOLE_IMAGE
  }

  /** The window of a place of a map. */
  static PatchWindow of(
      ReceptiveField field, MapLayout layout, int place, int imageHeight, int imageWidth) {
    int row = place / layout.width();
    int column = place % layout.width();
    Span rows;
    Span columns;
    if (field instanceof ReceptiveField.Local map) {
      rows = Span.of(map.rows(), row, imageHeight);
      columns = Span.of(map.columns(), column, imageWidth);
    } else {
      rows = Span.whole((2L * row + 1) * imageHeight / (2L * layout.height()), imageHeight);
      columns = Span.whole((2L * column + 1) * imageWidth / (2L * layout.width()), imageWidth);
    }
    return new PatchWindow(
        rows.start,
        columns.start,
        rows.size,
        columns.size,
        rows.centre,
        columns.centre,
        rows.whole || columns.whole ? Extent.WHOLE_IMAGE : Extent.FIELD);
  }

  private record Span(int start, int size, int centre, boolean whole) {
    static Span of(FieldAxis axis, int position, int image) {
      long centre = axis.start(position) + axis.size() / 2;
      if (axis.size() >= image) {
        return whole(centre, image);
      }
      return new Span(
          Math.toIntExact(axis.start(position)), (int) axis.size(), Math.toIntExact(centre), false);
    }

    static Span whole(long centre, int image) {
      return new Span(0, image, (int) Math.max(0, Math.min(image - 1, centre)), true);
    }
  }
}
