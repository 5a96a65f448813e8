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
import java.util.Locale;
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
  private static final double HOURS_ALONG_SOUND = 3;
  private static final double HOURS_BY_WINDOW = 1;
  private static final int VIEWS_ALONG_SOUND = 40;
  private static final int VIEWS_BY_WINDOW = 15;
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
    double seconds = (double) audio.windowSamples() / audio.sampleRate();
    if (seconds > SceneComposer.SECONDS / 2) {
      throw new TransferException(
          TransferException.Cause.SETTINGS,
          String.format(
              Locale.ROOT,
              "Training a wake word with windows of %.1f s: at most %.0f s are expected. A phrase is"
                  + " short; name a shorter --window.",
              seconds,
              SceneComposer.SECONDS / 2));
    }
  }

  private TrainedWakeWord run() {
    HoldOut phrases = HoldOut.of(sounds.phrases(), settings.seed());
    HoldOut others =
        HoldOut.of(HoldOut.pieces(sounds.others(), sounds.sampleRate()), settings.seed() + 1);
    try (StreamEncoder encoder = StreamEncoder.of(backbone)) {
      DetectionRule rule = rule(encoder);
      Effort effort = effort(encoder);
      WindowPool training = training(phrases, others, encoder, effort);
      HeldOutStreams heldOut = heldOut(phrases, others, encoder, rule, effort);
      lap("features");
      ClassifierHead head =
          new PhraseTraining(training, encoder.width(), settings, heldOut::value, listener).train();
      ClassifierHead shifted = shifted(head, heldOut.threshold(heldOut.curve(head)));
      OperatingCurve curve = heldOut.curve(shifted);
      lap("training");
      return new WakeWordMaking(backbone, sounds, settings, encoder, rule)
          .make(
              shifted,
              curve,
              phrases.heldOut(),
              others.heldOut(),
              Map.of(
                  "hours", String.format(Locale.ROOT, "%.2f", effort.hours),
                  "views", String.format(Locale.ROOT, "%.1f", effort.views),
                  "windows", String.valueOf(training.size())),
              seconds);
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

  private static int phraseScenes(int recordings, double views) {
    return Math.max(1, (int) Math.ceil(recordings * views / PHRASES_OF_SCENE));
  }

  private static int otherScenes(double hours) {
    return Math.max(1, (int) Math.ceil(hours * SECONDS_OF_HOUR / SceneComposer.SECONDS));
  }

  /** What is composed to train on: hours of other sound, views of each recording of the phrase. */
  private record Effort(double hours, double views) {}

  /** What was asked for, as far as memory allows. */
  private Effort effort(StreamEncoder encoder) {
    boolean along = encoder.sequence().isPresent();
    double hours = settings.streamHours().orElse(along ? HOURS_ALONG_SOUND : HOURS_BY_WINDOW);
    int views = settings.viewsPerPhrase().orElse(along ? VIEWS_ALONG_SOUND : VIEWS_BY_WINDOW);
    double hops = SceneComposer.SECONDS * sounds.sampleRate() / encoder.hop();
    double scenes =
        otherScenes(hours * (1 + HELD_OUT_HOURS)) + phraseScenes(sounds.phrases().size(), views);
    double share = Math.min(1, MOST_FLOATS / (scenes * hops * encoder.rowWidth()));
    if (share < 1) {
      listener.note(
          "The features of this backbone are wide, so that only "
              + Math.round(100 * share)
              + " % of the streams that were asked for fit into memory.");
    }
    return new Effort(share * hours, share * views);
  }

  private WindowPool training(
      HoldOut phrases, HoldOut others, StreamEncoder encoder, Effort effort) {
    SceneComposer composer =
        new SceneComposer(
            phrases.train(), others.train(), sounds.sampleRate(), 2 * settings.seed());
    int said = phraseScenes(phrases.train().size(), effort.views);
    WindowPool with =
        pool(composer, SceneComposer.Kind.PHRASES, said, encoder, "Composing the phrase");
    return with.and(
        pool(
            composer,
            SceneComposer.Kind.OTHERS,
            otherScenes(effort.hours),
            encoder,
            "Composing other sound"));
  }

  private HeldOutStreams heldOut(
      HoldOut phrases, HoldOut others, StreamEncoder encoder, DetectionRule rule, Effort effort) {
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
            SceneComposer.Kind.EVERYDAY,
            otherScenes(effort.hours * HELD_OUT_HOURS),
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
