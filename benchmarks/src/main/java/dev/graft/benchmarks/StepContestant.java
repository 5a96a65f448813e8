package dev.graft.benchmarks;

import dev.graft.zoo.architecture.NormForm;
import java.util.List;

/** Who is compared in {@link StepTable}; each runs in a process of its own. */
enum StepContestant {
  /** Graft in bf16 on the file as exporters give it, batch norms folded. */
  GRAFT_BF16("graft-bf16", Home.THIS),
  /** Graft in fp32 on the same. */
  GRAFT_FP32("graft-fp32", Home.THIS),
  /** Graft in bf16 on a file whose batch norms survived the export. */
  GRAFT_BF16_BATCH_NORM("graft-bf16-batch-norm", Home.THIS),
  /** Bare steps of pre-training in bf16: batch norms with the statistics of each batch. */
  GRAFT_PRETRAINING_STEP("graft-pretraining-step", Home.THIS),
  /** The same in {@code graft pretrain}, which decodes and augments its images. */
  GRAFT_PRETRAINING("graft-pretraining", Home.THIS),
  /** ONNX Runtime with default options. */
  ONNX_RUNTIME("onnx-runtime", Home.THIS),
  /** PyTorch for Python in fp32 as it comes, batch norms in training mode. */
  PYTORCH("pytorch", Home.PYTHON),
  /** PyTorch with bf16 autocast and channels-last. */
  PYTORCH_TUNED("pytorch-tuned", Home.PYTHON),
  /** The same with the statistics of batch norms frozen. */
  PYTORCH_TUNED_FROZEN("pytorch-tuned-frozen", Home.PYTHON),
  /** PyTorch tuned and compiled by torch.compile. */
  PYTORCH_COMPILED("pytorch-compiled", Home.PYTHON),
  /** DJL with its PyTorch engine in fp32 as it comes, batch norms in training mode. */
  DJL("djl", Home.DJL),
  /** Deeplearning4j with its native backend in fp32, batch norms in training mode. */
  DEEPLEARNING4J("deeplearning4j", Home.DEEPLEARNING4J);

  /** Where a contestant's process comes from. */
  enum Home {
    THIS,
    PYTHON,
    DJL,
    DEEPLEARNING4J
  }

  private final String id;
  private final Home home;

  StepContestant(String id, Home home) {
    this.id = id;
    this.home = home;
  }

  /** How it is chosen on the command line. */
  String id() {
    return id;
  }

  Home home() {
    return home;
  }

  /** Whether it has the network and says something that another contestant does not. */
  boolean takes(StepNetwork network) {
    boolean pretrained = network == StepNetwork.PHOTO_SMALL;
    return switch (this) {
      case GRAFT_PRETRAINING_STEP, GRAFT_PRETRAINING -> pretrained;
      case PYTORCH, PYTORCH_TUNED, PYTORCH_COMPILED -> !pretrained;
      case GRAFT_BF16_BATCH_NORM -> network.hasBatchNorms();
      case PYTORCH_TUNED_FROZEN -> network != StepNetwork.VIT_S && !pretrained;
      case DJL -> network != StepNetwork.VIT_S;
      case DEEPLEARNING4J -> network.hasBatchNorms() && !pretrained;
      default -> true;
    };
  }

  /** What it can do. */
  List<String> passes() {
    return switch (this) {
      case ONNX_RUNTIME -> List.of(StepRun.FEATURES);
      case PYTORCH_TUNED_FROZEN, GRAFT_PRETRAINING_STEP, GRAFT_PRETRAINING -> List.of(StepRun.STEP);
      default -> List.of(StepRun.FEATURES, StepRun.STEP);
    };
  }

  /** The form of the file that it reads; those that read none do not care. */
  NormForm norms() {
    return switch (this) {
      case GRAFT_BF16_BATCH_NORM, GRAFT_PRETRAINING_STEP, GRAFT_PRETRAINING -> NormForm.BATCH_NORM;
      default -> NormForm.FOLDED;
    };
  }
}
