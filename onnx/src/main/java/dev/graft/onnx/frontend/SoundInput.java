package dev.graft.onnx.frontend;

import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.ValueInfo;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a model with a front end of its own takes: a waveform [N, samples] at a rate. It is noted in
 * the model's metadata.
 *
 * @param frontEnd name and version of the front end
 * @param rate samples in a second
 * @param samples of an example; empty where any number is taken
 */
public record SoundInput(String frontEnd, int rate, OptionalInt samples) {
  /** The metadata entry with the name of the front end. */
  public static final String METADATA_FRONT_END = "graft.front_end";

  /** The metadata entry with the samples in a second. */
  public static final String METADATA_RATE = "graft.sample_rate";

  private static final int HIGHEST_RATE = 768_000;

  /** What a model takes, where its metadata tell; a rate that is none is not believed. */
  public static Optional<SoundInput> of(OnnxModel model) {
    String frontEnd = model.metadata().get(METADATA_FRONT_END);
    String rate = model.metadata().get(METADATA_RATE);
    if (frontEnd == null || rate == null || !rate.matches("[1-9][0-9]{0,5}")) {
      return Optional.empty();
    }
    if (model.graph().inputs().size() != 1 || Integer.parseInt(rate) > HIGHEST_RATE) {
      return Optional.empty();
    }
    ValueInfo waveform = model.graph().inputs().get(0);
    long samples = waveform.size(1);
    boolean fixed = samples > 0 && samples <= Integer.MAX_VALUE;
    return Optional.of(
        new SoundInput(
            frontEnd,
            Integer.parseInt(rate),
            fixed ? OptionalInt.of((int) samples) : OptionalInt.empty()));
  }

  /** The model with this in its metadata, beside what stands there. */
  public OnnxModel noteIn(OnnxModel model) {
    Map<String, String> notes = new LinkedHashMap<>(model.metadata());
    notes.put(METADATA_FRONT_END, frontEnd);
    notes.put(METADATA_RATE, Integer.toString(rate));
    return model.withMetadata(notes);
  }
}
