package dev.graft.transfer.pretraining;

import dev.graft.data.image.Augmentation;
import dev.graft.data.image.ImagePreprocessing;
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
import dev.graft.transfer.training.ImageBatches;
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
  private static final int PROOF_IMAGES = 4;
  private static final int EVALUATED_TOGETHER = 32;

  /**
   * Random crops show things larger than whole images of the same size do, by about a quarter, so
   * that a network knows whole images best at so much more (Touvron et al. 2019, "Fixing the
   * train-test resolution discrepancy", section 3).
   */
  private static final double SIDE_OF_WHOLE_IMAGES = 1.25;

  private static final int STEP_OF_SIDES = 16;

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
    int inputSide = description.inputSide().orElse(settings.sides().last());
    // As classifiers are shown their images: a margin of an eighth is cut off.
    ImagePreprocessing preprocessing = ImagePreprocessing.preset("imagenet", inputSide, inputSide);
    int evaluatedSide = evaluatedSide(stored);
    try (Network inference = Network.load(stored, Precision.FP32)) {
      Evaluation validation = evaluation(inference, evaluatedSide);
      BackboneProof proof = proof(inference);
      PretrainingRecord record = record(stored, inputSide, evaluatedSide, end, validation);
      return new PretrainedBackbone(record, stored, preprocessing, proof, runFolder);
    }
  }

  /** The side of the whole images by which the stored file is judged. */
  private int evaluatedSide(OnnxModel stored) {
    int last = settings.sides().last();
    boolean takesAnySide = stored.graph().inputs().get(0).size(2) <= 0;
    boolean cropped = settings.augmentation().smallestCrop() < 1;
    return takesAnySide && cropped
        ? (int) (STEP_OF_SIDES * Math.round(SIDE_OF_WHOLE_IMAGES * last / STEP_OF_SIDES))
        : last;
  }

  private static ImageBatches plain(ExampleTable table, int side) {
    return new ImageBatches(SourceData.views(side, Augmentation.none(), 0), table);
  }

  private Evaluation evaluation(Network inference, int side) {
    ExampleTable table = data.validation();
    int classes = data.classes().size();
    float[] probabilities = new float[table.size() * classes];
    int row = 0;
    try (Batches batches = plain(table, side).plain(EvaluationSet.of(table), EVALUATED_TOGETHER)) {
      for (FloatTensor images = batches.next(); images.rows() > 0; images = batches.next()) {
        FloatTensor logits = inference.run(images);
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
        plain(data.validation(), settings.sides().last())
            .plain(EvaluationSet.of(data.validation()), PROOF_IMAGES)) {
      FloatTensor images = batches.next();
      return new BackboneProof(images, inference.run(images));
    }
  }

  private PretrainingRecord record(
      OnnxModel stored,
      int inputSide,
      int evaluatedSide,
      PretrainingState end,
      Evaluation validation) {
    String input = stored.graph().inputs().get(0).name();
    ModelSummary summary =
        ModelSummary.of(stored, Map.of(input, new long[] {1, 3, inputSide, inputSide}));
    LinearHead head = (LinearHead) HeadFinder.find(stored, Optional.empty(), OptionalInt.empty());
    return new PretrainingRecord(
        description.id(),
        network.description(),
        summary.trainableCount(),
        summary.multiplyAdds().orElse(0),
        Math.toIntExact(head.features()),
        inputSide,
        evaluatedSide,
        description.storage().name().toLowerCase(Locale.ROOT),
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

  private Map<String, String> shownSettings() {
    Map<String, String> shown = new LinkedHashMap<>();
    shown.put("optimizer", settings.optimizer().toString());
    shown.put("weight-decay", String.valueOf(settings.weightDecay()));
    shown.put("epochs", String.valueOf(settings.epochs()));
    shown.put("warm-up", settings.warmUpEpochs() + " epochs");
    shown.put("batch-size", String.valueOf(settings.batchSize()));
    shown.put("size", settings.sides().first() + " to " + settings.sides().last() + " pixels");
    shown.put("augment", settings.augmentation().toString());
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
