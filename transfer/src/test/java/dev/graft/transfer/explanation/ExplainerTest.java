package dev.graft.transfer.explanation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.graft.data.ExampleSource;
import dev.graft.data.image.ImageDecoder;
import dev.graft.data.image.ImagePreprocessing;
import dev.graft.data.image.PixelImage;
import dev.graft.data.image.Scaling;
import dev.graft.runtime.Predictor;
import dev.graft.transfer.ToyBundle;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.TransferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trained toy model explained from its folder alone. */
class ExplainerTest {
  @TempDir static Path folder = Path.of(".");
  private static Path model = Path.of(".");
  private static PixelImage image = new PixelImage(1, 1, new byte[3]);

  @BeforeAll
  static void train() {
    model = folder.resolve("model");
    ToyBundle.train(folder).save(model);
    Path file = folder.resolve("shapes/test/disc/image-0.png");
    image = new ImageDecoder().decode(new ExampleSource.FileSource(file).read(), "disc");
  }

  private static Explanation explain(PixelImage shown) {
    try (Explainer explainer = Explainer.load(model, ExplanationOptions.defaults())) {
      return explainer.explain(shown, TrainingListener.SILENT);
    }
  }

  @Test
  void explain_image_tellsWhatThePredictorSays() {
    Explanation explanation = explain(image);
    try (Predictor predictor = Predictor.load(model)) {
      assertThat(explanation.label()).isEqualTo(predictor.predict(image).label());
      assertThat(explanation.probability())
          .isCloseTo(predictor.predict(image).probability(), within(1e-6));
    }
    assertThat(explanation.activation()).isInstanceOf(ClassActivation.Found.class);
    assertThat(explanation.occlusion().drops().values()).hasSize(100);
    assertThat(explanation.deletion().elsewhere()).hasSize(15);
    assertThat(explanation.deletion().share()).isCloseTo(0.2, within(1e-9));
  }

  /** The patch at each place is laid over the image by hand. */
  @Test
  void explain_occlusion_isWhatThePredictorSaysOfTheCoveredImage() {
    Explanation explanation = explain(image);
    CoveredImage covered = CoveredImage.of(image, explanation.input().seen());
    try (Predictor predictor = Predictor.load(model)) {
      for (int place : new int[] {0, 34, 55, 99}) {
        byte[] rgb = covered.copy();
        int row = place / 10;
        double x = (place % 10 + 0.5) / 10 - 0.1;
        double y = (row + 0.5) / 10 - 0.1;
        covered.cover(rgb, x, y, 0.2, 0.2);
        double left = predictor.predict(covered.with(rgb)).probabilityOf(explanation.label());
        assertThat(
                explanation.occlusion().before() - explanation.occlusion().drops().values()[place])
            .isCloseTo(left, within(1e-5));
      }
    }
  }

  @Test
  void explain_namedClass_explainsThatOne() {
    try (Explainer explainer = Explainer.load(model, new ExplanationOptions(4))) {
      for (String label : explainer.labels()) {
        Explanation explanation = explainer.explain(image, label, TrainingListener.SILENT);
        assertThat(explanation.label()).isEqualTo(label);
        assertThat(explanation.probability())
            .isEqualTo(explanation.prediction().probabilityOf(label));
      }
      assertThatThrownBy(() -> explainer.explain(image, "cat", TrainingListener.SILENT))
          .isInstanceOf(TransferException.class)
          .hasMessageContaining("no such class; it knows bar, disc, square");
    }
  }

  @Test
  void explain_twice_isTheSameToTheBit() {
    byte[] first = explain(image).picture().rgb();
    assertThat(explain(image).picture().rgb()).isEqualTo(first);
  }

  @Test
  void picture_shapesOfImages_holdThreePanels() {
    for (PixelImage shown :
        new PixelImage[] {
          image, Scaling.to(image, 90, 30), Scaling.to(image, 30, 90), Scaling.to(image, 1600, 900)
        }) {
      Explanation explanation = explain(shown);
      PixelImage picture = explanation.picture();
      assertThat(picture.width()).isBetween(800, 1300);
      assertThat(picture.height()).isBetween(150, 600);
      byte[] white = new byte[picture.rgb().length];
      Arrays.fill(white, (byte) 255);
      assertThat(picture.rgb()).isNotEqualTo(white);
    }
  }

  @Test
  void explain_otherPreprocessingThanTheModels_isRefusedAsModelError() throws IOException {
    Path changed = folder.resolve("changed");
    try (var files = Files.walk(model)) {
      for (Path file : files.toList()) {
        Files.copy(file, changed.resolve(model.relativize(file).toString()));
      }
    }
    Files.writeString(
        changed.resolve("preprocessor_config.json"),
        ImagePreprocessing.preset("none", 32, 32).toJson());
    assertThatThrownBy(() -> Explainer.load(changed, ExplanationOptions.defaults()))
        .isInstanceOf(TransferException.class)
        .hasMessageContainingAll("golden example", "should be", "preprocessor_config.json")
        .asInstanceOf(type(TransferException.class))
        .extracting(TransferException::reason)
        .isEqualTo(TransferException.Cause.MODEL);
    Files.delete(changed.resolve("preprocessor_config.json"));
    assertThatThrownBy(() -> Explainer.load(changed, ExplanationOptions.defaults()))
        .isInstanceOf(TransferException.class)
        .hasMessageContainingAll("what its network sees", "preprocessor_config.json");
  }
}
