package dev.graft.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ImagePreprocessingTest {

  // presets

  @ParameterizedTest
  @ValueSource(strings = {"imagenet", "tf", "inception", "unit", "clip", "none", " ImageNet "})
  void preset_known_survivesItsJson(String name) {
    ImagePreprocessing preset = ImagePreprocessing.preset(name, 224, 224);
    ImagePreprocessing again = ImagePreprocessing.parse(preset.toJson(), "memory");
    assertThat(again).isEqualTo(preset);
    assertThat(again.hash()).isEqualTo(preset.hash()).matches("[0-9a-f]{64}");
  }

  @Test
  void preset_imagenet_resizesTo256() {
    ImagePreprocessing preset = ImagePreprocessing.preset("imagenet", 224, 224);
    assertThat(preset.resize()).isEqualTo(new Resize.ShorterSide(256));
    assertThat(preset.mean()).containsExactly(.485f, .456f, .406f);
    assertThat(preset.deviation()).containsExactly(.229f, .224f, .225f);
    assertThat(preset.scale()).isEqualTo(1f / 255);
    assertThat(preset.valueCount()).isEqualTo(3 * 224 * 224);
  }

  @Test
  void preset_oblong_isStretched() {
    assertThat(ImagePreprocessing.preset("unit", 70, 140).resize())
        .isEqualTo(new Resize.Exact(80, 160));
  }

  @Test
  void preset_unknown_listsTheKnownOnes() {
    assertThatThrownBy(() -> ImagePreprocessing.preset("imagenette", 224, 224))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "Unknown image preprocessing \"imagenette\"; known are imagenet, tf, inception, unit, clip, none");
  }

  @Test
  void hash_anyFieldChanged_differs() {
    ImagePreprocessing base = ImagePreprocessing.preset("imagenet", 224, 224);
    assertThat(
            List.of(
                base.hash(),
                ImagePreprocessing.preset("tf", 224, 224).hash(),
                base.withInterpolation(Interpolation.BICUBIC).hash(),
                base.withSize(new Resize.ShorterSide(224), 224, 224).hash(),
                base.withSize(new Resize.Exact(256, 256), 224, 224).hash(),
                base.withNormalisation(
                        ChannelOrder.BGR, base.scale(), base.mean(), base.deviation())
                    .hash()))
        .doesNotHaveDuplicates();
  }

  // files of other tools

  @Test
  void parse_transformersConvNet_isUnderstood() {
    ImagePreprocessing read =
        ImagePreprocessing.parse(
            """
            {"crop_size": {"height": 224, "width": 224}, "do_center_crop": true, "do_normalize": true, "do_rescale": true,
             "do_resize": true, "image_mean": [0.485, 0.456, 0.406], "image_processor_type": "MobileNetV2ImageProcessor",
             "image_std": [0.229, 0.224, 0.225], "resample": 2, "rescale_factor": 0.00392156862745098,
             "size": {"shortest_edge": 256}}
            """,
            "memory");
    assertThat(read).isEqualTo(ImagePreprocessing.preset("imagenet", 224, 224));
  }

  @Test
  void parse_transformersVisionTransformer_hasNoCrop() {
    ImagePreprocessing read =
        ImagePreprocessing.parse(
            """
            {"do_normalize": true, "do_resize": true, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5],
             "resample": 2, "size": 224}
            """,
            "memory");
    assertThat(read.resize()).isEqualTo(new Resize.Exact(224, 224));
    assertThat(read.cropWidth()).isEqualTo(224);
    assertThat(read.mean()).containsExactly(.5f, .5f, .5f);
  }

  @Test
  void parse_timm_isUnderstood() {
    ImagePreprocessing read =
        ImagePreprocessing.parse(
            """
            {"architecture": "resnet18", "num_classes": 1000, "pretrained_cfg": {"input_size": [3, 224, 224],
             "interpolation": "bicubic", "crop_pct": 0.95, "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}}
            """,
            "memory");
    assertThat(read.resize()).isEqualTo(new Resize.ShorterSide(235));
    assertThat(read.interpolation()).isEqualTo(Interpolation.BICUBIC);
    assertThat(read.cropHeight()).isEqualTo(224);
  }

  @Test
  void parse_nothingIsNormalised_keepsPixels() {
    ImagePreprocessing read =
        ImagePreprocessing.parse(
            """
            {"do_normalize": false, "do_rescale": false, "size": {"height": 32, "width": 48}, "do_flip_channel_order": true}
            """,
            "memory");
    assertThat(read.scale()).isEqualTo(1);
    assertThat(read.mean()).containsOnly(0f);
    assertThat(read.deviation()).containsOnly(1f);
    assertThat(read.channelOrder()).isEqualTo(ChannelOrder.BGR);
  }

  // bad input

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ | it is no valid JSON",
        "[] | expected a JSON object",
        "{} | the field \"size\" is missing",
        "{\"size\": {\"height\": 10}} | field \"size\": expected an integer \"width\"",
        "{\"size\": {\"height\": 10, \"width\": \"x\"}} | field \"size\": expected an integer \"width\"",
        "{\"size\": 224, \"resample\": 1} | field \"resample\": expected 2 (bilinear) or 3 (bicubic), found 1",
        "{\"size\": 224, \"do_resize\": false} | field \"do_resize\"",
        "{\"size\": 224, \"do_rescale\": 1} | field \"do_rescale\": expected true or false",
        "{\"size\": 224, \"image_mean\": [1], \"image_std\": [1]} | mean: expected 3 numbers for RGB, found [1.0]",
        "{\"size\": 224, \"image_mean\": [1,1,1], \"image_std\": [0,1,1]} | deviation: expected 3 positive numbers",
        "{\"size\": 224, \"image_mean\": [1,1,\"a\"], \"image_std\": [0,1,1]} | field \"image_mean\": expected numbers",
        "{\"size\": 100, \"crop_size\": 224} | crop height: expected at most the resized 100, found 224",
        "{\"size\": 100000} | crop height: expected 1 to 8192",
        "{\"size\": 0} | expected at least 1x1 pixels",
        "{\"input_size\": [4, 1, 1]} | field \"input_size\": expected 1 or 3 channels",
        "{\"input_size\": [3, 8, 8], \"crop_pct\": 2} | field \"crop_pct\": expected more than 0, at most 1",
        "{\"input_size\": [3, 8, 8], \"interpolation\": \"lanczos\"} | expected bilinear or bicubic, found lanczos"
      })
  void parse_badDescription_namesTheField(String json, String message) {
    assertThatThrownBy(() -> ImagePreprocessing.parse(json, "model/preprocessor_config.json"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("model/preprocessor_config.json")
        .hasMessageContaining(message);
  }

  @Test
  void read_missingFile_isNamed(@TempDir Path folder) {
    assertThatThrownBy(() -> ImagePreprocessing.read(folder.resolve("preprocessor_config.json")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Cannot read the preprocessing description")
        .hasMessageContaining("preprocessor_config.json");
  }

  @Test
  void read_hugeFile_isRefusedBeforeReading(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("preprocessor_config.json");
    Files.write(file, new byte[(1 << 20) + 1]);
    assertThatThrownBy(() -> ImagePreprocessing.read(file))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected at most 1 MiB of JSON, found 1048577 bytes");
  }

  @Test
  void read_writtenFile_isEqual(@TempDir Path folder) throws IOException {
    ImagePreprocessing tf = ImagePreprocessing.preset("tf", 96, 96);
    Path file = folder.resolve("preprocessor_config.json");
    Files.writeString(file, tf.toJson());
    assertThat(ImagePreprocessing.read(file)).isEqualTo(tf);
  }

  @Test
  void scaledTo_otherSide_resizeKeepsItsProportionToTheCrop() {
    ImagePreprocessing shorter = ImagePreprocessing.preset("imagenet", 224, 224);
    ImagePreprocessing exact = shorter.withSize(new Resize.Exact(256, 256), 224, 224);

    assertThat(shorter.scaledTo(96))
        .isEqualTo(ImagePreprocessing.preset("imagenet", 96, 96))
        .extracting(ImagePreprocessing::resize)
        .isEqualTo(new Resize.ShorterSide(110));
    assertThat(exact.scaledTo(112).resize()).isEqualTo(new Resize.Exact(128, 128));
    assertThat(shorter.scaledTo(224)).isEqualTo(shorter);
  }
}
