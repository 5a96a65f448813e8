package dev.graft.data;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What data sets of texts hold, in a form to be compared. */
final class TextExamples {
  private TextExamples() {}

  static String text(Example example) {
    return new String(example.source().read(), StandardCharsets.UTF_8);
  }

  /** Each example as "id label text". */
  static List<String> shown(Dataset data, Part part) {
    return data.part(part).stream()
        .map(example -> example.id() + " " + example.label() + " " + text(example))
        .toList();
  }

  static Map<String, String> leftOut(Dataset data) {
    return data.leftOut().stream().collect(Collectors.toMap(LeftOut::path, LeftOut::reason));
  }
}
