package dev.graft.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyntheticExamplesTest {
  @TempDir Path folder = Path.of(".");

  private static GoldenExamples replace(Path bundle) {
    GoldenExamples made = SyntheticExamples.of(Bundle.read(bundle), InferenceOptions.defaults());
    made.write(bundle.resolve(BundleLayout.EXAMPLES));
    return made;
  }

  @Test
  void of_imageBundle_proveTheModelAsItsOwnDo() throws IOException {
    Path bundle = TestBundles.write(folder);
    GoldenExamples made = replace(bundle);
    assertThat(made.examples()).hasSize(6);
    assertThat(ParityCheck.run(bundle).exampleCount()).isEqualTo(6);
    assertThat(made.examples().get(0).name()).isEqualTo("synthetic 1");
  }

  @Test
  void of_wakeWordBundle_proveTheStreamAsWell() throws IOException {
    Path bundle = WakeWordBundles.sliding(folder);
    replace(bundle);
    ParityReport report = ParityCheck.run(bundle);
    assertThat(report.largestDifference()).isLessThan(1e-3);
  }

  @Test
  void of_anotherModel_areRefusedByIt() throws IOException {
    Path bundle = TestBundles.write(folder);
    replace(bundle);
    float[] otherWeight = {0, 10, 0, 10, 0, 0, 0, 0, 10};
    Files.write(
        bundle.resolve(BundleLayout.MODEL),
        TestModels.classifier(4, 4, otherWeight, new float[] {0, 0, 0}).build().toByteArray());
    assertThatThrownBy(() -> ParityCheck.run(bundle))
        .isInstanceOf(ParityException.class)
        .hasMessageContaining("synthetic ");
  }

  @Test
  void of_sameBundleTwice_areTheSameBytes() throws IOException {
    Path bundle = TestBundles.write(folder);
    replace(bundle);
    Path expected = bundle.resolve(BundleLayout.EXAMPLES).resolve(BundleLayout.EXPECTED);
    byte[] first = Files.readAllBytes(expected);
    replace(bundle);
    assertThat(expected).hasBinaryContent(first);
  }
}
