package dev.graft.transfer.doctor;

import dev.graft.data.DataException;
import dev.graft.data.Example;
import dev.graft.data.text.PlainText;
import dev.graft.data.text.TextFindings;
import dev.graft.data.text.TextLengths;
import dev.graft.data.text.TextLikeness;
import dev.graft.transfer.doctor.CueSearch.Measure;
import dev.graft.transfer.evidence.DataFindings.Cue;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads texts. */
final class TextDoctor implements ContentDoctor {
  private static final int NAMED = 5;

  private static final List<Measure<Look>> MEASURES =
      List.of(
          new Measure<>("length", "how many words the text has", look -> look.findings.words()),
          new Measure<>(
              "letters", "how much of it is letters", look -> look.findings.letterShare()),
          new Measure<>("capitals", "how much of it is in capitals", Look::capitals),
          new Measure<>("digits", "how much of it is digits", Look::digits),
          new Measure<>("question marks", "how many of them it has", look -> look.count('?')),
          new Measure<>("line breaks", "how many of them it has", look -> look.count('\n')));

  private final ExaminedData data;
  private final List<Example> examples;
  private final List<String> hashes;
  private final List<Optional<Look>> looks;

  /** A text with what is odd about it. */
  private record Look(String text, TextFindings findings) {
    double count(char wanted) {
      return text.chars().filter(unit -> unit == wanted).count();
    }

    double capitals() {
      return (double) text.codePoints().filter(Character::isUpperCase).count() / text.length();
    }

    double digits() {
      return (double) text.codePoints().filter(Character::isDigit).count() / text.length();
    }
  }

  TextDoctor(ExaminedData data, List<Example> examples, List<String> hashes) {
    this.data = data;
    this.examples = examples;
    this.hashes = hashes;
    this.looks = examples.parallelStream().map(TextDoctor::look).toList();
  }

  private static Optional<Look> look(Example example) {
    try {
      String text = PlainText.of(example.source());
      return Optional.of(new Look(text, TextFindings.of(text)));
    } catch (DataException unreadable) {
      // It was named and left out when features were computed, or has changed since.
      return Optional.empty();
    }
  }

  @Override
  public List<Cue> cues() {
    return CueSearch.of(data, CueSearch.rows(data), looks::get, MEASURES);
  }

  @Override
  public List<int[]> copies(Neighbours byFeatures) {
    LikeGroups groups = new LikeGroups(hashes);
    List<Integer> read = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (int row = 0; row < looks.size(); row++) {
      if (looks.get(row).isPresent()) {
        read.add(row);
        texts.add(looks.get(row).get().text);
      }
    }
    int[] alike = TextLikeness.groups(texts).groups();
    Map<Integer, Integer> firsts = new java.util.HashMap<>();
    for (int i = 0; i < alike.length; i++) {
      Integer first = firsts.putIfAbsent(alike[i], read.get(i));
      if (first != null) {
        groups.join(first, read.get(i));
      }
    }
    return groups.groups();
  }

  @Override
  public List<String> remarks() {
    Map<TextFindings.Oddity, List<String>> odd = new EnumMap<>(TextFindings.Oddity.class);
    List<Integer> lengths = new ArrayList<>();
    for (int row = 0; row < looks.size(); row++) {
      if (looks.get(row).isPresent()) {
        TextFindings findings = looks.get(row).get().findings;
        lengths.add(findings.words());
        for (TextFindings.Oddity oddity : findings.oddities()) {
          odd.computeIfAbsent(oddity, key -> new ArrayList<>()).add(examples.get(row).id());
        }
      }
    }
    List<String> remarks = new ArrayList<>();
    odd.forEach((oddity, ids) -> remarks.add(sentence(oddity, ids, lengths.size())));
    if (!lengths.isEmpty()) {
      int[] words = lengths.stream().mapToInt(Integer::intValue).toArray();
      remarks.add(TextLengths.of(words).sentence("words"));
    }
    return remarks;
  }

  private static String sentence(TextFindings.Oddity oddity, List<String> ids, int read) {
    String named = String.join(", ", ids.subList(0, Math.min(NAMED, ids.size())));
    return String.format(
        Locale.ROOT,
        "Of %d of %d texts it can be said that %s: %s%s.",
        ids.size(),
        read,
        oddity.words(),
        named,
        ids.size() > NAMED ? " and " + (ids.size() - NAMED) + " more" : "");
  }
}
