package dev.graft.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.data.Dataset;
import dev.graft.data.audio.AudioAugmentation;
import dev.graft.data.audio.BackgroundSounds;
import dev.graft.data.image.Augmentation;
import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.FrontEndNodes;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.WeightLayer;
import dev.graft.runtime.Bundle;
import dev.graft.runtime.Modality;
import dev.graft.runtime.ParityReport;
import dev.graft.runtime.Predictor;
import dev.graft.runtime.TrainingNeighbour;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recordings through the whole of training, on a toy network that sees their spectrograms. */
final class SoundTransferTest {
  private static final SoundOptions PICTURES = SoundOptions.DEFAULTS.withPictures().withWindow(0.5);

  private final Path folder;

  SoundTransferTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private Backbone backbone() {
    return Backbone.load(ToyTask.backboneFile(folder), ToyTask.options().withSound(PICTURES));
  }

  private TransferLearning learning() {
    return TransferLearning.from(backbone()).seed(3).withoutCache();
  }

  @Test
  void fit_headOnSpectrograms_learnsAndTheFileHearsTheSame() {
    TrainedModel model =
        learning().strategy(new Strategy.HeadOnly()).fit(ToySounds.dataset(folder, 30, 20));

    // A guess is right for a third of the sixty.
    assertThat(model.record().test().orElseThrow().accuracy()).isGreaterThan(0.6);
    Path saved = folder.resolve("model");
    ParityReport parity = model.save(saved);
    assertThat(parity.largestDifference()).isLessThan(1e-3);
    Bundle bundle = Bundle.open(saved);
    assertThat(bundle.config().modality()).isEqualTo(Modality.AUDIO);
    assertThat(saved.resolve("examples/000.wav")).exists();
    try (Predictor predictor = Predictor.load(saved)) {
      int right = 0;
      for (int i = 0; i < 20; i++) {
        Path file = folder.resolve("sounds/test/clicks/" + i + ".wav");
        right += predictor.predict(file).label().equals("clicks") ? 1 : 0;
      }
      assertThat(right).isGreaterThanOrEqualTo(10);
      Path known = folder.resolve("sounds/train/clicks/3.wav");
      assertThat(predictor.neighbours(known, 5))
          .first()
          .satisfies(one -> assertThat(one.similarity()).isGreaterThan(0.99))
          .extracting(TrainingNeighbour::label)
          .isEqualTo("clicks");
    }
  }

  @Test
  void fit_allLayers_trainsTheNetworkButNotItsFrontEnd() {
    Backbone backbone = backbone();
    assertThat(dev.graft.onnx.Layers.of(backbone.trunk()))
        .flatExtracting(WeightLayer::tensors)
        .noneMatch(tensor -> tensor.name().startsWith(FrontEndNodes.PREFIX));

    TrainedModel model =
        learning()
            .strategy(new Strategy.HeadThenAll())
            .epochs(2)
            .fit(ToySounds.dataset(folder, 8, 4));

    OnnxModel trained = model.model();
    backbone
        .model()
        .graph()
        .initializers()
        .forEach(
            (name, tensor) -> {
              if (name.startsWith(FrontEndNodes.PREFIX)) {
                assertThat(
                        java.util.Objects.requireNonNull(trained.graph().initializers().get(name))
                            .data())
                    .isEqualTo(tensor.data());
              }
            });
    assertThat(model.record().backbone().trainedBlocks())
        .isNotEmpty()
        .noneMatch(block -> block.contains("frontend"));
  }

  @Test
  void fit_twice_sameModel() {
    Dataset dataset = ToySounds.dataset(folder, 10, 4);
    TransferLearning learning =
        learning()
            .strategy(new Strategy.HeadOnly())
            .augmentation(AudioAugmentation.parse("noise=10..20,shift=0.1,speed=0.1"))
            .views(3);
    assertThat(learning.fit(dataset).model().toBytes())
        .isEqualTo(learning.fit(dataset).model().toBytes());
  }

  @Test
  void fit_background_isMixedInAndRecorded() {
    Dataset dataset = ToySounds.dataset(folder, 8, 2);
    TransferLearning learning =
        learning()
            .strategy(new Strategy.HeadOnly())
            .augmentation(AudioAugmentation.parse("background=0..5@1"))
            .views(2);
    BackgroundSounds hiss = BackgroundSounds.in(folder.resolve("sounds/train/hiss"));
    TrainedModel with = learning.background(hiss).fit(dataset);
    assertThat(with.record().settings()).containsEntry("background", hiss.toString());
    assertThat(learning.fit(dataset).record().settings()).doesNotContainKey("background");
  }

  @Test
  void fit_otherKinds_areRefusedWithTheWayOut() {
    Dataset sounds = ToySounds.dataset(folder, 4, 2);
    assertThatThrownBy(() -> TransferLearning.from(ToyTask.backbone(folder)).fit(sounds))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("takes images, but the data are audio")
        .hasMessageContaining("--as-image");
    assertThatThrownBy(() -> learning().fit(ToyTask.dataset(folder, 4, 2)))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("takes recordings, but the data are image");
    assertThatThrownBy(() -> learning().augmentation(Augmentation.standard()).fit(sounds))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("is for image, but the data are audio");
  }

  @Test
  void load_encoderOfSpectrograms_needsItsFrontEnd() {
    Path file = folder.resolve("encoder.onnx");
    GraphBuilder.named("encoder")
        .input(
            "mel",
            ElementType.FLOAT,
            Dimension.named("N"),
            Dimension.of(20),
            Dimension.of(64),
            Dimension.of(1))
        .node("Relu", List.of("mel"), "out")
        .output(
            "out",
            ElementType.FLOAT,
            Dimension.named("N"),
            Dimension.of(20),
            Dimension.of(64),
            Dimension.of(1))
        .build(17)
        .write(file);
    assertThatThrownBy(() -> Backbone.load(file, BackboneOptions.defaults()))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("--front-end")
        .hasMessageContaining("whisper/1");
  }

  @Test
  void withWeightsOf_encoderWhosePoolingWasChosen_isNotPooledAgain() {
    Path file = ToyEncoder.write(folder.resolve("encoder.onnx"), 0);
    for (PoolingChoice pooling :
        List.of(PoolingChoice.CONCATENATED, PoolingChoice.MEAN, PoolingChoice.MEAN_AND_DEVIATION)) {
      Backbone backbone = Backbone.load(file, ToyEncoder.options().withPooling(pooling));
      Backbone fresh = backbone.withWeightsOf(backbone.model());
      assertThat(fresh.featureWidth()).isEqualTo(backbone.featureWidth());
      assertThat(fresh.featureTensor()).isEqualTo(backbone.featureTensor());
    }
  }

  @Test
  void load_encoderOfSpectrogramsByItsClassToken_isRefused() {
    Path file = ToyEncoder.write(folder.resolve("encoder.onnx"), 0);
    assertThatThrownBy(
            () -> Backbone.load(file, ToyEncoder.options().withPooling(PoolingChoice.CLASS_TOKEN)))
        .isInstanceOf(TransferException.class)
        .hasMessageContainingAll("class_token", "concatenated, mean or mean_and_deviation");
  }

  @Test
  void options_outOfRange_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SoundOptions.DEFAULTS.withWindow(0))
        .withMessageContaining("above 0 and at most 60 s");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SoundOptions.DEFAULTS.withFrontEnd("mfcc"))
        .withMessageContaining("there is no front end mfcc");
  }

  @Test
  void suggestedWindow_recordings_fitsNineOfTen() {
    assertThat(SuggestedWindow.of(ToySounds.dataset(folder, 20, 2)))
        .isEqualTo(OptionalDouble.of(1));
    assertThat(SuggestedWindow.of(ToyTask.dataset(folder, 2, 2))).isEmpty();
  }
}
