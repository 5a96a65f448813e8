package dev.graft.cli;

import dev.graft.data.DataException;
import dev.graft.data.ExampleSource;
import dev.graft.data.LeftOut;
import dev.graft.data.audio.AudioDecoder;
import dev.graft.data.audio.AudioStream;
import dev.graft.runtime.Bundle;
import dev.graft.runtime.DetectionRule;
import dev.graft.runtime.InferenceOptions;
import dev.graft.runtime.ScorePatience;
import dev.graft.runtime.SoundStreamScorer;
import dev.graft.transfer.evidence.StreamScores;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/** Scores recordings as streams, on one core. */
final class StreamListening {
  private static final int SECONDS_AT_ONCE = 10;
  private static final double SECONDS_OF_HOUR = 3_600;

  /** Silence after a phrase, for windows that hold it whole. */
  private static final double AFTER_SECONDS = 1;

  private final Bundle bundle;
  private final DetectionRule rule;
  private final List<LeftOut> leftOut;
  private final List<StreamScores> scores = new ArrayList<>();
  private double seconds;
  private long computing;

  StreamListening(Bundle bundle, List<LeftOut> leftOut) {
    this.bundle = bundle;
    this.rule = bundle.detectionRule();
    this.leftOut = leftOut;
  }

  /** One sound under way. */
  private final class Ear implements AutoCloseable {
    private final SoundStreamScorer scorer =
        SoundStreamScorer.open(bundle, InferenceOptions.defaults().withThreads(1));
    private final ScorePatience patience = new ScorePatience(rule);
    private final DoubleStream.Builder agreed = DoubleStream.builder();

    void add(float[] samples, int count) {
      long before = System.nanoTime();
      for (double score : scorer.add(samples, 0, count)) {
        agreed.add(patience.next(score));
      }
      computing += System.nanoTime() - before;
      seconds += (double) count / scorer.sampleRate();
    }

    StreamScores scores(List<StreamScores.Stretch> phrases, double hours) {
      double rate = scorer.sampleRate();
      return new StreamScores(
          agreed.build().toArray(),
          rule.windowSamples() / rate,
          rule.hopSamples() / rate,
          phrases,
          hours);
    }

    @Override
    public void close() {
      scorer.close();
    }
  }

  /**
   * Hears a long recording.
   *
   * @throws DataException if it cannot be read to its end
   */
  void hear(Path file, List<StreamScores.Stretch> phrases, ProgressListener listener) {
    String phase = "Listening to " + file;
    listener.phase(phase);
    try (Ear ear = new Ear();
        AudioStream stream =
            new AudioDecoder().open(new ExampleSource.FileSource(file), ear.scorer.sampleRate())) {
      double before = seconds;
      long whole = Math.round(stream.description().seconds().orElse(0));
      float[] samples = new float[SECONDS_AT_ONCE * ear.scorer.sampleRate()];
      int got;
      while ((got = stream.read(samples, 0, samples.length)) > 0) {
        ear.add(samples, got);
        listener.progress(phase, Math.round(seconds - before), whole, "seconds");
      }
      scores.add(ear.scores(phrases, (seconds - before) / SECONDS_OF_HOUR));
    }
  }

  /** Hears recordings of the phrase, each by itself with silence around it. */
  void hearPhrases(List<ExampleSource> phrases, ProgressListener listener) {
    String phase = "Listening to recordings of the phrase";
    listener.phase(phase);
    int done = 0;
    for (ExampleSource phrase : phrases) {
      try (Ear ear = new Ear()) {
        int rate = ear.scorer.sampleRate();
        float[] samples = new AudioDecoder().decode(phrase, rate).samples();
        ear.add(new float[rule.windowSamples()], rule.windowSamples());
        ear.add(samples, samples.length);
        int after = (int) (AFTER_SECONDS * rate);
        ear.add(new float[after], after);
        double start = (double) rule.windowSamples() / rate;
        StreamScores.Stretch said =
            new StreamScores.Stretch(start, start + (double) samples.length / rate);
        scores.add(ear.scores(List.of(said), 0));
      } catch (DataException damaged) {
        leftOut.add(new LeftOut(phrase.name(), String.valueOf(damaged.getMessage())));
      }
      listener.progress(phase, ++done, phrases.size(), "recordings");
    }
  }

  boolean isEmpty() {
    return scores.isEmpty();
  }

  List<StreamScores> scores() {
    return scores;
  }

  /** Seconds of sound that were heard. */
  double seconds() {
    return seconds;
  }

  /** How much faster than real time, without decoding. */
  double realTimeFactor() {
    return computing == 0 ? 0 : seconds * 1e9 / computing;
  }
}
