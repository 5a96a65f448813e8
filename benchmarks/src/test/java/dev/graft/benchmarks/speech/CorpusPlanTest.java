package dev.graft.benchmarks.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.benchmarks.speech.CorpusPlan.Part;
import dev.graft.benchmarks.speech.CorpusPlan.PlannedClip;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class CorpusPlanTest {
  private static final CorpusPlan PLAN = new CorpusPlan(1, 50, 5);

  private static Set<SpeechVoice> voices(Part part) {
    return part.catalogue().voices().values().stream()
        .flatMap(List::stream)
        .collect(Collectors.toSet());
  }

  @Test
  void clips_sameSeed_areTheSame() {
    assertThat(PLAN.clips("window")).isEqualTo(new CorpusPlan(1, 50, 5).clips("window"));
    assertThat(PLAN.clips("window")).isNotEqualTo(new CorpusPlan(2, 50, 5).clips("window"));
  }

  @Test
  void clips_always_haveTheAskedNumbersAndDistinctPaths() {
    List<String> paths = PLAN.clips("fire-engine").stream().map(PlannedClip::path).toList();
    assertThat(paths).hasSize(55).doesNotHaveDuplicates();
    assertThat(paths.subList(0, 50)).allMatch(path -> path.startsWith("train/fire-engine/"));
    assertThat(paths.subList(50, 55)).allMatch(path -> path.startsWith("validation/fire-engine/"));
  }

  @Test
  void clips_ofAPhrase_sayItsWords() {
    assertThat(PLAN.clips("fire-engine"))
        .allMatch(clip -> clip.utterance().text().matches("fire engine[.,?!]"));
  }

  @Test
  void clips_ofDifferentWords_areSaidInDifferentManners() {
    List<Double> window = PLAN.clips("window").stream().map(c -> c.utterance().speed()).toList();
    List<Double> basket = PLAN.clips("basket").stream().map(c -> c.utterance().speed()).toList();
    assertThat(window).doesNotContainAnyElementsOf(basket);
  }

  @Test
  void parts_always_shareNoVoiceAndNoSpeaker() {
    assertThat(voices(Part.TRAIN)).doesNotContainAnyElementsOf(voices(Part.VALIDATION));
    assertThat(names(Part.TRAIN)).doesNotContainAnyElementsOf(names(Part.VALIDATION));
  }

  /** Names without the number at their end: variants of one name are settings of one voice. */
  private static Set<String> names(Part part) {
    return voices(part).stream()
        .map(SpeechVoice::name)
        // m1 to m8 and f1 to f5 are different people.
        .map(name -> name.matches("[fm][0-9]|klatt[0-9]?") ? name : name.replaceAll("[0-9]+$", ""))
        .collect(Collectors.toSet());
  }

  @Test
  void clips_ofManyWords_keepTheSharesOfTheSynthesizers() {
    Map<SpeechProgram, Integer> counts = new EnumMap<>(SpeechProgram.class);
    Map<String, Integer> voices = new TreeMap<>();
    int all = 0;
    for (String word : Vocabulary.load().draw(100, 1).words()) {
      for (PlannedClip clip : PLAN.clips(word)) {
        if (clip.path().startsWith("train/")) {
          SpeechVoice voice = clip.utterance().voice();
          counts.merge(voice.program(), 1, Integer::sum);
          voices.merge(voice.id(), 1, Integer::sum);
          all++;
        }
      }
    }
    int total = all;
    Part.TRAIN
        .catalogue()
        .shares()
        .forEach(
            (program, share) ->
                assertThat((double) counts.getOrDefault(program, 0) / total)
                    .as(program.command())
                    .isCloseTo(share, within(0.02)));
    assertThat(voices).hasSameSizeAs(voices(Part.TRAIN).stream().map(SpeechVoice::id).toList());
    assertThat(voices.values()).allMatch(count -> count > 10);
  }

  @Test
  void clips_always_stayWithinWhatTheVoicesCan() {
    for (PlannedClip clip : PLAN.clips("window")) {
      Utterance said = clip.utterance();
      assertThat(said.speed()).isBetween(0.75, 1.35);
      assertThat(said.pitch()).isBetween(said.voice().pitch().low(), said.voice().pitch().high());
      assertThat(said.tract()).isBetween(said.voice().tract().low(), said.voice().tract().high());
    }
  }

  @Test
  void new_noVariants_isRefused() {
    assertThatThrownBy(() -> new CorpusPlan(1, 0, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected 1 to 9999 variants of a word, found 0");
  }

  @Test
  void deal_asManyAsThereAre_givesEachOnce() {
    Deck<Integer> deck = new Deck<>(List.of(1, 2, 3, 4, 5));
    SplittableRandom random = new SplittableRandom(3);
    for (int round = 0; round < 3; round++) {
      List<Integer> dealt = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        dealt.add(deck.deal(random));
      }
      assertThat(dealt).containsExactlyInAnyOrder(1, 2, 3, 4, 5);
    }
  }

  @Test
  void utterance_textThatIsNoSpeech_isRefused() {
    SpeechVoice voice = voices(Part.VALIDATION).iterator().next();
    assertThatThrownBy(() -> new Utterance("(exit)", voice, "", 1, 100, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"(exit)\"");
  }

  @Test
  void sentences_always_canBeSaid() {
    SentenceMaker sentences = new SentenceMaker(Vocabulary.load());
    SplittableRandom random = new SplittableRandom(5);
    SpeechVoice voice = voices(Part.VALIDATION).iterator().next();
    List<String> said = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      said.add(Utterance.drawn(sentences.next(random), voice, random).text());
    }
    assertThat(said).noneMatch(text -> text.contains("*")).doesNotHaveDuplicates();
  }
}
