package dev.graft.transfer.wakeword;

import dev.graft.data.DatasetKind;
import dev.graft.data.audio.AudioPreprocessing;
import dev.graft.data.audio.AudioWindows;
import dev.graft.engine.FloatTensor;
import dev.graft.engine.Network;
import dev.graft.engine.Precision;
import dev.graft.onnx.OnnxModel;
import dev.graft.runtime.BundleConfig;
import dev.graft.runtime.BundleLayout;
import dev.graft.runtime.DetectionRule;
import dev.graft.runtime.GoldenExample;
import dev.graft.runtime.GoldenExamples;
import dev.graft.runtime.Modality;
import dev.graft.runtime.ModelInput;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.GraftVersion;
import dev.graft.transfer.RunEnvironment;
import dev.graft.transfer.evidence.Evaluation;
import dev.graft.transfer.evidence.Findings;
import dev.graft.transfer.evidence.OperatingCurve;
import dev.graft.transfer.evidence.OperatingPoint;
import dev.graft.transfer.evidence.TrainingRecord;
import dev.graft.transfer.evidence.WakeWordWords;
import dev.graft.transfer.export.MetadataJson;
import dev.graft.transfer.export.ModelAssembler;
import dev.graft.transfer.training.ClassifierHead;
import dev.graft.transfer.training.Softmax;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Makes what ships from a trained head: the models, their configuration and the evidence. */
final class WakeWordMaking {
  private static final String STRATEGY = "head";
  private static final int GOLDEN_OF_CLASS = 3;

  private final Backbone backbone;
  private final WakeWordSounds sounds;
  private final WakeWordSettings settings;
  private final StreamEncoder encoder;
  private final DetectionRule rule;
  private final List<String> labels;

  WakeWordMaking(
      Backbone backbone,
      WakeWordSounds sounds,
      WakeWordSettings settings,
      StreamEncoder encoder,
      DetectionRule rule) {
    this.backbone = backbone;
    this.sounds = sounds;
    this.settings = settings;
    this.encoder = encoder;
    this.rule = rule;
    this.labels = List.of(WakeWordSettings.OTHER, settings.phrase());
  }

  /**
   * Joins, records and tries out what was trained.
   *
   * @param effort what was composed to train on, for the record
   */
  TrainedWakeWord make(
      ClassifierHead head,
      OperatingCurve curve,
      List<float[]> phrases,
      List<float[]> others,
      Map<String, String> effort,
      Map<String, Double> seconds) {
    OnnxModel network = ModelAssembler.network(backbone.trunk(), head);
    OnnxModel model =
        ModelAssembler.deployable(
            network,
            new ModelAssembler.Features(
                backbone.trunk().graph().outputs().get(0).name(), backbone.featureWidth()),
            backbone.preprocessing(),
            labels,
            metadata());
    BundleConfig config =
        new BundleConfig(
            labels,
            Modality.AUDIO,
            backbone.id(),
            backbone.sha256(),
            STRATEGY,
            1,
            GraftVersion.text(),
            Optional.empty(),
            Optional.of(rule));
    List<float[]> windowsOfOthers = centred(others);
    List<float[]> windowsOfPhrases = centred(phrases);
    List<float[]> logits = new ArrayList<>();
    try (Network whole = Network.load(network, Precision.FP32)) {
      for (List<float[]> some : List.of(windowsOfOthers, windowsOfPhrases)) {
        some.forEach(
            window -> logits.add(whole.run(new FloatTensor(window, 1, window.length)).values()));
      }
    }
    Evaluation validation = evaluation(windowsOfOthers.size(), logits);
    return new TrainedWakeWord(
        record(validation, curve, effort, seconds),
        model,
        encoder.sequence().map(sequence -> StreamModel.of(sequence, head)),
        config,
        backbone.preprocessing(),
        golden(windowsOfOthers, windowsOfPhrases, logits),
        curve);
  }

  private List<float[]> centred(List<float[]> recordings) {
    AudioWindows windows = new AudioWindows(encoder.window());
    return recordings.stream().map(windows::middle).toList();
  }

  private Evaluation evaluation(int others, List<float[]> logits) {
    int[] truth = new int[logits.size()];
    float[] probabilities = new float[2 * logits.size()];
    for (int i = 0; i < truth.length; i++) {
      truth[i] = i < others ? 0 : 1;
      System.arraycopy(Softmax.of(logits.get(i)), 0, probabilities, 2 * i, 2);
    }
    return Evaluation.of(labels, truth, probabilities);
  }

  private GoldenExamples golden(List<float[]> others, List<float[]> phrases, List<float[]> logits) {
    List<GoldenExample> examples = new ArrayList<>();
    for (int i = 0; i < Math.min(GOLDEN_OF_CLASS, phrases.size()); i++) {
      examples.add(
          golden(settings.phrase() + " " + (i + 1), phrases.get(i), logits.get(others.size() + i)));
    }
    for (int i = 0; i < Math.min(GOLDEN_OF_CLASS, others.size()); i++) {
      examples.add(golden(WakeWordSettings.OTHER + " " + (i + 1), others.get(i), logits.get(i)));
    }
    return new GoldenExamples(GoldenExamples.TOLERANCE_FP32, examples);
  }

  private GoldenExample golden(String name, float[] window, float[] logits) {
    return GoldenExample.of(
        name, new ModelInput.Sound(window, sounds.sampleRate()), logits, Softmax.of(logits));
  }

  private Map<String, String> metadata() {
    Map<String, String> provenance = new LinkedHashMap<>();
    provenance.put("backbone", backbone.id());
    provenance.put("backbone_sha256", backbone.sha256());
    provenance.put("data_sha256", sounds.hash());
    provenance.put("strategy", STRATEGY);
    provenance.put("seed", String.valueOf(settings.seed()));
    provenance.put("graft_version", GraftVersion.text());
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(BundleLayout.METADATA_LABELS, MetadataJson.array(labels));
    metadata.put(BundleLayout.METADATA_MODALITY, Modality.AUDIO.jsonName());
    metadata.put(BundleLayout.METADATA_PROVENANCE, MetadataJson.object(provenance));
    return metadata;
  }

  private TrainingRecord record(
      Evaluation validation,
      OperatingCurve curve,
      Map<String, String> effort,
      Map<String, Double> seconds) {
    OperatingPoint point = curve.at(rule.threshold());
    Map<String, String> environment = RunEnvironment.describe();
    environment.put("precision", Precision.FP32.name());
    environment.put("command", settings.command());
    return new TrainingRecord(
        new TrainingRecord.Data(
            settings.phrase(),
            DatasetKind.AUDIO,
            sounds.hash(),
            labels,
            Map.of(labels.get(0), sounds.others().size(), labels.get(1), sounds.phrases().size()),
            Map.of(),
            Map.of(),
            sounds.leftOut()),
        source(),
        STRATEGY,
        "wake word, hidden layers " + settings.hiddenWidths(),
        shownSettings(effort),
        "fp32: the new layers are small",
        List.of(),
        List.of(),
        validation,
        "recordings held out, each in the middle of a window",
        Optional.empty(),
        Optional.empty(),
        Findings.NONE,
        List.of(
            "On generated streams of held-out recordings: "
                + WakeWordWords.of(point)
                + ". The curve is in wakeword.html; graft wakeword evaluate measures on streams of"
                + " your own."),
        seconds,
        environment,
        settings.seed(),
        Instant.now());
  }

  private TrainingRecord.Source source() {
    AudioPreprocessing sound = (AudioPreprocessing) backbone.preprocessing();
    return new TrainingRecord.Source(
        backbone.id(),
        backbone.sha256(),
        backbone.licence(),
        String.valueOf(sound.windowSamples()),
        backbone.featureTensor(),
        backbone.featureWidth(),
        backbone.headDescription(),
        backbone.profile().parameters(),
        backbone.profile().multiplyAdds(),
        List.of(),
        backbone.revision(),
        backbone.files());
  }

  private Map<String, String> shownSettings(Map<String, String> effort) {
    Map<String, String> shown = new LinkedHashMap<>();
    shown.put("wake-word-threshold", String.valueOf(rule.threshold()));
    shown.put("wake-word-window-samples", String.valueOf(rule.windowSamples()));
    shown.put("wake-word-hop-samples", String.valueOf(rule.hopSamples()));
    shown.put("wake-word-patience", rule.patience() + " of " + rule.within());
    shown.put("wake-word-refractory-seconds", String.valueOf(rule.refractorySeconds()));
    shown.put("false-accepts-per-hour", String.valueOf(settings.falseAcceptsPerHour()));
    shown.put("rounds", String.valueOf(settings.rounds()));
    shown.putAll(new TreeMap<>(effort));
    return shown;
  }
}
