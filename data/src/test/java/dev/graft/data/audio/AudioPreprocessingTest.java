package dev.graft.data.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.data.DataException;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AudioPreprocessingTest {
  private static AudioPreprocessing parse(String json) {
    return AudioPreprocessing.parse(json, "preprocessor_config.json", OptionalInt.empty());
  }

  @Test
  void parse_afterToJson_isEqual() {
    AudioPreprocessing preprocessing = new AudioPreprocessing(22_050, 31_337);
    assertThat(parse(preprocessing.toJson())).isEqualTo(preprocessing);
    assertThat(preprocessing.toJson()).contains("\"feature_extractor_type\"", "\"sampling_rate\"");
    assertThat(preprocessing.hash())
        .hasSize(64)
        .isNotEqualTo(preprocessing.withWindow(1_000).hash());
  }

  /** The files of openai/whisper-tiny, MIT/ast, laion/clap and a model with a plain length. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'feature_extractor_type': 'WhisperFeatureExtractor', 'chunk_length': 30, 'n_samples': 480000, 'sampling_rate': 16000} | 480000",
        "{'feature_extractor_type': 'ASTFeatureExtractor', 'max_length': 1024, 'num_mel_bins': 128, 'sampling_rate': 16000} | 164080",
        "{'feature_extractor_type': 'ClapFeatureExtractor', 'max_length_s': 10, 'nb_max_samples': 480000, 'sampling_rate': 48000} | 480000",
        "{'feature_extractor_type': 'OtherExtractor', 'max_length_s': 2.5, 'sampling_rate': 16000} | 40000",
        "{'feature_extractor_type': 'Wav2Vec2FeatureExtractor', 'max_length': 16000, 'sampling_rate': 16000} | 16000",
      })
  void parse_descriptionsOfTransformers_findTheWindow(String json, int window) {
    assertThat(parse(json.replace('\'', '"')).windowSamples()).isEqualTo(window);
  }

  @Test
  void parse_withoutWindow_takesTheOther() {
    String json = "{\"sampling_rate\": 16000}";
    assertThat(AudioPreprocessing.parse(json, "p.json", OptionalInt.of(8_000)))
        .isEqualTo(new AudioPreprocessing(16_000, 8_000));
    assertThatThrownBy(() -> parse(json))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("does not say how many samples the backbone takes at once");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[1] | expected a JSON object",
        "{ | it is no valid JSON",
        "{'n_samples': 100} | the field \"sampling_rate\" is missing",
        "{'sampling_rate': 'high', 'n_samples': 100} | field \"sampling_rate\": expected an integer, found \"high\"",
        "{'sampling_rate': 16000, 'n_samples': 1e9} | field \"n_samples\": expected an integer",
        "{'sampling_rate': 16000, 'n_samples': 4} | window: expected 16 to 64000000 samples, found 4",
        "{'sampling_rate': 16, 'n_samples': 4000} | sample rate: expected 1000 to 768000 Hz, found 16",
        "{'sampling_rate': 16000, 'chunk_length': -3} | field \"chunk_length\": expected a positive number of seconds, found -3",
      })
  void parse_badDescription_isRefusedByField(String json, String message) {
    assertThatThrownBy(() -> parse(json.replace('\'', '"')))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("preprocessor_config.json")
        .hasMessageContaining(message);
  }

  @Test
  void read_missingFile_isNamed() {
    assertThatThrownBy(() -> AudioPreprocessing.read(Path.of("no-such.json"), OptionalInt.empty()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Cannot read the preprocessing description no-such.json");
  }
}
