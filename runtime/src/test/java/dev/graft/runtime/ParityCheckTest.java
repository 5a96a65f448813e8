package dev.graft.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.data.image.PixelImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParityCheckTest {

  @TempDir Path folder = Path.of(".");
  private GoldenExamples golden =
      new GoldenExamples(
          0.1, List.of(GoldenExample.of("x", grey(1), new float[] {0, 0}, new float[] {1, 0})));

  @BeforeEach
  void writeBundle() throws IOException {
    golden = TestBundles.golden(TestBundles.write(folder));
    golden.write(examples());
  }

  // --- golden examples on disk ---------------------------------------------------------------

  @Test
  void write_thenRead_givesTheSameValuesAndPixels() {
    GoldenExamples read = GoldenExamples.read(examples());
    assertThat(read.tolerance()).isEqualTo(GoldenExamples.TOLERANCE_FP32);
    assertThat(read.examples()).hasSize(2);
    for (int i = 0; i < 2; i++) {
      GoldenExample expected = golden.examples().get(i);
      GoldenExample found = read.examples().get(i);
      assertThat(found.name()).isEqualTo(expected.name());
      assertThat(found.input().bytes()).isEqualTo(expected.input().bytes());
      assertThat(pixels(found).rgb()).isEqualTo(pixels(expected).rgb());
      for (int k = 0; k < 3; k++) {
        assertThat(found.logits().get(k).floatValue())
            .isEqualTo(expected.logits().get(k).floatValue());
        assertThat(found.probabilities().get(k).floatValue())
            .isEqualTo(expected.probabilities().get(k).floatValue());
      }
    }
  }

  @Test
  void write_twice_givesEqualBytes() throws IOException {
    Path again = folder.resolve("again");
    golden.write(again);
    for (String file : List.of("000.png", "001.png", "expected.json")) {
      assertThat(again.resolve(file)).hasSameBinaryContentAs(examples().resolve(file));
    }
    try (var files = Files.list(again)) {
      assertThat(files).hasSize(3);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"000.png\"|\"../../secret.png\"|is no PNG, WAV or text file in the same folder",
        "\"000.png\"|\"/etc/passwd\"|is no PNG, WAV or text file in the same folder",
        "\"000.png\"|\"007.png\"|its input 007.png cannot be used",
        "\"000.png\"|7|is no PNG, WAV or text file in the same folder",
        "\"examples\"|\"other\"|is no list",
        "\"tolerance\" : 0.001|\"tolerance\" : 5|tolerance is 5.0",
        "\"tolerance\" : 0.001|\"x\" : 5|tolerance is 0.0",
        "\"logits\" : [ |\"logits\" : [ \"a\", |which is no number",
        "\"logits\" : [ |\"logits\" : [ 1.0, |4 logits and 3 probabilities",
      })
  void read_changedExpectations_areRefused(String from, String to, String reason)
      throws IOException {
    change(from, to);
    assertThatThrownBy(() -> GoldenExamples.read(examples()))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining(examples().resolve("expected.json").toString())
        .hasMessageContaining(reason);
  }

  @Test
  void read_missingFolder_saysWhatToDo() {
    assertThatThrownBy(() -> GoldenExamples.read(folder.resolve("nowhere")))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("expected.json is missing; train again");
  }

  @Test
  void read_damagedInput_isNamed() throws IOException {
    Path input = examples().resolve("001.png");
    byte[] png = Files.readAllBytes(input);
    Files.write(input, Arrays.copyOf(png, png.length / 2));
    assertThatThrownBy(() -> GoldenExamples.read(examples()))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("its input 001.png cannot be used");
  }

  @Test
  void construct_noExamples_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GoldenExamples(0.001, List.of()))
        .withMessageContaining("has 0 entries; expected 1 to 1000");
  }

  @Test
  void construct_valueThatIsNoNumber_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> GoldenExample.of("x", grey(1), new float[] {0, Float.NaN}, new float[] {1, 0}))
        .withMessageContaining("golden example x holds a value that is not finite");
  }

  // --- the check -----------------------------------------------------------------------------

  @Test
  void run_untouchedBundle_reportsNoDifference() {
    ParityReport report = ParityCheck.run(folder);
    assertThat(report.exampleCount()).isEqualTo(2);
    assertThat(report.largestDifference()).isLessThan(1e-6);
    assertThat(report.largestLogitDifference()).isLessThan(1e-5);
    assertThat(report.tolerance()).isEqualTo(1e-3);
  }

  @Test
  void run_withinTolerance_reportsTheLargestDifferenceAndItsExample() {
    shiftedBy(0.0008f).write(examples());
    ParityReport report = ParityCheck.run(folder);
    assertThat(report.largestDifference()).isBetween(0.00079, 0.00081);
    assertThat(report.largestDifferenceExample()).isEqualTo("test/blue/zweites Bild.png");
  }

  @Test
  void run_beyondTolerance_namesExampleClassAndValues() {
    shiftedBy(0.0012f).write(examples());
    assertThatThrownBy(() -> ParityCheck.run(folder))
        .isInstanceOf(ParityException.class)
        .hasMessageContaining(folder.resolve("model.onnx").toString())
        .hasMessageContaining("golden example test/blue/zweites Bild.png")
        .hasMessageContaining("gives \"green\" the probability")
        .hasMessageContaining("within 0.001")
        .hasMessageContaining("do not use this bundle");
  }

  @Test
  void run_modelWithOtherWeights_fails() throws IOException {
    Files.write(
        folder.resolve("model.onnx"),
        TestModels.classifier(8, 6, new float[] {10, 0, 0, 0, 9, 0, 0, 0, 10}, new float[3])
            .build()
            .toByteArray());
    assertThatThrownBy(() -> ParityCheck.run(folder)).isInstanceOf(ParityException.class);
  }

  @Test
  void run_modelThatGivesNoNumbers_fails() throws IOException {
    float[] weight = new float[9];
    Arrays.fill(weight, Float.NaN);
    Files.write(
        folder.resolve("model.onnx"),
        TestModels.classifier(8, 6, weight, new float[3]).build().toByteArray());
    assertThatThrownBy(() -> ParityCheck.run(folder))
        .isInstanceOf(ParityException.class)
        .hasMessageContaining("the probability NaN");
  }

  @Test
  void run_examplesOfAnotherBundle_areRefused() {
    new GoldenExamples(
            0.001, List.of(GoldenExample.of("other", grey(2), new float[2], new float[2])))
        .write(examples());
    assertThatThrownBy(() -> ParityCheck.run(folder))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("golden example other")
        .hasMessageContaining("has 2 probabilities, but the bundle has 3 labels");
  }

  private static ModelInput grey(int side) {
    return new ModelInput.Pixels(TestBundles.plain(side, side, 0, 0, 0));
  }

  private static PixelImage pixels(GoldenExample example) {
    return ((ModelInput.Pixels) example.input()).image();
  }

  /** The second example's second probability moved. */
  private GoldenExamples shiftedBy(float shift) {
    GoldenExample first = golden.examples().get(0);
    GoldenExample second = golden.examples().get(1);
    List<Double> moved = new ArrayList<>(second.probabilities());
    moved.set(1, moved.get(1) + shift);
    return new GoldenExamples(
        golden.tolerance(),
        List.of(first, new GoldenExample(second.name(), second.input(), second.logits(), moved)));
  }

  private void change(String from, String to) throws IOException {
    Path expected = examples().resolve("expected.json");
    String text = Files.readString(expected);
    assertThat(text).contains(from);
    Files.writeString(expected, text.replace(from, to));
  }

  private Path examples() {
    return folder.resolve("examples");
  }
}
