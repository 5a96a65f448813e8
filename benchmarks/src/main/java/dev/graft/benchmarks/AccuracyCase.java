package dev.graft.benchmarks;

import dev.graft.transfer.Strategy;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * One line of the accuracy table.
 *
 * @param id how it is chosen on the command line
 * @param data name of the archive
 * @param backbone name of the backbone: one of the reference models, or the one that comes with
 *     Graft
 * @param examplesPerClass size of the seeded sample; empty for the whole training part
 * @param weights pretrained, or fresh ones of the same network
 * @param strategy what trains
 */
record AccuracyCase(
    String id,
    String data,
    String backbone,
    OptionalInt examplesPerClass,
    Weights weights,
    Strategy strategy) {

  /** Where the weights of the backbone come from. */
  enum Weights {
    PRETRAINED,
    FRESH
  }

  private static final String BUNDLED = MeasuredBackbone.BUNDLED;
  private static final String ANTS_BEES = "ants-bees";
  private static final String X_RAYS = "chest-xray-28";
  private static final String DIGITS = "handwritten-digits";

  /** All lines, in the order of the table. */
  static List<AccuracyCase> all() {
    List<AccuracyCase> cases = new ArrayList<>();
    Setting ants = new Setting("ants-bees-0.35", ANTS_BEES, OptionalInt.empty());
    Setting antsLarge = new Setting("ants-bees-1.0", ANTS_BEES, OptionalInt.empty());
    Setting xRays = new Setting("x-rays-100", X_RAYS, OptionalInt.of(100));
    Setting digits20 = new Setting("digits-20", DIGITS, OptionalInt.of(20));
    Setting digits5 = new Setting("digits-5", DIGITS, OptionalInt.of(5));
    for (Setting setting : List.of(ants, antsLarge, xRays, digits20, digits5)) {
      cases.add(setting.with(Weights.PRETRAINED, new Strategy.HeadOnly()));
      if (setting.data().equals(DIGITS)) {
        cases.add(setting.with(Weights.PRETRAINED, new Strategy.HeadThenAll()));
      }
      cases.add(setting.with(Weights.FRESH, new Strategy.HeadOnly()));
      cases.add(setting.with(Weights.FRESH, new Strategy.AllLayers()));
    }
    cases.addAll(ofBundled());
    cases.addAll(ofSound());
    cases.addAll(ofTexts());
    return List.copyOf(cases);
  }

  /** The bundled backbone, which fresh weights of the same network are compared with. */
  private static List<AccuracyCase> ofBundled() {
    List<AccuracyCase> cases = new ArrayList<>();
    for (Setting setting :
        List.of(
            new Setting("ants-bees-" + BUNDLED, ANTS_BEES, OptionalInt.empty()),
            new Setting("x-rays-100-" + BUNDLED, X_RAYS, OptionalInt.of(100)),
            new Setting("digits-20-" + BUNDLED, DIGITS, OptionalInt.of(20)))) {
      cases.add(setting.with(Weights.PRETRAINED, new Strategy.HeadOnly()));
      if (setting.data().equals(DIGITS)) {
        cases.add(setting.with(Weights.PRETRAINED, new Strategy.HeadThenAll()));
      }
      cases.add(setting.with(Weights.FRESH, new Strategy.HeadOnly()));
    }
    return cases;
  }

  /** Short words, on Google's speech embedding and on the backbone that comes with Graft. */
  private static List<AccuracyCase> ofSound() {
    List<AccuracyCase> cases = new ArrayList<>();
    for (String data : List.of("spoken-digits", "wake-words")) {
      for (String backbone :
          List.of(SharedMaterial.SPEECH_BACKBONE, MeasuredBackbone.BUNDLED_SPEECH)) {
        String name = data + "-20-" + backbone;
        Strategy head = new Strategy.HeadOnly();
        cases.add(
            new AccuracyCase(
                name + "-head", data, backbone, OptionalInt.of(20), Weights.PRETRAINED, head));
        cases.add(
            new AccuracyCase(
                name + "-fresh-head", data, backbone, OptionalInt.of(20), Weights.FRESH, head));
      }
    }
    return cases;
  }

  /** Texts, on word vectors and on the network that comes with Graft, and on fresh ones of each. */
  private static List<AccuracyCase> ofTexts() {
    List<AccuracyCase> cases = new ArrayList<>();
    for (String backbone : List.of(SharedMaterial.WORD_VECTORS, MeasuredBackbone.TEXT)) {
      String named = backbone.equals(MeasuredBackbone.TEXT) ? backbone : "word2vec";
      cases.addAll(ofTexts("ag-news-25-" + named, "ag-news", backbone, OptionalInt.of(25)));
      cases.addAll(ofTexts("banking77-10-" + named, "banking77", backbone, OptionalInt.of(10)));
      cases.addAll(ofTexts("clinc150-" + named, "clinc150", backbone, OptionalInt.empty()));
      cases.addAll(ofTexts("emotion-" + named, "emotion", backbone, OptionalInt.empty()));
    }
    cases.add(
        new AccuracyCase(
            "clinc150-" + MeasuredBackbone.TEXT + "-auto",
            "clinc150",
            MeasuredBackbone.TEXT,
            OptionalInt.empty(),
            Weights.PRETRAINED,
            new Strategy.Automatic()));
    return cases;
  }

  private static List<AccuracyCase> ofTexts(
      String id, String data, String backbone, OptionalInt perClass) {
    Strategy head = new Strategy.HeadOnly();
    return List.of(
        new AccuracyCase(id + "-head", data, backbone, perClass, Weights.PRETRAINED, head),
        new AccuracyCase(id + "-fresh-head", data, backbone, perClass, Weights.FRESH, head));
  }

  /** Whether the examples are texts. */
  boolean isOfTexts() {
    return backbone.equals(SharedMaterial.WORD_VECTORS) || backbone.equals(MeasuredBackbone.TEXT);
  }

  /** Data and backbone of some lines. */
  private record Setting(String name, String data, OptionalInt examplesPerClass) {
    AccuracyCase with(Weights weights, Strategy strategy) {
      String own =
          name.endsWith("1.0") ? SharedMaterial.LARGE_BACKBONE : SharedMaterial.SMALL_BACKBONE;
      String backbone = name.endsWith(BUNDLED) ? BUNDLED : own;
      String id = name + (weights == Weights.FRESH ? "-fresh-" : "-") + strategy;
      return new AccuracyCase(id, data, backbone, examplesPerClass, weights, strategy);
    }
  }

  /** The number of training examples in words. */
  String trainingExamples() {
    return examplesPerClass.isPresent() ? examplesPerClass.getAsInt() + " a class" : "all";
  }
}
