package dev.graft.benchmarks;

import dev.graft.onnx.ModelSummary;
import dev.graft.onnx.OnnxModel;
import dev.graft.zoo.architecture.ImageTask;
import dev.graft.zoo.architecture.NormForm;
import dev.graft.zoo.architecture.ResNet;
import dev.graft.zoo.architecture.VisionTransformer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The networks whose passes are measured. */
enum StepNetwork {
  /** The published file; its batch norms are folded. */
  MOBILENETV2("mobilenetv2") {
    @Override
    OnnxModel model(NormForm norms, ImageTask task) {
      return OnnxModel.read(SharedMaterial.model(SharedMaterial.LARGE_BACKBONE));
    }
  },
  RESNET18("resnet18") {
    @Override
    OnnxModel model(NormForm norms, ImageTask task) {
      return ResNet.RESNET_18.build(task, norms, SEED);
    }
  },
  RESNET50("resnet50") {
    @Override
    OnnxModel model(NormForm norms, ImageTask task) {
      return ResNet.RESNET_50.build(task, norms, SEED);
    }
  },
  /** ViT-S/16. */
  VIT_S("vit-s") {
    @Override
    OnnxModel model(NormForm norms, ImageTask task) {
      return VisionTransformer.small().build(task, SEED);
    }
  },
  /** The bundled backbone's network, as it is pre-trained. */
  PHOTO_SMALL("photo-small") {
    @Override
    OnnxModel model(NormForm norms, ImageTask task) {
      return ResNet.RESNET_18
          .withChannels(List.of(32, 64, 128, 256))
          .forSmallImages()
          .build(task, norms, SEED);
    }
  };

  private static final long SEED = 1;

  private final String id;

  StepNetwork(String id) {
    this.id = id;
  }

  static StepNetwork named(String id) {
    return Arrays.stream(values())
        .filter(network -> network.id.equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no network is " + id));
  }

  /** What it is measured at. */
  ImageTask task() {
    return this == PHOTO_SMALL ? ImageTask.of(64, 200) : ImageTask.IMAGENET;
  }

  /** How it is chosen on the command line. */
  String id() {
    return id;
  }

  /**
   * The network.
   *
   * @param norms how batch normalisation stands in it, where it has any and is not a published file
   */
  abstract OnnxModel model(NormForm norms, ImageTask task);

  /** Whether there is a file of its own with batch norms. */
  boolean hasBatchNorms() {
    return this == RESNET18 || this == RESNET50 || this == PHOTO_SMALL;
  }

  /** The file, written if it is not there. */
  Path file(Path folder, NormForm norms) {
    String name = norms == NormForm.BATCH_NORM && hasBatchNorms() ? id + "-batch-norm" : id;
    Path file = folder.resolve(name + ".onnx");
    if (!Files.exists(file)) {
      model(norms, task()).write(file);
    }
    return file;
  }

  /** Multiply-adds of convolutions and matrix products of a forward pass of one image. */
  double multiplyAdds() {
    OnnxModel model = model(NormForm.FOLDED, task());
    String input = model.graph().inputs().get(0).name();
    int side = task().side().getAsInt();
    return ModelSummary.of(model, Map.of(input, new long[] {1, 3, side, side}))
        .multiplyAdds()
        .orElseThrow();
  }
}
