package dev.graft.benchmarks.speech;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Which voices speak in which part, and how often. Immutable, thread-safe.
 *
 * <p>Of eSpeak's variants those are used that sound like people: none with a robot's echo. Variants
 * that are settings of one another stay on one side, and so do the recordings of one speaker: kal
 * and slt speak in two synthesizers.
 *
 * @param voices those of each synthesizer
 * @param shares how much of what is said each synthesizer says; they add up to 1
 */
record VoiceCatalogue(
    Map<SpeechProgram, List<SpeechVoice>> voices, Map<SpeechProgram, Double> shares) {
  /** The accents of English that eSpeak knows; each variant speaks them all. */
  static final List<String> ACCENTS =
      List.of(
          "en-us",
          "en-us",
          "en-us",
          "en-gb",
          "en-gb",
          "en-gb-x-rp",
          "en-gb-scotland",
          "en-gb-x-gbclan",
          "en-gb-x-gbcwmd",
          "en-029",
          "en-us-nyc");

  private static final Interval ESPEAK_PITCH = new Interval(18, 90);
  private static final Interval ESPEAK_TRACT = new Interval(0.9, 1.14);

  private static final List<String> ESPEAK_TRAINING =
      List.of(
          "Alex",
          "Andrea",
          "Andy",
          "Annie",
          "Denis",
          "Diogo",
          "Henrique",
          "Hugo",
          "Jacky",
          "Lee",
          "Mario",
          "Michael",
          "Mr serious",
          "Storm",
          "Tweaky",
          "adam",
          "anika",
          "antonio",
          "benjamin",
          "boris",
          "caleb",
          "croak",
          "david",
          "ed",
          "f1",
          "f2",
          "f3",
          "f5",
          "grandma",
          "grandpa",
          "gustave",
          "iven",
          "iven3",
          "iven4",
          "john",
          "klatt",
          "klatt2",
          "klatt3",
          "m1",
          "m2",
          "m3",
          "m4",
          "m6",
          "marcelo",
          "max",
          "michel",
          "miguel",
          "norbert",
          "pablo",
          "paul",
          "rob",
          "sandro",
          "shelby",
          "steph",
          "steph2",
          "steph3",
          "victor",
          "whisper");

  private static final List<String> ESPEAK_HELD_OUT =
      List.of(
          "Gene",
          "Gene2",
          "Mike",
          "Nguyen",
          "aunty",
          "belinda",
          "edward",
          "edward2",
          "f4",
          "kaukovalta",
          "klatt4",
          "klatt5",
          "klatt6",
          "linda",
          "m5",
          "m7",
          "m8",
          "pedro",
          "quincy",
          "robert",
          "travis",
          "whisperf");

  VoiceCatalogue {
    // In the order of the synthesizers: what is drawn and printed must not depend on hashes.
    voices = Collections.unmodifiableMap(new EnumMap<>(voices));
    shares = Collections.unmodifiableMap(new EnumMap<>(shares));
    if (!voices.keySet().equals(shares.keySet())) {
      throw new IllegalArgumentException("Expected a share for each synthesizer that has voices");
    }
    double sum = shares.values().stream().mapToDouble(Double::doubleValue).sum();
    if (Math.abs(sum - 1) > 1e-9) {
      throw new IllegalArgumentException("Expected shares that add up to 1, found " + sum);
    }
  }

  /** The voices that a network is trained on. */
  static VoiceCatalogue training() {
    Map<SpeechProgram, List<SpeechVoice>> voices = new EnumMap<>(SpeechProgram.class);
    voices.put(SpeechProgram.ESPEAK_NG, espeak(ESPEAK_TRAINING));
    voices.put(
        SpeechProgram.FLITE,
        List.of(
            flite("awb", new Interval(75, 240), new Interval(0.92, 1.22)),
            flite("awb", new Interval(75, 240), new Interval(0.92, 1.22)),
            // Flite does not change the pitch of this voice, so that playing faster must.
            flite("rms", Interval.only(103), new Interval(0.86, 1.26)),
            flite("rms", Interval.only(103), new Interval(0.86, 1.26)),
            flite("slt", new Interval(110, 280), new Interval(0.87, 1.12)),
            flite("slt", new Interval(110, 280), new Interval(0.87, 1.12)),
            flite("kal16", new Interval(75, 220), new Interval(0.92, 1.22))));
    voices.put(
        SpeechProgram.FESTIVAL,
        List.of(
            festival("kal_diphone", new Interval(75, 220), new Interval(0.92, 1.22)),
            festival("cmu_us_slt_arctic_hts", Interval.only(170), new Interval(0.82, 1.16))));
    return new VoiceCatalogue(
        voices,
        Map.of(
            SpeechProgram.ESPEAK_NG,
            0.46,
            SpeechProgram.FLITE,
            0.38,
            SpeechProgram.FESTIVAL,
            0.16));
  }

  /** Voices of which nothing is trained on: for validation, and for streams. */
  static VoiceCatalogue heldOut() {
    Map<SpeechProgram, List<SpeechVoice>> voices = new EnumMap<>(SpeechProgram.class);
    voices.put(SpeechProgram.ESPEAK_NG, espeak(ESPEAK_HELD_OUT));
    voices.put(
        SpeechProgram.FESTIVAL,
        List.of(festival("ked_diphone", new Interval(75, 220), new Interval(0.92, 1.22))));
    return new VoiceCatalogue(
        voices, Map.of(SpeechProgram.ESPEAK_NG, 0.6, SpeechProgram.FESTIVAL, 0.4));
  }

  /** All voices of both sides. */
  static List<SpeechVoice> all() {
    List<SpeechVoice> all = new ArrayList<>();
    for (VoiceCatalogue side : List.of(training(), heldOut())) {
      side.voices().values().forEach(all::addAll);
    }
    return all.stream().distinct().toList();
  }

  private static List<SpeechVoice> espeak(List<String> variants) {
    return variants.stream()
        .map(name -> new SpeechVoice(SpeechProgram.ESPEAK_NG, name, ESPEAK_PITCH, ESPEAK_TRACT))
        .toList();
  }

  private static SpeechVoice flite(String name, Interval hertz, Interval tract) {
    return new SpeechVoice(SpeechProgram.FLITE, name, hertz, tract);
  }

  private static SpeechVoice festival(String name, Interval hertz, Interval tract) {
    return new SpeechVoice(SpeechProgram.FESTIVAL, name, hertz, tract);
  }
}
