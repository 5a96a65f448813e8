package dev.graft.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.data.LeftOut;
import dev.graft.data.image.Region;
import dev.graft.transfer.explanation.Agreement;
import dev.graft.transfer.explanation.ClassActivation;
import dev.graft.transfer.explanation.DeletionCheck;
import dev.graft.transfer.explanation.ExplainedInput;
import dev.graft.transfer.explanation.ExplainedSound;
import dev.graft.transfer.explanation.Explanation;
import dev.graft.transfer.explanation.HeatGrid;
import dev.graft.transfer.explanation.Occlusion;
import java.nio.file.Path;

/** An explanation as one JSON object on one line, or {@code {"file", "error"}}. */
final class ExplanationJson {
  private ExplanationJson() {}

  static String leftOut(LeftOut item) {
    return Json.line(Json.object().put("file", item.path()).put("error", item.reason()));
  }

  static String line(String id, Explanation explanation, Path picture) {
    ObjectNode line = Json.object();
    line.put("file", id);
    line.put("label", explanation.prediction().label());
    line.put("probability", explanation.prediction().probability());
    line.putObject("explained")
        .put("label", explanation.label())
        .put("probability", explanation.probability());
    seen(line.putObject("seen"), explanation.input());
    ObjectNode activation = line.putObject("grad_cam");
    if (explanation.activation() instanceof ClassActivation.Found found) {
      activation.put("tensor", found.tensor());
      grid(activation, found.map());
    } else if (explanation.activation() instanceof ClassActivation.Absent absent) {
      activation.put("absent", absent.reason());
    }
    ObjectNode occlusion = line.putObject("occlusion");
    occlusion.put("probability", explanation.occlusion().before());
    patch(occlusion, explanation.input(), explanation.occlusion());
    grid(occlusion, explanation.occlusion().drops());
    explanation.agreement().ifPresent(agreement -> agreement(line, agreement));
    DeletionCheck check = explanation.deletion();
    ObjectNode deletion = line.putObject("deletion");
    deletion.put("share", check.share()).put("before", check.before()).put("after", check.after());
    check.elsewhere().forEach(deletion.putArray("elsewhere")::add);
    deletion.put("passes", check.passes());
    ArrayNode neighbours = line.putArray("most_like");
    explanation
        .neighbours()
        .forEach(
            one ->
                neighbours
                    .addObject()
                    .put("id", one.id())
                    .put("label", one.label())
                    .put("cosine", one.similarity()));
    line.put("picture", picture.toString());
    return Json.line(line);
  }

  /** Pixels of an image; times of a recording and what is shown of its pitches. */
  private static void seen(ObjectNode json, ExplainedInput input) {
    if (input instanceof ExplainedSound sound) {
      json.put("from_seconds", sound.seconds(0))
          .put("to_seconds", sound.seconds(1))
          .put("recording_seconds", sound.recordingSeconds())
          .put("lowest_hertz", sound.pitch().lowestHertz())
          .put("highest_hertz", sound.pitch().highestHertz());
      return;
    }
    Region seen = input.seen();
    json.put("x", seen.x())
        .put("y", seen.y())
        .put("width", seen.width())
        .put("height", seen.height());
  }

  /** In pixels of an image; in seconds and in shares of the pitches that are shown. */
  private static void patch(ObjectNode json, ExplainedInput input, Occlusion occlusion) {
    if (input instanceof ExplainedSound sound) {
      json.put("patch_seconds", occlusion.patchWidth() * sound.windowSeconds());
      json.put("patch_share_of_pitch", occlusion.patchHeight());
      return;
    }
    json.put("patch_width", occlusion.patchWidth() * input.seen().width());
    json.put("patch_height", occlusion.patchHeight() * input.seen().height());
  }

  private static void agreement(ObjectNode line, Agreement agreement) {
    ObjectNode json = line.putObject("agreement");
    if (agreement.rankCorrelation().isPresent()) {
      json.put("rank_correlation", agreement.rankCorrelation().getAsDouble());
    } else {
      json.putNull("rank_correlation");
    }
    json.put("words", agreement.words());
  }

  /** Values row by row, and where their centres lie in shares of the seen part. */
  private static void grid(ObjectNode json, HeatGrid grid) {
    axis(json, "rows", grid.vertical());
    axis(json, "columns", grid.horizontal());
    ArrayNode rows = json.putArray("values");
    for (int row = 0; row < grid.rows(); row++) {
      ArrayNode values = rows.addArray();
      for (int column = 0; column < grid.columns(); column++) {
        values.add(grid.values()[row * grid.columns() + column]);
      }
    }
  }

  private static void axis(ObjectNode json, String name, HeatGrid.Axis axis) {
    json.putObject(name)
        .put("count", axis.count())
        .put("first", axis.first())
        .put("step", axis.step());
  }
}
