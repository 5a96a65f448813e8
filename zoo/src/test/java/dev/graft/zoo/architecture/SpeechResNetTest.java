package dev.graft.zoo.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.graft.onnx.Block;
import dev.graft.onnx.FrontEndNodes;
import dev.graft.onnx.HeadFinder;
import dev.graft.onnx.Layers;
import dev.graft.onnx.LinearHead;
import dev.graft.onnx.ModelSummary;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.frontend.FrontEnd;
import dev.graft.onnx.frontend.SoundInput;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SpeechResNetTest {
  private static final SoundTask SECOND = SoundTask.of(16_000, 10);
  private static final SpeechResNet NARROW =
      SpeechResNet.SPEECH.withChannels(List.of(8, 8, 16, 16));

  private static float[][] logits(OnnxModel model, float[] waveform, long rows)
      throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(model.toBytes());
        var tensor =
            ai.onnxruntime.OnnxTensor.createTensor(
                environment,
                FloatBuffer.wrap(waveform),
                new long[] {rows, waveform.length / rows});
        OrtSession.Result result = session.run(Map.of(FrontEnd.WAVEFORM, tensor))) {
      return (float[][]) result.get(0).getValue();
    }
  }

  private static float[] noise(int samples) {
    SplittableRandom random = new SplittableRandom(4);
    float[] values = new float[samples];
    for (int i = 0; i < samples; i++) {
      values[i] = (float) (0.1 * random.nextGaussian());
    }
    return values;
  }

  @Test
  void named_anySpelling_isTheSoundArchitecture() {
    assertThat(SoundArchitecture.names()).containsExactly("speech-resnet");
    assertThat(SoundArchitecture.named("Speech_ResNet")).isSameAs(SpeechResNet.SPEECH);
    assertThat(Architecture.names()).contains("resnet-18", "speech-resnet");
    assertThat(SpeechResNet.SPEECH.describe())
        .startsWith("speech ResNet of 7 blocks with 24, 32, 64, 128 channels")
        .contains("log-mel/1: 16000 Hz");
    assertThat(SpeechResNet.SPEECH.reference()).contains("https://arxiv.org/abs/");
  }

  @Test
  void named_otherInput_isRefusedWithTheNames() {
    assertThatThrownBy(() -> SoundArchitecture.named("resnet-18"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the architecture resnet-18 does not take sound: choose one of speech-resnet");
    assertThatThrownBy(() -> ImageArchitecture.named("speech-resnet"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "the architecture speech-resnet does not take images: choose one of resnet-18,");
  }

  @Test
  void build_published_isSmallInHalfPrecision() {
    OnnxModel model = SpeechResNet.SPEECH.build(SoundTask.of(16_000, 1_000), 1);
    ModelSummary summary = ModelSummary.of(model);
    assertThat(summary.trainableCount()).isBetween(500_000L, 1_800_000L);
    assertThat(summary.multiplyAdds().orElseThrow()).isLessThan(120_000_000);
    // The Fourier kernels are computed when the file is loaded, so that it does not hold them.
    assertThat(model.withHalfWeights().toBytes().length).isLessThan(3_000_000);
    assertThat(SoundInput.of(model))
        .contains(new SoundInput("log-mel/1", 16_000, OptionalInt.of(16_000)));
  }

  @Test
  void build_anyTask_onlyTheEncoderTrains() {
    OnnxModel model = NARROW.build(SECOND, 1);
    assertThat(Layers.trainableTensors(model))
        .contains("bn0.weight", "conv1.weight", "layer4.1.bn2.bias", "fc.weight")
        .noneMatch(name -> name.startsWith(FrontEndNodes.PREFIX));
    List<Block> blocks = Layers.blocks(model);
    assertThat(blocks.stream().map(Block::name))
        .containsExactly(
            "bn0",
            "layer1.0",
            "layer2.0",
            "layer2.1",
            "layer3.0",
            "layer3.1",
            "layer4.0",
            "layer4.1",
            "conv2");
    assertThat(blocks.get(0).inputTensor()).isEqualTo("Transpose_0");
    assertThat(HeadFinder.find(model, Optional.empty(), OptionalInt.empty()))
        .isInstanceOfSatisfying(
            LinearHead.class,
            head -> {
              assertThat(head.features()).isEqualTo(64);
              assertThat(head.weightName()).isEqualTo("fc.weight");
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 4_001, 16_000, 48_000})
  void build_anyLength_carriesSignals(int samples) throws OrtException {
    OnnxModel open = NARROW.build(SoundTask.ofAnyLength(10), 3);
    OnnxModel fixed = NARROW.build(SoundTask.of(samples, 10), 3);
    float[][] logits = logits(open, noise(2 * samples), 2);
    assertThat(logits).hasDimensions(2, 10);
    assertThat(logits[0]).isNotEqualTo(logits[1]);
    double squares = 0;
    for (float value : logits[0]) {
      squares += (double) value * value;
    }
    assertThat(Math.sqrt(squares / 10)).isBetween(1e-2, 1e2);
    assertThat(logits(fixed, noise(2 * samples), 2)[1])
        .usingComparatorWithPrecision(1e-4f)
        .containsExactly(logits[1]);
  }

  @Test
  void build_otherFrontEnd_isBehindIt() throws OrtException {
    OnnxModel model = NARROW.behind(FrontEnd.WHISPER).build(SECOND, 3);
    assertThat(SoundInput.of(model).orElseThrow().frontEnd()).isEqualTo("whisper/1");
    assertThat(logits(model, noise(16_000), 1)).hasDimensions(1, 10);
  }

  @Test
  void build_sameSeed_givesTheSameBytes() {
    byte[] first = NARROW.build(SECOND, 5).toBytes();
    assertThat(NARROW.build(SECOND, 5).toBytes()).isEqualTo(first);
    assertThat(Arrays.equals(NARROW.build(SECOND, 6).toBytes(), first)).isFalse();
  }

  @Test
  void new_outOfRange_isRefused() {
    assertThatThrownBy(() -> SpeechResNet.SPEECH.withChannels(List.of(8, 8, 8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a residual network of speech needs at least 1 block in each of 4 stages and as many"
                + " widths of 1 to 4096 but has [1, 2, 2, 2] blocks and widths [8, 8, 8]");
    assertThatThrownBy(() -> SpeechResNet.SPEECH.withWidthTimes(5)).hasMessageContaining("is 5.0");
    assertThatThrownBy(() -> SoundTask.of(0, 10))
        .hasMessage(
            "a task needs at least 1 sample and 2 classes but has 0 samples and 10 classes");
    assertThatThrownBy(() -> NARROW.build(SoundTask.of(399, 10), 1))
        .hasMessage("the front end log-mel/1 needs at least 400 samples but is given 399");
  }
}
