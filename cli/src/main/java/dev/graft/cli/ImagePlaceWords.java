package dev.graft.cli;

import dev.graft.transfer.explanation.ExplainedImage;
import dev.graft.transfer.explanation.HeatGrid;
import dev.graft.transfer.explanation.Occlusion;
import java.util.Locale;

/** Places of an image. */
record ImagePlaceWords(ExplainedImage image) implements ExplanationWords {
  @Override
  public String seen() {
    return image.isSeenWhole()
        ? "all of the image"
        : String.format(
            Locale.ROOT,
            "the middle %.0f x %.0f of %d x %d pixels; the rest is cut off before it looks",
            image.seen().width(),
            image.seen().height(),
            image.shown().width(),
            image.shown().height());
  }

  @Override
  public String place(HeatGrid map) {
    int highest = map.highestPlace();
    double x = map.horizontal().centre(highest % map.columns());
    double y = map.vertical().centre(highest / map.columns());
    String row = y < 1 / 3.0 ? "upper" : y > 2 / 3.0 ? "lower" : "";
    String column = x < 1 / 3.0 ? "left" : x > 2 / 3.0 ? "right" : "";
    if (row.isEmpty() && column.isEmpty()) {
      return "in the middle";
    }
    if (row.isEmpty()) {
      return "on the " + column;
    }
    return column.isEmpty() ? "in the " + row + " middle" : "on the " + row + " " + column;
  }

  @Override
  public String fineness(HeatGrid map) {
    return map.rows() + " x " + map.columns() + " places";
  }

  @Override
  public String covering(Occlusion occlusion) {
    return String.format(
        Locale.ROOT,
        "a patch of %.0f x %.0f pixels there takes",
        occlusion.patchWidth() * image.seen().width(),
        occlusion.patchHeight() * image.seen().height());
  }
}
