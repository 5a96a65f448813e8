package dev.graft.cli;

import dev.graft.transfer.explanation.ExplainedSound;
import dev.graft.transfer.explanation.HeatGrid;
import dev.graft.transfer.explanation.Occlusion;
import java.util.Locale;

/** Places of a recording: times, and pitches where the map tells them. */
record SoundPlaceWords(ExplainedSound sound) implements ExplanationWords {
  @Override
  public String seen() {
    double beyond = sound.recordingSeconds() - sound.windowSeconds();
    return beyond > 0
        ? String.format(
            Locale.ROOT,
            "of %.2f s, the window from %.2f to %.2f s, where this class is most probable",
            sound.recordingSeconds(),
            sound.seconds(0),
            sound.seconds(1))
        : String.format(
            Locale.ROOT,
            "all of the recording, %.2f s, in the middle of a window of %.2f s",
            sound.recordingSeconds(),
            sound.windowSeconds());
  }

  @Override
  public String place(HeatGrid map) {
    int highest = map.highestPlace();
    String time =
        String.format(
            Locale.ROOT,
            "at %.2f s",
            sound.seconds(map.horizontal().centre(highest % map.columns())));
    if (map.rows() == 1) {
      return time;
    }
    double hertz = sound.pitch().hertz(map.vertical().centre(highest / map.columns()));
    return time + String.format(Locale.ROOT, ", around %.0f Hz", hertz);
  }

  @Override
  public String fineness(HeatGrid map) {
    return map.rows() == 1
        ? map.columns() + " places in time; of pitch, the network's last map tells nothing"
        : map.rows() + " places in pitch x " + map.columns() + " in time";
  }

  @Override
  public String covering(Occlusion occlusion) {
    double seconds = occlusion.patchWidth() * sound.windowSeconds();
    return occlusion.drops().rows() == 1
        ? String.format(Locale.ROOT, "silencing %.2f s there takes", seconds)
        : String.format(Locale.ROOT, "silencing %.2f s of those pitches there takes", seconds);
  }
}
