import ai.djl.Device;
import ai.djl.Model;
import ai.djl.basicmodelzoo.cv.classification.MobileNetV2;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.graft.benchmarks.StepClock;
import java.util.List;

/**
 * Measures DJL with its PyTorch engine, as it comes, for {@code benchmarks/run steps}: {@code djl
 * NETWORK FILE BATCH SECONDS PASSES}. MobileNetV2 is that of its own zoo. The residual networks are
 * built here of its layers, because the zoo's ResNet-18 has 1.4 million weights and not 11.7. The
 * file is not read. Its features are the logits: one small matrix product more.
 */
public final class DjlSteps {
  private static final int IMAGENET_CLASSES = 1000;
  private static final int IMAGENET_SIDE = 224;
  private static final String PHOTO_SMALL = "photo-small";

  private DjlSteps() {}

  /** Measures and prints. */
  public static void main(String[] arguments) {
    int batch = Integer.parseInt(arguments[3]);
    StepClock clock = new StepClock(System.out, Double.parseDouble(arguments[4]));
    List<String> passes = List.of(arguments[5].split(","));
    boolean small = arguments[1].equals(PHOTO_SMALL);
    int side = small ? 64 : IMAGENET_SIDE;
    int classes = small ? 200 : IMAGENET_CLASSES;
    Shape shape = new Shape(batch, 3, side, side);
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
            .optDevices(new Device[] {Device.cpu()})
            .optInitializer(new XavierInitializer(), Parameter.Type.WEIGHT)
            .optOptimizer(
                Optimizer.sgd()
                    .setLearningRateTracker(Tracker.fixed(1e-6f))
                    .optMomentum(0.9f)
                    .build());
    try (Model model = Model.newInstance(arguments[1], "PyTorch")) {
      model.setBlock(block(arguments[1]));
      try (Trainer trainer = model.newTrainer(config)) {
        trainer.initialize(shape);
        NDArray images = trainer.getManager().randomNormal(shape);
        NDArray labels =
            trainer.getManager().randomInteger(0, classes, new Shape(batch), DataType.INT64);
        if (passes.contains("features")) {
          clock.measure("features", batch, () -> evaluate(trainer, images));
        }
        if (passes.contains("step")) {
          clock.measure("step", batch, () -> step(trainer, images, labels));
        }
      }
    }
    System.exit(0);
  }

  private static Block block(String network) {
    return switch (network) {
      case "resnet18" -> resNet(false, 2, 2, 2, 2);
      case "resnet50" -> resNet(true, 3, 4, 6, 3);
      case PHOTO_SMALL ->
          classifier(
              stages(
                  normed(new SequentialBlock(), 32, 3, 2).add(Activation::relu),
                  32,
                  true,
                  false,
                  2,
                  2,
                  2,
                  2),
              200);
      case "mobilenetv2" -> MobileNetV2.builder().setOutSize(IMAGENET_CLASSES).build();
      default -> throw new IllegalArgumentException("DJL's zoo has no " + network);
    };
  }

  /** A residual network as torchvision builds it. */
  private static Block resNet(boolean bottlenecks, int... blocksOfStages) {
    SequentialBlock net =
        normed(new SequentialBlock(), 64, 7, 2)
            .add(Activation::relu)
            .add(Pool.maxPool2dBlock(new Shape(3, 3), new Shape(2, 2), new Shape(1, 1)));
    return classifier(
        stages(net, 64, false, bottlenecks, blocksOfStages), IMAGENET_CLASSES);
  }

  /** Adds the stages behind a stem; shortcuts average 2x2 places or leave three of four out. */
  private static SequentialBlock stages(
      SequentialBlock net,
      int channels,
      boolean averaged,
      boolean bottlenecks,
      int... blocksOfStages) {
    int from = channels;
    for (int stage = 0; stage < blocksOfStages.length; stage++) {
      int inner = channels << stage;
      int to = bottlenecks ? 4 * inner : inner;
      for (int i = 0; i < blocksOfStages[stage]; i++) {
        int stride = i == 0 && stage > 0 ? 2 : 1;
        net.add(residual(bottlenecks, averaged, inner, to, stride, from == to && stride == 1));
        net.add(Activation::relu);
        from = to;
      }
    }
    return net;
  }

  private static Block classifier(SequentialBlock net, int classes) {
    return net.add(Pool.globalAvgPool2dBlock())
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(classes).build());
  }

  private static Block residual(
      boolean bottlenecks, boolean averaged, int inner, int to, int stride, boolean identity) {
    SequentialBlock branch = new SequentialBlock();
    if (bottlenecks) {
      normed(branch, inner, 1, 1).add(Activation::relu);
      normed(branch, inner, 3, stride).add(Activation::relu);
      normed(branch, to, 1, 1);
    } else {
      normed(branch, inner, 3, stride).add(Activation::relu);
      normed(branch, to, 3, 1);
    }
    Block shortcut =
        identity ? Blocks.identityBlock() : shortcut(averaged && stride == 2, to, stride);
    return new ParallelBlock(
        both -> new NDList(both.get(0).singletonOrThrow().add(both.get(1).singletonOrThrow())),
        List.of(branch, shortcut));
  }

  private static Block shortcut(boolean averaged, int to, int stride) {
    SequentialBlock net = new SequentialBlock();
    return averaged
        ? normed(net.add(Pool.avgPool2dBlock(new Shape(2, 2), new Shape(2, 2))), to, 1, 1)
        : normed(net, to, 1, stride);
  }

  private static SequentialBlock normed(SequentialBlock net, int to, int kernel, int stride) {
    return net.add(
            Conv2d.builder()
                .setFilters(to)
                .setKernelShape(new Shape(kernel, kernel))
                .optStride(new Shape(stride, stride))
                .optPadding(new Shape(kernel / 2, kernel / 2))
                .optBias(false)
                .build())
        .add(BatchNorm.builder().build());
  }

  private static void evaluate(Trainer trainer, NDArray images) {
    try (NDManager scope = trainer.getManager().newSubManager()) {
      NDList input = new NDList(images.duplicate());
      input.attach(scope);
      NDList output = trainer.evaluate(input);
      output.attach(scope);
      requireFinite(output.singletonOrThrow().getFloat(0, 0));
    }
  }

  private static void step(Trainer trainer, NDArray images, NDArray labels) {
    try (NDManager scope = trainer.getManager().newSubManager();
        GradientCollector gradients = trainer.newGradientCollector()) {
      NDList input = new NDList(images.duplicate());
      input.attach(scope);
      NDList output = trainer.forward(input);
      NDArray loss = trainer.getLoss().evaluate(new NDList(labels), output);
      gradients.backward(loss);
      requireFinite(loss.getFloat());
      output.close();
      loss.close();
    }
    trainer.step();
  }

  private static void requireFinite(float value) {
    if (!Float.isFinite(value)) {
      throw new IllegalStateException(
          "the network gave " + value + ", expected a finite number");
    }
  }
}
