package dev.graft.transfer.wakeword;

import dev.graft.data.audio.AudioPreprocessing;
import dev.graft.runtime.DetectionRule;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.TransferException;
import dev.graft.transfer.evidence.OperatingCurve;
import dev.graft.transfer.training.ClassifierHead;
import dev.graft.transfer.training.DenseLayer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Trains a wake word: scenes are composed of the recordings, a frozen backbone runs along them, and
 * a small network learns which windows hold the phrase. A fifth of all recordings is held out;
 * streams of them choose the threshold, which is then folded into the weights, so that it is 0.5.
 *
 * <p>After Lin et al. 2020, "Training Keyword Spotters with Limited and Synthesized Speech Data",
 * for the frozen embedding, and openWakeWord's training for weighted negatives and averaged
 * checkpoints.
 */
public final class WakeWordTraining {
  private static final int PHRASES_OF_SCENE = 6;
  private static final int HELD_OUT_VIEWS = 12;
  private static final double HELD_OUT_HOURS = 0.5;
  private static final double SECONDS_OF_HOUR = 3_600;
  private static final int PATIENCE = 2;
  private static final int WITHIN = 3;
  private static final double REFRACTORY_SECONDS = 1;

  /** Rows of all scenes together stay below so many floats: 400 MB. */
  private static final long MOST_FLOATS = 100_000_000;

  private final Backbone backbone;
  private final WakeWordSounds sounds;
  private final WakeWordSettings settings;
  private final TrainingListener listener;
  private final Map<String, Double> seconds = new LinkedHashMap<>();
  private long lap = System.nanoTime();

  private WakeWordTraining(
      Backbone backbone,
      WakeWordSounds sounds,
      WakeWordSettings settings,
      TrainingListener listener) {
    this.backbone = backbone;
    this.sounds = sounds;
    this.settings = settings;
    this.listener = listener;
  }

  /**
   * Trains; the same backbone, sounds and settings give the same weights, unless a budget ends it.
   *
   * @throws TransferException if the backbone takes no sound, or sound of another rate
   */
  public static TrainedWakeWord train(
      Backbone backbone,
      WakeWordSounds sounds,
      WakeWordSettings settings,
      TrainingListener listener) {
    requireFitting(backbone, sounds);
    return new WakeWordTraining(backbone, sounds, settings, listener).run();
  }

  private static void requireFitting(Backbone backbone, WakeWordSounds sounds) {
    if (!(backbone.preprocessing() instanceof AudioPreprocessing audio)
        || audio.sampleRate() != sounds.sampleRate()) {
      throw new TransferException(
          TransferException.Cause.MODEL,
          "Training a wake word with the backbone "
              + backbone.id()
              + ": one that takes sound of "
              + sounds.sampleRate()
              + " samples a second is expected, but it takes "
              + backbone.preprocessing().kind().word()
              + ". Choose a backbone for speech with --backbone.");
    }
  }

  private TrainedWakeWord run() {
    HoldOut phrases = HoldOut.of(sounds.phrases(), settings.seed());
    HoldOut others =
        HoldOut.of(HoldOut.pieces(sounds.others(), sounds.sampleRate()), settings.seed() + 1);
    try (StreamEncoder encoder = StreamEncoder.of(backbone)) {
      DetectionRule rule = rule(encoder);
      double share = affordable(encoder);
      WindowPool training = training(phrases, others, encoder, share);
      HeldOutStreams heldOut = heldOut(phrases, others, encoder, rule, share);
      lap("features");
      ClassifierHead head =
          new PhraseTraining(training, encoder.width(), settings, heldOut::value, listener).train();
      ClassifierHead shifted = shifted(head, heldOut.threshold(heldOut.curve(head)));
      OperatingCurve curve = heldOut.curve(shifted);
      lap("training");
      return new WakeWordMaking(backbone, sounds, settings, encoder, rule)
          .make(shifted, curve, phrases.heldOut(), others.heldOut(), training.size(), seconds);
    }
  }

  private DetectionRule rule(StreamEncoder encoder) {
    return new DetectionRule(
        settings.phrase(),
        0.5,
        encoder.window(),
        encoder.hop(),
        PATIENCE,
        WITHIN,
        REFRACTORY_SECONDS);
  }

  private void lap(String name) {
    long now = System.nanoTime();
    seconds.put(name, (now - lap) / 1e9);
    lap = now;
  }

  private int phraseScenes(int recordings, int views) {
    return Math.max(1, (recordings * views + PHRASES_OF_SCENE - 1) / PHRASES_OF_SCENE);
  }

  private int otherScenes(double hours) {
    return Math.max(1, (int) Math.ceil(hours * SECONDS_OF_HOUR / SceneComposer.SECONDS));
  }

  /** The share of the streams that memory allows. */
  private double affordable(StreamEncoder encoder) {
    double hops = SceneComposer.SECONDS * sounds.sampleRate() / encoder.hop();
    double scenes =
        otherScenes(settings.streamHours() * (1 + HELD_OUT_HOURS))
            + phraseScenes(sounds.phrases().size(), settings.viewsPerPhrase());
    double share = Math.min(1, MOST_FLOATS / (scenes * hops * encoder.rowWidth()));
    if (share < 1) {
      listener.note(
          "The features of this backbone are wide, so that only "
              + Math.round(100 * share)
              + " % of the streams that were asked for fit into memory.");
    }
    return share;
  }

  private WindowPool training(
      HoldOut phrases, HoldOut others, StreamEncoder encoder, double share) {
    SceneComposer composer =
        new SceneComposer(
            phrases.train(), others.train(), sounds.sampleRate(), 2 * settings.seed());
    int said =
        (int) Math.ceil(share * phraseScenes(phrases.train().size(), settings.viewsPerPhrase()));
    WindowPool with =
        pool(composer, SceneComposer.Kind.PHRASES, said, encoder, "Composing the phrase");
    return with.and(
        pool(
            composer,
            SceneComposer.Kind.OTHERS,
            otherScenes(share * settings.streamHours()),
            encoder,
            "Composing other sound"));
  }

  private HeldOutStreams heldOut(
      HoldOut phrases, HoldOut others, StreamEncoder encoder, DetectionRule rule, double share) {
    SceneComposer composer =
        new SceneComposer(
            phrases.heldOut(), others.heldOut(), sounds.sampleRate(), 2 * settings.seed() + 1);
    return new HeldOutStreams(
        pool(
            composer,
            SceneComposer.Kind.PHRASES,
            phraseScenes(phrases.heldOut().size(), HELD_OUT_VIEWS),
            encoder,
            "Composing the phrase, held out"),
        pool(
            composer,
            SceneComposer.Kind.OTHERS,
            otherScenes(share * settings.streamHours() * HELD_OUT_HOURS),
            encoder,
            "Composing other sound, held out"),
        encoder,
        rule,
        sounds.sampleRate(),
        settings.falseAcceptsPerHour());
  }

  private WindowPool pool(
      SceneComposer composer,
      SceneComposer.Kind kind,
      int scenes,
      StreamEncoder encoder,
      String phase) {
    return WindowPool.make(
        number -> composer.compose(kind, number),
        scenes,
        encoder,
        sounds.sampleRate(),
        phase,
        listener);
  }

  /** The head whose probability of the phrase is 0.5 where this one's is the threshold. */
  private static ClassifierHead shifted(ClassifierHead head, double threshold) {
    List<DenseLayer> layers = new ArrayList<>(head.layers());
    DenseLayer last = layers.get(layers.size() - 1);
    float[] bias = Arrays.copyOf(last.bias(), 2);
    bias[1] -= (float) HeldOutStreams.margin(threshold);
    layers.set(
        layers.size() - 1, new DenseLayer(last.inputs(), last.outputs(), last.weight(), bias));
    return new ClassifierHead(layers);
  }
}
