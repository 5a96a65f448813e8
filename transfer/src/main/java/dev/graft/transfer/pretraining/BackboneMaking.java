package dev.graft.transfer.pretraining;

import dev.graft.data.Preprocessing;
import dev.graft.data.text.TextEncoder;
import dev.graft.engine.FloatTensor;
import dev.graft.engine.Network;
import dev.graft.engine.Precision;
import dev.graft.onnx.HeadFinder;
import dev.graft.onnx.LinearHead;
import dev.graft.onnx.ModelSummary;
import dev.graft.onnx.OnnxModel;
import dev.graft.transfer.RunEnvironment;
import dev.graft.transfer.evidence.Evaluation;
import dev.graft.transfer.evidence.PretrainingRecord;
import dev.graft.transfer.training.BatchSource.Batches;
import dev.graft.transfer.training.BatchSource.EvaluationSet;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.ExampleViews;
import dev.graft.transfer.training.LiveBatches;
import dev.graft.transfer.training.Softmax;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Makes the backbone and its record from trained weights; what is judged is what is stored. */
final class BackboneMaking {
  private static final int PROOF_EXAMPLES = 4;
  private static final int EVALUATED_TOGETHER = 32;

  private final SourceNetwork network;
  private final PretrainingSettings settings;
  private final BackboneDescription description;
  private final SourceData data;
  private final Precision precision;

  BackboneMaking(
      SourceNetwork network,
      PretrainingSettings settings,
      BackboneDescription description,
      SourceData data,
      Precision precision) {
    this.network = network;
    this.settings = settings;
    this.description = description;
    this.data = data;
    this.precision = precision;
  }

  PretrainedBackbone make(OnnxModel trained, PretrainingState end, Path runFolder) {
    OnnxModel stored =
        switch (description.storage()) {
          case FP32 -> trained;
          case FP16 -> trained.withHalfWeights();
        };
    Preprocessing preprocessing = settings.views().preprocessing(description.inputSize());
    OnnxModel run = settings.views().trained(stored);
    try (Network inference = Network.load(run, Precision.FP32)) {
      Evaluation validation = evaluation(inference, settings.views().evaluated(stored));
      BackboneProof proof = proof(inference);
      PretrainingRecord record = record(run, preprocessing, end, validation);
      return new PretrainedBackbone(record, stored, preprocessing, proof, runFolder);
    }
  }

  private Evaluation evaluation(Network inference, ExampleViews views) {
    ExampleTable table = data.validation();
    int classes = data.classes().size();
    float[] probabilities = new float[table.size() * classes];
    int row = 0;
    try (Batches batches =
        new LiveBatches(views, table).plain(EvaluationSet.of(table), EVALUATED_TOGETHER)) {
      for (FloatTensor some = batches.next(); some.rows() > 0; some = batches.next()) {
        FloatTensor logits = inference.run(some);
        for (int i = 0; i < logits.rows(); i++, row++) {
          float[] own = Arrays.copyOfRange(logits.values(), i * classes, (i + 1) * classes);
          System.arraycopy(Softmax.of(own), 0, probabilities, row * classes, classes);
        }
      }
    }
    return Evaluation.of(data.classes(), table.labels(), probabilities);
  }

  private BackboneProof proof(Network inference) {
    try (Batches batches =
        new LiveBatches(settings.views().plain(), data.validation())
            .plain(EvaluationSet.of(data.validation()), PROOF_EXAMPLES)) {
      FloatTensor some = batches.next();
      return new BackboneProof(some, inference.run(some));
    }
  }

  private PretrainingRecord record(
      OnnxModel run, Preprocessing preprocessing, PretrainingState end, Evaluation validation) {
    String input = run.graph().inputs().get(0).name();
    ModelSummary summary = ModelSummary.of(run, Map.of(input, one(preprocessing)));
    LinearHead head = (LinearHead) HeadFinder.find(run, Optional.empty(), OptionalInt.empty());
    return new PretrainingRecord(
        description.id(),
        network.description(),
        summary.trainableCount(),
        summary.multiplyAdds().orElse(0),
        Math.toIntExact(head.features()),
        settings.views().kind().word(),
        description.inputSize().orElse(settings.views().lastSize()),
        settings.views().evaluatedSize(run),
        vocabulary(preprocessing),
        description.storage().name().toLowerCase(Locale.ROOT),
        description.pooling().map(chosen -> chosen.name().toLowerCase(Locale.ROOT)),
        description.licence(),
        description.dataTerms(),
        data.tables().described(data.train(), data.tables().hash()),
        shownSettings(),
        precision.name().toLowerCase(Locale.ROOT),
        end.history(),
        validation,
        data.method(),
        end.seconds(),
        environment(),
        settings.seed(),
        Instant.now());
  }

  private static OptionalInt vocabulary(Preprocessing preprocessing) {
    return preprocessing instanceof TextEncoder texts
        ? OptionalInt.of(texts.tokenizer().vocabularySize())
        : OptionalInt.empty();
  }

  /** The shape of a batch of one. */
  private static long[] one(Preprocessing preprocessing) {
    return ExampleViews.plain(preprocessing)
        .batch(new float[preprocessing.valueCount()], 1)
        .shape();
  }

  private Map<String, String> shownSettings() {
    Map<String, String> shown = new LinkedHashMap<>();
    shown.put("optimizer", settings.optimizer().toString());
    shown.put("weight-decay", String.valueOf(settings.weightDecay()));
    shown.put("epochs", String.valueOf(settings.epochs()));
    shown.put("warm-up", settings.warmUpEpochs() + " epochs");
    shown.put("batch-size", String.valueOf(settings.batchSize()));
    shown.putAll(settings.views().shown());
    shown.put("label-smoothing", String.valueOf(settings.labelSmoothing()));
    shown.put("mixup", String.valueOf(settings.mixUp()));
    shown.put("averaging", String.valueOf(settings.averaging()));
    return shown;
  }

  private Map<String, String> environment() {
    Map<String, String> environment = RunEnvironment.describe();
    environment.put("command", description.command());
    return environment;
  }
}
