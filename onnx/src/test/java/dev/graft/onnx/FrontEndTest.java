package dev.graft.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.onnx.Reference.Feed;
import dev.graft.onnx.frontend.FrontEnd;
import dev.graft.onnx.frontend.LogMel;
import dev.graft.onnx.frontend.SoundInput;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What all front ends have in common; their values are held in {@code engine}. */
final class FrontEndTest {
  static List<String> names() {
    return FrontEnd.names();
  }

  private static float[] run(OnnxModel model, Feed waveform) {
    return Reference.run(model, Map.of(FrontEnd.WAVEFORM, waveform)).get(0);
  }

  @Test
  void named_unknownName_isRefusedWithTheNames() {
    assertThat(FrontEnd.named("ast/1")).isSameAs(FrontEnd.AST);
    assertThatThrownBy(() -> FrontEnd.named("ast"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "there is no front end ast: choose one of google-speech-embedding/1, open-wake-word/1,"
                + " ast/1, whisper/1, log-mel/1");
  }

  @ParameterizedTest
  @MethodSource("names")
  void forRunningSound_anyName_isAnotherForOpenWakeWordAlone(String name) {
    assertThat(FrontEnd.named(name).forRunningSound())
        .isEqualTo(
            name.equals("open-wake-word/1")
                ? Optional.of(FrontEnd.SPEECH_EMBEDDING)
                : Optional.empty());
  }

  @ParameterizedTest
  @MethodSource("names")
  void model_anyName_isACheckedGraphOfPlainOperators(String name) {
    FrontEnd frontEnd = FrontEnd.named(name);
    OnnxModel model = frontEnd.model(OptionalInt.of(16_000));
    OnnxModel read = OnnxModel.parse(model.toBytes(), name);
    assertThat(read.graph().nodes()).allMatch(FrontEndNodes::contains);
    assertThat(FrontEndNodes.read(read.graph(), FrontEnd.WAVEFORM)).isTrue();
    assertThat(read.opset()).isEqualTo(18);
    assertThat(ShapeInference.of(read.graph()).facts(FrontEnd.LOG_MEL).dimensions())
        .containsExactly(TensorFacts.UNKNOWN, frontEnd.frames(16_000), frontEnd.bands());
    assertThat(InputKind.detect(read)).isEqualTo(InputKind.WAVEFORM);
    assertThat(SoundInput.of(read)).contains(new SoundInput(name, 16_000, OptionalInt.of(16_000)));
    assertThat(frontEnd.describe())
        .startsWith(name + ": 16000 Hz, frames of 400 samples every 160");
    assertThat(frontEnd.reference()).isNotBlank();
  }

  @ParameterizedTest
  @MethodSource("names")
  void layers_anyName_nothingTrains(String name) {
    OnnxModel model = FrontEnd.named(name).model(OptionalInt.empty());
    assertThat(Layers.trainableTensors(model)).isEmpty();
    assertThat(Layers.blocks(model)).isEmpty();
    assertThat(model.withHalfWeights().toBytes()).isEqualTo(model.toBytes());
  }

  @ParameterizedTest
  @MethodSource("names")
  void forTraining_anyName_changesNothing(String name) {
    OnnxModel model = FrontEnd.named(name).model(OptionalInt.of(8_000));
    GraphPreparation.Outcome prepared = GraphPreparation.forTraining().attempt(model);
    assertThat(prepared.problem()).isEmpty();
    assertThat(prepared.model().toBytes()).isEqualTo(model.toBytes());
  }

  @ParameterizedTest
  @MethodSource("names")
  void upgradeTo_newerOperatorSet_keepsTheMarks(String name) {
    OnnxModel model = FrontEnd.named(name).model(OptionalInt.of(4_000));
    assertThat(model.upgradeTo(24).graph().nodes()).allMatch(FrontEndNodes::contains);
  }

  // Whisper's and openWakeWord's floors follow the largest value of an example, not of the batch.
  @ParameterizedTest
  @MethodSource("names")
  void run_batch_doesNotMixExamples(String name) {
    OnnxModel model = FrontEnd.named(name).model(OptionalInt.empty());
    float[] loud = Feed.random(1, 1, 3_000).floats();
    float[] quiet = Feed.random(2, 1, 3_000).floats();
    for (int i = 0; i < quiet.length; i++) {
      quiet[i] *= i < 1_500 ? 1e-3f : 0;
    }
    float[] both = Arrays.copyOf(loud, 6_000);
    System.arraycopy(quiet, 0, both, 3_000, 3_000);
    float[] alone = run(model, Feed.of(quiet, 1, 3_000));
    float[] together = run(model, Feed.of(both, 2, 3_000));
    assertThat(Arrays.copyOfRange(together, alone.length, 2 * alone.length))
        .usingComparatorWithPrecision(1e-6f)
        .containsExactly(alone);
  }

  @ParameterizedTest
  @CsvSource({
    "google-speech-embedding/1, 400, 98",
    "open-wake-word/1, 512, 97",
    "ast/1, 400, 98",
    "whisper/1, 201, 100",
    "log-mel/1, 400, 98"
  })
  void frames_anyNumberOfSamples_areThoseOfTheGraph(String name, int least, int ofOneSecond) {
    FrontEnd frontEnd = FrontEnd.named(name);
    assertThat(frontEnd.leastSamples()).isEqualTo(least);
    assertThat(frontEnd.frames(16_000)).isEqualTo(ofOneSecond);
    OnnxModel open = frontEnd.model(OptionalInt.empty());
    for (int samples : new int[] {least, 719, 720, 721, 3_333}) {
      int values = run(open, Feed.random(3, 1, samples)).length;
      assertThat(values).isEqualTo(frontEnd.frames(samples) * frontEnd.bands());
    }
    for (int frames : new int[] {2, 76, 1_024}) {
      int samples = frontEnd.samplesFor(frames);
      assertThat(frontEnd.frames(samples)).isEqualTo(frames);
      assertThat(frontEnd.frames(samples - 1)).isEqualTo(frames - 1);
    }
  }

  @Test
  void model_tooFewSamples_isRefused() {
    assertThatThrownBy(() -> FrontEnd.OPEN_WAKE_WORD.model(OptionalInt.of(511)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the front end open-wake-word/1 needs at least 512 samples but is given 511");
  }

  // A tone of 1,000 Hz, whose bin is number 32 of 512 at 16 kHz.
  @Test
  void logMel_tone_isLoudestInTheBandAroundIt() {
    LogMel parameters = LogMel.SPEECH.withBands(20).withRange(100, 8_000);
    OnnxModel model = FrontEnd.logMel(parameters).model(OptionalInt.of(400));
    float[] tone = new float[400];
    for (int i = 0; i < tone.length; i++) {
      tone[i] = (float) Math.sin(2 * Math.PI * 1_000 * i / 16_000);
    }
    float[] bands = run(model, Feed.of(tone, 1, 400));
    int loudest = 0;
    for (int band = 0; band < bands.length; band++) {
      loudest = bands[band] > bands[loudest] ? band : loudest;
    }
    double low = 1_127 * Math.log1p(100 / 700.0);
    double step = (1_127 * Math.log1p(8_000 / 700.0) - low) / 21;
    assertThat(loudest)
        .isEqualTo((int) Math.round((1_127 * Math.log1p(1_000 / 700.0) - low) / step) - 1);
  }

  @Test
  void logMel_otherParameters_areOtherFrontEndsOfOneName() {
    FrontEnd wide = FrontEnd.logMel(LogMel.SPEECH.withBands(64));
    assertThat(wide.name()).isEqualTo("log-mel/1");
    assertThat(wide).isNotEqualTo(FrontEnd.LOG_MEL_OF_SPEECH);
    assertThat(wide).isEqualTo(FrontEnd.logMel(LogMel.SPEECH.withBands(64)));
    assertThat(wide).hasSameHashCodeAs(FrontEnd.logMel(LogMel.SPEECH.withBands(64)));
  }

  @Test
  void logMel_outOfRange_isRefused() {
    assertThatThrownBy(() -> new LogMel(500, 400, 160, 512, 40, 60, 200))
        .hasMessage(
            "the rate of a log-mel spectrogram must be 1000 to 192000 samples a second but is 500");
    assertThatThrownBy(() -> new LogMel(16_000, 600, 160, 512, 40, 60, 200))
        .hasMessageContaining("frame")
        .hasMessageContaining("16 to fft samples but is 600");
    assertThatThrownBy(() -> new LogMel(16_000, 400, 0, 512, 40, 60, 200))
        .hasMessageContaining("hop")
        .hasMessageContaining("1 to frame samples but is 0");
    assertThatThrownBy(() -> new LogMel(16_000, 400, 160, 510, 40, 60, 200))
        .hasMessageContaining("a multiple of 4 up to 4096 but is 510");
    assertThatThrownBy(() -> LogMel.SPEECH.withRange(300, 200))
        .hasMessageContaining("lowest")
        .hasMessageContaining("but is 300.0");
    assertThatThrownBy(() -> LogMel.SPEECH.withRange(Double.NaN, 200))
        .hasMessageContaining("lowest")
        .hasMessageContaining("but is NaN");
    assertThatThrownBy(() -> LogMel.SPEECH.withRange(60, 8_001))
        .hasMessageContaining("at most half the rate but is 8001.0");
    assertThatThrownBy(() -> LogMel.SPEECH.withBands(0)).hasMessageContaining("1 to 256 but is 0");
    assertThatThrownBy(() -> LogMel.SPEECH.withBands(200))
        .hasMessageContaining("few enough that each holds a bin")
        .hasMessageContaining("but is 200");
  }

  @Test
  void soundInput_metadataThatAreNone_areNotBelieved() {
    OnnxModel model = FrontEnd.AST.model(OptionalInt.empty());
    assertThat(SoundInput.of(model)).contains(new SoundInput("ast/1", 16_000, OptionalInt.empty()));
    assertThat(SoundInput.of(model.withMetadata(Map.of()))).isEmpty();
    for (String rate : List.of("", "0", "-16000", "16k", "999999", "99999999999")) {
      Map<String, String> notes =
          Map.of(SoundInput.METADATA_FRONT_END, "ast/1", SoundInput.METADATA_RATE, rate);
      assertThat(SoundInput.of(model.withMetadata(notes))).as(rate).isEmpty();
    }
  }
}
