package dev.graft.transfer.doctor;

import dev.graft.data.Example;
import dev.graft.data.audio.AudioFindings.Oddity;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What there is to say about single recordings, in sentences that count and name them. */
final class SoundRemarks {
  private static final int NAMED = 5;

  private SoundRemarks() {}

  /** Of those that were read. */
  static List<String> of(List<Example> examples, Recordings recordings) {
    Map<Oddity, List<String>> odd = new EnumMap<>(Oddity.class);
    Map<Integer, Integer> rates = new TreeMap<>();
    int heard = 0;
    for (int row = 0; row < examples.size(); row++) {
      Optional<Recording> recording = recordings.of(row);
      if (recording.isPresent()) {
        heard++;
        rates.merge(recording.get().description().sampleRate(), 1, Integer::sum);
        for (Oddity oddity : recording.get().findings().oddities()) {
          odd.computeIfAbsent(oddity, key -> new ArrayList<>()).add(examples.get(row).id());
        }
      }
    }
    List<String> remarks = new ArrayList<>();
    for (Map.Entry<Oddity, List<String>> entry : odd.entrySet()) {
      remarks.add(sentence(entry.getKey(), entry.getValue(), heard));
    }
    if (rates.size() > 1) {
      remarks.add(
          "Recordings have different rates: "
              + String.join(
                  ", ",
                  rates.entrySet().stream()
                      .map(rate -> rate.getValue() + " of " + rate.getKey() + " Hz")
                      .toList())
              + ". What one class has and another has not tells them apart without their content.");
    }
    return remarks;
  }

  private static String sentence(Oddity oddity, List<String> ids, int heard) {
    String named = String.join(", ", ids.subList(0, Math.min(NAMED, ids.size())));
    return String.format(
        Locale.ROOT,
        "%d of %d recordings %s %s: %s%s.",
        ids.size(),
        heard,
        ids.size() == 1 ? "is" : "are",
        adjective(oddity),
        named,
        ids.size() > NAMED ? " and " + (ids.size() - NAMED) + " more" : "");
  }

  private static String adjective(Oddity oddity) {
    return switch (oddity) {
      case SILENT -> "silent";
      case CLIPPED -> "clipped";
      case UNSCALED -> "far beyond full scale, probably stored without scaling";
      case NARROW_BAND -> "of a band much narrower than the rate allows";
      case TOO_SHORT -> "too short to tell anything";
    };
  }
}
