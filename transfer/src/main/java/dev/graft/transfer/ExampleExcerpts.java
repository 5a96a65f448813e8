package dev.graft.transfer;

import dev.graft.data.DataException;
import dev.graft.data.Example;
import dev.graft.data.audio.AudioDecoder;
import dev.graft.data.audio.PcmWav;
import dev.graft.data.audio.Waveform;
import dev.graft.engine.CoreWorkers;
import dev.graft.transfer.evidence.Findings;
import dev.graft.transfer.evidence.ShownExamples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;

/**
 * The middle of recordings, to look at and to listen to: at most {@value #SECONDS} s as a
 * spectrogram and as a WAV file of 16 bits. At 16 kHz where all fit into {@value #MOST_SOUND_BYTES}
 * bytes, else at 8 kHz; what does not fit then has a picture alone.
 */
final class ExampleExcerpts {
  static final double SECONDS = 2;

  /** Written in text they are a third larger: with the pictures a report stays below 2 MB. */
  static final int MOST_SOUND_BYTES = 1_000_000;

  private static final int RATE = 16_000;
  private static final int LOW_RATE = 8_000;

  private ExampleExcerpts() {}

  /** The findings with pictures and sound of these examples, as many as may be. */
  static Findings added(Findings findings, List<Example> examples) {
    Map<String, Waveform> clips = clips(examples, RATE);
    Map<String, byte[]> pictures = new LinkedHashMap<>();
    long bytes = 0;
    for (Map.Entry<String, Waveform> clip : clips.entrySet()) {
      pictures.put(clip.getKey(), SoundThumbnails.jpeg(clip.getValue(), ExampleThumbnails.SIDE));
      bytes += bytes(clip.getValue());
    }
    Map<String, Waveform> played = bytes <= MOST_SOUND_BYTES ? clips : clips(examples, LOW_RATE);
    Map<String, byte[]> sounds = new LinkedHashMap<>();
    int left = MOST_SOUND_BYTES;
    for (Map.Entry<String, Waveform> clip : played.entrySet()) {
      if (bytes(clip.getValue()) <= left) {
        byte[] file = PcmWav.encode(clip.getValue());
        sounds.put(clip.getKey(), file);
        left -= file.length;
      }
    }
    return findings.with(new ShownExamples(pictures, sounds, Map.of()));
  }

  private static int bytes(Waveform clip) {
    return 44 + Short.BYTES * clip.samples().length;
  }

  /** By the identifier; what can no longer be read is left out. */
  private static Map<String, Waveform> clips(List<Example> examples, int rate) {
    Map<String, Waveform> clips = new LinkedHashMap<>();
    AudioDecoder decoder = new AudioDecoder();
    try (CoreWorkers cores = CoreWorkers.open()) {
      List<Future<Optional<Waveform>>> made = new ArrayList<>();
      for (Example example : examples) {
        made.add(cores.submit(() -> clip(example, rate, decoder)));
      }
      for (int i = 0; i < made.size(); i++) {
        String id = examples.get(i).id();
        CoreWorkers.result(made.get(i)).ifPresent(clip -> clips.put(id, clip));
      }
    }
    return clips;
  }

  private static Optional<Waveform> clip(Example example, int rate, AudioDecoder decoder) {
    try {
      float[] samples = decoder.decode(example.source(), rate).samples();
      int most = (int) (SECONDS * rate);
      int from = Math.max(0, (samples.length - most) / 2);
      return Optional.of(
          new Waveform(
              Arrays.copyOfRange(samples, from, Math.min(samples.length, from + most)), rate));
    } catch (DataException gone) {
      return Optional.empty();
    }
  }
}
