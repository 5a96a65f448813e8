package dev.graft.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The front end that a {@code preprocessor_config.json} of transformers describes: that of the AST
 * or of Whisper, with the very figures that those were published with. Of other figures, none is
 * taken: spectrograms that are made otherwise mean nothing to a network.
 *
 * <p>Source: ASTFeatureExtractor and WhisperFeatureExtractor of transformers.
 */
final class DescribedFrontEnd {
  private static final double AST_MEAN = -4.2677393;
  private static final double AST_DEVIATION = 4.5689974;
  private static final int AST_BANDS = 128;
  private static final int WHISPER_BANDS = 80;
  private static final int WHISPER_FFT = 400;
  private static final int WHISPER_HOP = 160;
  private static final int RATE = 16_000;
  private static final double TOLERANCE = 1e-4;

  private DescribedFrontEnd() {}

  /** The name of the front end for a network; empty where nothing describes one that is known. */
  static Optional<String> of(Path file) {
    return BackboneFolder.description(file)
        .flatMap(BackboneFolder::json)
        .flatMap(
            json ->
                switch (json.path("feature_extractor_type").asText("")) {
                  case "ASTFeatureExtractor" ->
                      isOfAst(json) ? Optional.of("ast/1") : Optional.empty();
                  case "WhisperFeatureExtractor" ->
                      isOfWhisper(json) ? Optional.of("whisper/1") : Optional.empty();
                  default -> Optional.empty();
                });
  }

  private static boolean isOfAst(JsonNode json) {
    return is(json, "sampling_rate", RATE)
        && is(json, "num_mel_bins", AST_BANDS)
        && is(json, "mean", AST_MEAN)
        && is(json, "std", AST_DEVIATION)
        && json.path("do_normalize").asBoolean(true);
  }

  private static boolean isOfWhisper(JsonNode json) {
    return is(json, "sampling_rate", RATE)
        && is(json, "feature_size", WHISPER_BANDS)
        && is(json, "n_fft", WHISPER_FFT)
        && is(json, "hop_length", WHISPER_HOP);
  }

  /** A figure that is not stated is that of the class, which is the published one. */
  private static boolean is(JsonNode json, String field, double expected) {
    return Math.abs(json.path(field).asDouble(expected) - expected) <= TOLERANCE;
  }
}
