package dev.graft.transfer;

import dev.graft.data.Example;
import dev.graft.onnx.OnnxModel;
import dev.graft.runtime.BundleConfig;
import dev.graft.runtime.BundleLayout;
import dev.graft.runtime.GoldenExample;
import dev.graft.runtime.GoldenExamples;
import dev.graft.runtime.Modality;
import dev.graft.runtime.ModelInput;
import dev.graft.runtime.PredictionSetRule;
import dev.graft.transfer.evidence.CalibrationFindings;
import dev.graft.transfer.evidence.Evaluation;
import dev.graft.transfer.evidence.ExamplePredictions;
import dev.graft.transfer.evidence.TrainingRecord;
import dev.graft.transfer.export.MetadataJson;
import dev.graft.transfer.export.ModelAssembler;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.Softmax;
import dev.graft.transfer.training.TrainedWeights;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Makes the deployable model and its record from what training gave. */
final class ModelMaking {
  private ModelMaking() {}

  static TrainedModel make(
      RunContext context, TrainingOutcome outcome, List<String> notes, Stopwatch stopwatch) {
    List<String> labels = context.tables().dataset().classes();
    OnnxModel network =
        TrainedWeights.into(
            ModelAssembler.network(context.backbone().trunk(), outcome.head()), outcome.weights());
    OnnxModel model =
        ModelAssembler.deployable(
            network,
            new ModelAssembler.Features(
                context.backbone().trunk().graph().outputs().get(0).name(),
                context.backbone().featureWidth()),
            context.backbone().preprocessing(),
            labels,
            metadata(context, labels));
    Optional<CalibrationFindings> calibration = outcome.findings().calibration();
    BundleConfig config =
        new BundleConfig(
            labels,
            modality(context),
            context.backbone().id(),
            context.backbone().sha256(),
            context.settings().strategy().toString(),
            calibration.map(CalibrationFindings::temperature).orElse(1.0),
            GraftVersion.text(),
            calibration
                .flatMap(CalibrationFindings::sets)
                .map(sets -> new PredictionSetRule(sets.coverage(), sets.leastProbability())));
    GoldenExamples golden = golden(context, outcome);
    stopwatch.lap("assembly");
    TrainingRecord record = record(context, outcome, notes, stopwatch);
    return new TrainedModel(
        record,
        model,
        config,
        context.backbone().preprocessing(),
        golden,
        outcome.trainingFeatures(),
        ExplanationChoice.of(context, outcome));
  }

  private static Modality modality(RunContext context) {
    return switch (context.backbone().preprocessing().kind()) {
      case IMAGE -> Modality.IMAGE;
      case AUDIO -> Modality.AUDIO;
      case TEXT -> Modality.TEXT;
    };
  }

  private static Map<String, String> metadata(RunContext context, List<String> labels) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(BundleLayout.METADATA_LABELS, MetadataJson.array(labels));
    metadata.put(BundleLayout.METADATA_MODALITY, modality(context).jsonName());
    Map<String, String> provenance = new LinkedHashMap<>();
    provenance.put("backbone", context.backbone().id());
    provenance.put("backbone_sha256", context.backbone().sha256());
    provenance.put("data_sha256", context.dataHash());
    provenance.put("strategy", context.settings().strategy().toString());
    provenance.put("head", context.settings().head().toString());
    provenance.put("seed", String.valueOf(context.settings().seed()));
    provenance.put("graft_version", GraftVersion.text());
    metadata.put(BundleLayout.METADATA_PROVENANCE, MetadataJson.object(provenance));
    return metadata;
  }

  private static GoldenExamples golden(RunContext context, TrainingOutcome outcome) {
    ExampleTable table = outcome.golden();
    List<GoldenExample> examples = new ArrayList<>();
    for (int row = 0; row < table.size(); row++) {
      ModelInput input = context.views().decoded(table.examples().get(row), table.decoding());
      float[] logits = outcome.goldenLogits().get(row);
      examples.add(
          GoldenExample.of(table.examples().get(row).id(), input, logits, Softmax.of(logits)));
    }
    // They were computed in fp32, whatever the precision of training.
    return new GoldenExamples(GoldenExamples.TOLERANCE_FP32, examples);
  }

  private static TrainingRecord record(
      RunContext context, TrainingOutcome outcome, List<String> notes, Stopwatch stopwatch) {
    ExampleTables tables = context.tables();
    List<String> labels = tables.dataset().classes();
    Optional<Evaluation> test =
        tables.test().size() == 0
            ? Optional.empty()
            : Optional.of(
                Evaluation.of(labels, tables.test().labels(), outcome.testProbabilities()));
    return new TrainingRecord(
        tables.described(tables.train(), context.dataHash()),
        source(context, outcome),
        context.settings().strategy().toString(),
        context.settings().head().toString(),
        shownSettings(context),
        context.precision().reason(),
        outcome.candidates(),
        outcome.history(),
        outcome.validated().evaluation(labels),
        outcome.validated().method(),
        test,
        testPredictions(tables, outcome),
        outcome.findings(),
        notes,
        stopwatch.seconds(),
        environment(context),
        context.settings().seed(),
        Instant.now());
  }

  private static Optional<ExamplePredictions> testPredictions(
      ExampleTables tables, TrainingOutcome outcome) {
    ExampleTable test = tables.test();
    return test.size() == 0
        ? Optional.empty()
        : Optional.of(
            ExamplePredictions.of(
                tables.dataset().classes(),
                test.examples().stream().map(Example::id).toList(),
                test.contentHashes(),
                test.labels(),
                outcome.testProbabilities()));
  }

  private static TrainingRecord.Source source(RunContext context, TrainingOutcome outcome) {
    Backbone backbone = context.backbone();
    long[] shape = context.views().shape();
    return new TrainingRecord.Source(
        backbone.id(),
        backbone.sha256(),
        backbone.licence(),
        Arrays.stream(shape).mapToObj(String::valueOf).collect(Collectors.joining("x")),
        backbone.featureTensor(),
        backbone.featureWidth(),
        backbone.headDescription(),
        backbone.profile().parameters(),
        backbone.profile().multiplyAdds(),
        outcome.trainedBlocks(),
        backbone.revision(),
        backbone.files());
  }

  private static Map<String, String> shownSettings(RunContext context) {
    TransferSettings settings = context.settings();
    Map<String, String> shown = new LinkedHashMap<>();
    shown.put("views", String.valueOf(context.plan().views()));
    shown.put("augment", context.plan().augmentation().toString());
    settings.background().ifPresent(sounds -> shown.put("background", sounds.toString()));
    shown.put("optimizer", settings.optimizer().name().toLowerCase(java.util.Locale.ROOT));
    settings.learningRate().ifPresent(rate -> shown.put("learning-rate", String.valueOf(rate)));
    settings.epochs().ifPresent(epochs -> shown.put("epochs", String.valueOf(epochs)));
    settings.batchSize().ifPresent(batch -> shown.put("batch-size", String.valueOf(batch)));
    settings.microBatch().ifPresent(most -> shown.put("micro-batch", String.valueOf(most)));
    shown.put("activations", settings.activations().name().toLowerCase(java.util.Locale.ROOT));
    shown.put("class-weights", settings.classWeighting().name().toLowerCase(java.util.Locale.ROOT));
    settings
        .examplesPerClass()
        .ifPresent(count -> shown.put("examples-per-class", String.valueOf(count)));
    shown.put("validation-fraction", String.valueOf(settings.validationFraction()));
    shown.put("coverage", String.valueOf(settings.coverage()));
    settings.fixes().ifPresent(fixes -> shown.put("fixes", "sha256 " + fixes.sha256()));
    shown.put("weights", context.backbone().isFresh() ? "fresh" : "pretrained");
    if (context.backbone().freshBlocks() > 0) {
      shown.put("fresh-blocks", String.valueOf(context.backbone().freshBlocks()));
    }
    return shown;
  }

  private static Map<String, String> environment(RunContext context) {
    Map<String, String> environment = RunEnvironment.describe();
    environment.put("precision", context.precision().precision().name());
    environment.put("command", context.settings().command());
    return environment;
  }
}
