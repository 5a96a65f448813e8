package dev.graft.benchmarks.speech;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A minute or two of a stream: one background noise, and over it sounds one after another, speech
 * now and then over other speech.
 *
 * @param samples mono, 16 kHz
 * @param events by their start, counted from the beginning of the scene
 */
record StreamScene(float[] samples, List<StreamEvent> events) {
  private static final int SOUNDS = 16;
  private static final double SHARE_OF_RECORDINGS = 0.5;
  private static final double SHARE_OF_DISTURBANCES = 0.12;
  private static final double SHARE_OF_CROSSTALK = 0.15;
  private static final Interval PAUSE_SECONDS = new Interval(0.15, 4);
  private static final double NOISE_FADE_SECONDS = 0.05;
  private static final float HIGHEST_PEAK = 0.97f;

  /** What is heard, before it has its place. */
  private record Heard(String label, StreamEvent.Kind kind, String source, Waveform sound) {}

  /**
   * What scenes are made of.
   *
   * @param recordings may be empty
   * @param work a folder for what the synthesizers write
   */
  record Material(
      SentenceMaker sentences,
      CorpusPlan.VoiceDealer voices,
      Synthesizers synthesizers,
      Optional<Recordings> recordings,
      Path work) {}

  /** Makes the next scene. */
  static StreamScene make(Material material, SplittableRandom random) throws IOException {
    List<Heard> heard = heard(material, random);
    List<Placed> placed = place(heard, random);
    int length =
        placed.stream().mapToInt(one -> one.start + one.samples.length).max().orElse(0)
            + samples(PAUSE_SECONDS.draw(random));
    double exponent = random.nextDouble(-0.5, ColouredNoise.HIGHEST_EXPONENT);
    double noiseDecibels = random.nextDouble(-80, -34);
    float[] scene = noise(length, exponent, noiseDecibels, random);
    List<StreamEvent> events = new ArrayList<>();
    events.add(
        new StreamEvent(
            0,
            seconds(length),
            "noise",
            StreamEvent.Kind.NOISE,
            String.format(Locale.ROOT, "1/f^%.2f", exponent),
            noiseDecibels));
    for (Placed one : placed) {
      for (int i = 0; i < one.samples.length; i++) {
        scene[one.start + i] += one.samples[i];
      }
      events.add(
          new StreamEvent(
              seconds(one.start),
              seconds(one.start + one.samples.length),
              one.heard.label,
              one.heard.kind,
              one.heard.source,
              one.decibels));
    }
    float peak = new Waveform(scene, Waveform.RATE).peak();
    return peak > HIGHEST_PEAK
        ? new StreamScene(
            new Waveform(scene, Waveform.RATE).times(HIGHEST_PEAK / peak).samples(), events)
        : new StreamScene(scene, events);
  }

  private static List<Heard> heard(Material material, SplittableRandom random) throws IOException {
    List<Synthesizer.Job> jobs = new ArrayList<>();
    List<Optional<Heard>> order = new ArrayList<>();
    for (int i = 0; i < SOUNDS; i++) {
      double kind = random.nextDouble();
      if (kind < SHARE_OF_DISTURBANCES) {
        Disturbance.Sound sound = Disturbance.random(random);
        order.add(
            Optional.of(
                new Heard(sound.label(), StreamEvent.Kind.SOUND, "generated", sound.waveform())));
      } else if (material.recordings.isPresent()
          && kind < SHARE_OF_DISTURBANCES + SHARE_OF_RECORDINGS) {
        Recordings.Recording one = material.recordings.get().deal(random);
        order.add(
            Optional.of(
                new Heard(one.label(), StreamEvent.Kind.RECORDING, one.name(), one.sound())));
      } else {
        SpeechVoice voice = material.voices.deal(random.nextDouble(), random);
        Utterance sentence = Utterance.drawn(material.sentences.next(random), voice, random);
        jobs.add(new Synthesizer.Job(sentence, material.work.resolve(jobs.size() + ".wav")));
        order.add(Optional.empty());
      }
    }
    List<String> failures = material.synthesizers.speak(jobs);
    if (!failures.isEmpty()) {
      throw new IllegalStateException("Making a stream: " + String.join("; ", failures));
    }
    List<Heard> heard = new ArrayList<>();
    int next = 0;
    for (Optional<Heard> one : order) {
      heard.add(one.isPresent() ? one.get() : spoken(jobs.get(next++)));
    }
    return heard;
  }

  private static Heard spoken(Synthesizer.Job job) throws IOException {
    Utterance said = job.utterance();
    Waveform clip =
        SpokenClip.of(WaveFiles.read(job.file()), said.tract())
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "Making a stream: "
                            + said.voice().id()
                            + " said nothing for "
                            + said.text()));
    return new Heard(said.text(), StreamEvent.Kind.SENTENCE, said.voice().id(), clip);
  }

  private static final class Placed {
    private final Heard heard;
    private final int start;
    private final float[] samples;
    private final double decibels;

    Placed(Heard heard, int start, double decibels) {
      this.heard = heard;
      this.start = start;
      float[] sound = heard.sound.samples();
      double rms = Math.max(1e-6, SpokenClip.rms(sound, 0, sound.length));
      double wanted = Math.pow(10, decibels / 20) / rms;
      double highest = HIGHEST_PEAK / Math.max(1e-6, heard.sound.peak());
      double factor = Math.min(wanted, highest);
      this.samples = heard.sound.times((float) factor).samples();
      this.decibels = 20 * Math.log10(factor * rms);
    }
  }

  private static List<Placed> place(List<Heard> heard, SplittableRandom random) {
    List<Placed> placed = new ArrayList<>();
    int cursor = samples(PAUSE_SECONDS.draw(random));
    int lastStart = cursor;
    for (Heard one : heard) {
      double decibels = random.nextDouble(-36, -15);
      boolean over =
          !placed.isEmpty()
              && one.kind == StreamEvent.Kind.SENTENCE
              && random.nextDouble() < SHARE_OF_CROSSTALK;
      int start = over ? lastStart + random.nextInt(Math.max(1, cursor - lastStart)) : cursor;
      Placed next = new Placed(one, start, over ? decibels - 10 : decibels);
      placed.add(next);
      lastStart = start;
      cursor = Math.max(cursor, start + next.samples.length + samples(PAUSE_SECONDS.draw(random)));
    }
    placed.sort(Comparator.comparingInt(one -> one.start));
    return placed;
  }

  /** Noise that swells and ebbs slowly by up to 6 dB, faded at both ends. */
  private static float[] noise(
      int length, double exponent, double decibels, SplittableRandom random) {
    float[] noise = ColouredNoise.make(length, exponent, random);
    double level = Math.pow(10, decibels / 20);
    double swing = random.nextDouble(0, 6);
    double period = random.nextDouble(3, 20) * Waveform.RATE;
    double fade = NOISE_FADE_SECONDS * Waveform.RATE;
    for (int i = 0; i < length; i++) {
      double swell = Math.pow(10, swing * Math.sin(2 * Math.PI * i / period) / 20);
      double edge = Math.min(1, Math.min(i, length - 1 - i) / fade);
      noise[i] *= (float) (level * swell * edge);
    }
    return noise;
  }

  private static int samples(double seconds) {
    return (int) Math.round(seconds * Waveform.RATE);
  }

  private static double seconds(int samples) {
    return (double) samples / Waveform.RATE;
  }
}
