package dev.graft.transfer.wakeword;

import dev.graft.data.audio.NoiseColour;
import dev.graft.data.audio.SoundVariation;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Puts scenes together as a microphone might hear them: words at changing loudness, speed and in
 * changing rooms, with pauses between them, over noise. Scene i of a kind is the same for the same
 * sounds and seed, whoever asks first. Thread-safe.
 */
final class SceneComposer {
  /** The length of a scene. */
  static final double SECONDS = 30;

  private static final double FULL_SCALE = 0.98;
  private static final NoiseColour[] COLOURS = NoiseColour.values();

  private final List<float[]> phrases;
  private final List<float[]> others;
  private final ConfusableSounds confusables;
  private final int rate;
  private final long seed;

  SceneComposer(List<float[]> phrases, List<float[]> others, int sampleRate, long seed) {
    this.phrases = List.copyOf(phrases);
    this.others = List.copyOf(others);
    this.confusables = new ConfusableSounds(this.phrases, this.others, sampleRate);
    this.rate = sampleRate;
    this.seed = seed;
  }

  /** What a scene is made of. */
  enum Kind {
    /** Every other item is the phrase; parts of it come as well. */
    PHRASES(0),
    /** Other sound and what is made of parts of the phrase, never the phrase itself. */
    OTHERS(1),
    /** Other sound as a microphone hears it all day: nothing in it is made of the phrase. */
    EVERYDAY(2);

    /** Keeps scenes of one number and different kinds apart. */
    private final int salt;

    Kind(int salt) {
      this.salt = salt;
    }
  }

  /** What is under way: the scene's loudness and how much noise there is. */
  private record Mood(double level, double noise, NoiseColour colour) {}

  /** A scene by its number. */
  Scene compose(Kind kind, int number) {
    SplittableRandom random =
        new SplittableRandom(seed * 0x9E3779B97F4A7C15L + 3L * number + kind.salt);
    for (int mixed = 0; mixed < 4; mixed++) {
      random = random.split(); // neighbouring seeds begin alike
    }
    Mood mood = mood(kind, random);
    int length = (int) (SECONDS * rate);
    float[] samples = noise(mood, length, random);
    List<SpokenSpan> said = new ArrayList<>();
    int at = pause(random);
    boolean phraseTurn = kind == Kind.PHRASES;
    while (at < length) {
      boolean phrase = phraseTurn;
      float[] item = phrase ? pick(phrases, random) : other(kind, random);
      item = varied(item, phrase ? 0.12 : 0.2, random);
      if (phrase && at + item.length > length) {
        break; // a phrase that is cut off would be neither
      }
      int heard = add(item, mood.level + between(random, -5, 5), at, samples, random);
      if (phrase) {
        said.add(new SpokenSpan(at, at + item.length));
      }
      at += (phrase ? item.length : heard) + pause(random);
      phraseTurn = kind == Kind.PHRASES && !phraseTurn;
    }
    limit(samples);
    return new Scene(samples, said);
  }

  private static Mood mood(Kind kind, SplittableRandom random) {
    double level = between(random, -40, -15);
    double least = kind == Kind.PHRASES ? 4 : -6;
    double ratio = between(random, least, 45);
    return new Mood(level, level - ratio, COLOURS[random.nextInt(COLOURS.length)]);
  }

  private float[] noise(Mood mood, int length, SplittableRandom random) {
    float[] noise = mood.colour.make(length, rate, random);
    scale(noise, 0, length, mood.noise);
    return noise;
  }

  private int pause(SplittableRandom random) {
    double seconds = random.nextInt(12) == 0 ? between(random, 1, 5) : between(random, 0.05, 1.2);
    return (int) (seconds * rate);
  }

  private float[] other(Kind kind, SplittableRandom random) {
    int draw = random.nextInt(20);
    if (draw < 5 && kind != Kind.EVERYDAY) {
      return confusables.draw(random);
    }
    if (draw == 5) {
      return burst(random);
    }
    return draw == 6 ? tone(random) : excerpt(pick(others, random), random);
  }

  /** Of long recordings some seconds, of short ones all. */
  private float[] excerpt(float[] sound, SplittableRandom random) {
    int most = (int) (between(random, 2, 8) * rate);
    if (sound.length <= most) {
      return sound;
    }
    int start = random.nextInt(sound.length - most + 1);
    return new SpokenSpan(start, start + most).of(sound);
  }

  private float[] burst(SplittableRandom random) {
    NoiseColour colour = COLOURS[random.nextInt(COLOURS.length)];
    float[] burst = colour.make((int) (between(random, 0.02, 1.5) * rate), rate, random);
    double fall = between(random, 0, 8) / burst.length;
    for (int i = 0; i < burst.length; i++) {
      burst[i] *= (float) Math.exp(-fall * i);
    }
    return burst;
  }

  /** A chord of three partials whose pitch glides. */
  private float[] tone(SplittableRandom random) {
    float[] tone = new float[(int) (between(random, 0.1, 1.5) * rate)];
    double hertz = between(random, 80, 1_500);
    double glide = between(random, -0.7, 0.7) / tone.length;
    double phase = 0;
    for (int i = 0; i < tone.length; i++) {
      phase += 2 * Math.PI * hertz * (1 + glide * i) / rate;
      tone[i] = (float) (Math.sin(phase) + 0.5 * Math.sin(2 * phase) + 0.3 * Math.sin(3 * phase));
    }
    return tone;
  }

  private float[] varied(float[] item, double speed, SplittableRandom random) {
    return SoundVariation.faster(item, 1 + between(random, -speed, speed));
  }

  /** Adds an item, in a room every other time; returns its length with the room's echo. */
  private int add(float[] item, double decibels, int at, float[] samples, SplittableRandom random) {
    boolean room = random.nextBoolean();
    double reverb = between(random, 0.08, 0.7);
    float[] heard = room ? SoundVariation.inRoom(item, reverb, rate, random) : item.clone();
    scale(heard, 0, item.length, decibels);
    int count = Math.min(heard.length, samples.length - at);
    for (int i = 0; i < count; i++) {
      samples[at + i] += heard[i];
    }
    return heard.length;
  }

  /** Scales all so that the mean power of a stretch is that many decibels of full scale. */
  private static void scale(float[] samples, int from, int to, double decibels) {
    double energy = 0;
    for (int i = from; i < to; i++) {
      energy += (double) samples[i] * samples[i];
    }
    if (energy == 0) {
      return;
    }
    float factor = (float) (Math.pow(10, decibels / 20) / Math.sqrt(energy / (to - from)));
    for (int i = 0; i < samples.length; i++) {
      samples[i] *= factor;
    }
  }

  /** What is too loud is cut off, as converters do. */
  private static void limit(float[] samples) {
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) Math.max(-FULL_SCALE, Math.min(FULL_SCALE, samples[i]));
    }
  }

  private static float[] pick(List<float[]> sounds, SplittableRandom random) {
    return sounds.get(random.nextInt(sounds.size()));
  }

  static double between(SplittableRandom random, double low, double high) {
    return low + random.nextDouble() * (high - low);
  }
}
