package dev.graft.transfer.explanation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.data.DataException;
import dev.graft.data.DatasetKind;
import dev.graft.data.ExampleSource;
import dev.graft.data.image.PixelImage;
import dev.graft.runtime.Predictor;
import dev.graft.transfer.ToyTones;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.TransferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A trained model of sound explained from its folder alone. */
class SoundExplainerTest {
  @TempDir static Path folder = Path.of(".");
  private static Path model = Path.of(".");

  @BeforeAll
  static void train() {
    model = folder.resolve("model");
    ToyTones.train(folder).save(model);
  }

  private static ExampleSource recording(String name, float[] samples) {
    return ToyTones.write(folder.resolve("given/" + name + ".wav"), samples);
  }

  private static Explanation explain(ExampleSource source) {
    try (Explainer explainer = Explainer.load(model, ExplanationOptions.defaults())) {
      return explainer.explain(source, "given", TrainingListener.SILENT);
    }
  }

  /** Where a map is highest must be where the tone sounds that decides, and at its pitch. */
  @ParameterizedTest
  @CsvSource({
    "low, 400, 0.1, 0.65",
    "low, 400, 0.65, 0.1",
    "high, 3500, 0.1, 0.65",
    "high, 3500, 0.7, 0.2"
  })
  void explain_toneThatDecides_isMarkedByBothMaps(
      String label, double hertz, double decidesAt, double idleAt) {
    String name = label + decidesAt;
    Explanation explanation =
        explain(recording(name, ToyTones.sound(hertz, decidesAt, idleAt, 77)));
    assertThat(explanation.label()).isEqualTo(label);
    HeatGrid cam = ((ClassActivation.Found) explanation.activation()).map();
    assertThat(cam.rows()).isEqualTo(10);
    assertThat(cam.columns()).isEqualTo(24);
    ExplainedSound sound = (ExplainedSound) explanation.input();
    for (HeatGrid map : new HeatGrid[] {cam, explanation.occlusion().drops()}) {
      double time = sound.seconds(map.horizontal().centre(map.highestPlace() % map.columns()));
      double pitch = sound.pitch().hertz(map.vertical().centre(map.highestPlace() / map.columns()));
      assertThat(time).isBetween(decidesAt - 0.03, decidesAt + ToyTones.TONE_SECONDS + 0.03);
      assertThat(pitch).isBetween(hertz / 1.6, hertz * 1.6);
    }
    assertThat(explanation.deletion().after())
        .isLessThan(explanation.deletion().meanElsewhere())
        .isLessThan(explanation.deletion().before());
    assertThat(explanation.deletion().elsewhere()).hasSize(15);
    assertThat(explanation.neighbours()).hasSize(3);
    assertThat(explanation.neighbours().get(0).label()).isEqualTo(label);
  }

  @Test
  void explain_recording_tellsWhatThePredictorSaysAndWhatIsHeard() {
    ExampleSource source = recording("plain", ToyTones.sound(400, 0.1, 0.65, 5));
    Explanation explanation = explain(source);
    try (Predictor predictor = Predictor.load(model)) {
      assertThat(explanation.probability())
          .isEqualTo(predictor.predict(folder.resolve("given/plain.wav")).probability());
    }
    ExplainedSound sound = (ExplainedSound) explanation.input();
    assertThat(sound.seconds(0)).isZero();
    assertThat(sound.seconds(1)).isEqualTo(1);
    // The outer edges of the lowest and highest of 40 bands, of which triangles overlap by half.
    assertThat(sound.pitch().lowestHertz()).isCloseTo(60, within(40.0));
    assertThat(sound.pitch().highestHertz()).isCloseTo(7_600, within(400.0));
    PixelImage picture = explanation.picture();
    assertThat(picture.width()).isBetween(1_000, 1_300);
    assertThat(picture.rgb()).isEqualTo(explain(source).picture().rgb());
  }

  @Test
  void explain_shortRecording_liesInTheMiddleOfItsWindow() {
    float[] half = new float[ToyTones.RATE / 2];
    System.arraycopy(ToyTones.sound(3_500, 0.1, 0.6, 6), 0, half, 0, half.length);
    Explanation explanation = explain(recording("half", half));
    ExplainedSound sound = (ExplainedSound) explanation.input();
    assertThat(sound.recordingSeconds()).isEqualTo(0.5);
    assertThat(sound.seconds(0)).isEqualTo(-0.25);
    HeatGrid map = ((ClassActivation.Found) explanation.activation()).map();
    assertThat(sound.seconds(map.horizontal().centre(map.highestPlace() % map.columns())))
        .isBetween(0.07, 0.33);
  }

  @Test
  void explain_longRecording_explainsTheWindowThatSaysTheClassMost() {
    float[] all = new float[4 * ToyTones.RATE];
    for (int second = 0; second < 4; second++) {
      float[] part = ToyTones.sound(second == 2 ? 3_500 : 400, 0.4, 0.1, second);
      System.arraycopy(part, 0, all, second * ToyTones.RATE, part.length);
    }
    ExampleSource source = recording("long", all);
    try (Explainer explainer = Explainer.load(model, ExplanationOptions.defaults())) {
      Explanation explanation = explainer.explain(source, "long", "high", TrainingListener.SILENT);
      assertThat(explanation.label()).isEqualTo("high");
      assertThat(explanation.prediction().label()).isEqualTo("low");
      ExplainedSound sound = (ExplainedSound) explanation.input();
      assertThat(sound.recordingSeconds()).isEqualTo(4);
      assertThat(sound.seconds(0)).isBetween(1.5, 2.4);
      assertThat(explanation.occlusion().before()).isGreaterThan(explanation.probability());
    }
  }

  @Test
  void explain_unusableRequests_areRefusedByName() throws IOException {
    Path noSound = Files.writeString(folder.resolve("notes.wav"), "no sound");
    try (Explainer explainer = Explainer.load(model, ExplanationOptions.defaults())) {
      assertThat(explainer.kind()).isEqualTo(DatasetKind.AUDIO);
      assertThatThrownBy(
              () ->
                  explainer.explain(
                      new ExampleSource.FileSource(noSound), "notes", TrainingListener.SILENT))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("notes.wav");
      assertThatThrownBy(
              () -> explainer.explain(new PixelImage(1, 1, new byte[3]), TrainingListener.SILENT))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("it is image, but the model");
      ExampleSource source = recording("some", ToyTones.sound(400, 0.1, 0.65, 5));
      assertThatThrownBy(() -> explainer.explain(source, "some", "middle", TrainingListener.SILENT))
          .isInstanceOf(TransferException.class)
          .hasMessageContaining("no such class; it knows high, low");
    }
  }
}
