package dev.graft.transfer.explanation;

import dev.graft.data.audio.Sonogram;
import dev.graft.engine.FloatTensor;
import dev.graft.engine.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Plays clicks and tones to a network and looks which places of its map answer. */
final class SoundProbe {
  private static final int CLICKS = 8;
  private static final float CLICK_LEVEL = 0.9f;
  private static final int TONES = 24;
  private static final float TONE_LEVEL = 0.3f;
  private static final double LOWEST_TONE = 80;
  private static final double HIGHEST_TONE_OF_RATE = 0.45;

  /** Tones that the front end leaves out answer weaker than this share of the loudest. */
  private static final double HEARD = 0.5;

  /** Answers below this share of the strongest place are skirts of the window's spectrum. */
  private static final double PEAK = 0.7;

  private static final int LEAST_ANSWERS = 4;

  /** Where the first place may lie before or behind the start, in shares of the window. */
  private static final double FARTHEST_START = 0.25;

  /** Of the variance of what was played that a straight line through the places must explain. */
  private static final double STRAIGHT = 0.98;

  private final Network network;
  private final int samples;
  private final int rate;
  private final float[] silent;
  private final int channels;
  private final int height;
  private final int width;

  /**
   * What was played, and what answered along both axes.
   *
   * @param value a time in shares of the window, or a pitch in mel
   */
  private record Answer(double value, double[] rows, double[] columns) {
    double[] along(boolean down) {
      return down ? rows : columns;
    }
  }

  /**
   * @param network samples [1, n] in, a map [1, C, H, W] out
   */
  SoundProbe(Network network, int samples, int rate) {
    this.network = network;
    this.samples = samples;
    this.rate = rate;
    FloatTensor silence = network.runAll(tensor(new float[samples])).get(0);
    this.silent = silence.values();
    this.channels = (int) silence.shape()[1];
    this.height = (int) silence.shape()[2];
    this.width = (int) silence.shape()[3];
  }

  /** The axes; empty where times or pitches are not told by places. */
  Optional<SoundAxes> axes(String tensor) {
    List<Answer> clicks = new ArrayList<>();
    for (int i = 0; i < CLICKS; i++) {
      double share = (i + 0.5) / CLICKS;
      clicks.add(click((int) (share * samples)));
    }
    List<Answer> tones = new ArrayList<>();
    double lowest = Sonogram.mel(LOWEST_TONE);
    double highest = Sonogram.mel(HIGHEST_TONE_OF_RATE * rate);
    for (int i = 0; i < TONES; i++) {
      tones.add(tone(lowest + (highest - lowest) * i / (TONES - 1)));
    }
    for (boolean timeIsDown : new boolean[] {true, false}) {
      Optional<SoundAxes.Line> time = line(clicks, timeIsDown);
      Optional<SoundAxes.Line> pitch = line(heard(tones, !timeIsDown), !timeIsDown);
      if (time.isPresent() && isOfTheWindow(time.get()) && pitch.isPresent()) {
        return Optional.of(new SoundAxes(tensor, time.get(), pitch.get(), timeIsDown));
      }
    }
    return Optional.empty();
  }

  /** Time runs forward from about the start of the window; behind it, silence may be laid. */
  private static boolean isOfTheWindow(SoundAxes.Line time) {
    return time.step() > 0 && Math.abs(time.first()) < FARTHEST_START;
  }

  private Answer click(int at) {
    float[] sound = new float[samples];
    sound[at] = CLICK_LEVEL;
    return answer((at + 0.5) / samples, sound);
  }

  private Answer tone(double mel) {
    float[] sound = new float[samples];
    double radians = 2 * Math.PI * Sonogram.hertz(mel) / rate;
    for (int i = 0; i < samples; i++) {
      sound[i] = (float) (TONE_LEVEL * Math.sin(radians * i));
    }
    return answer(mel, sound);
  }

  /** How much each row and column differs from silence. */
  private Answer answer(double value, float[] sound) {
    float[] values = network.runAll(tensor(sound)).get(0).values();
    double[] rows = new double[height];
    double[] columns = new double[width];
    for (int i = 0; i < channels * height * width; i++) {
      double difference = Math.abs(values[i] - silent[i]);
      rows[i / width % height] += difference;
      columns[i % width] += difference;
    }
    return new Answer(value, rows, columns);
  }

  private FloatTensor tensor(float[] sound) {
    return new FloatTensor(sound, 1, samples);
  }

  /** Tones between the edges that answer about as strongly as the strongest. */
  private static List<Answer> heard(List<Answer> tones, boolean down) {
    double strongest = tones.stream().mapToDouble(tone -> swing(tone.along(down))).max().orElse(0);
    return tones.stream()
        .filter(
            tone -> {
              double[] profile = tone.along(down);
              int peak = highest(profile);
              return swing(profile) >= HEARD * strongest && peak > 0 && peak < profile.length - 1;
            })
        .toList();
  }

  private static double swing(double[] profile) {
    return Arrays.stream(profile).max().orElse(0) - Arrays.stream(profile).min().orElse(0);
  }

  private static int highest(double[] profile) {
    int best = 0;
    for (int i = 1; i < profile.length; i++) {
      best = profile[i] > profile[best] ? i : best;
    }
    return best;
  }

  /** The middle of the peak, as a position between places. */
  private static double centre(double[] profile) {
    double least = Arrays.stream(profile).min().orElse(0);
    double floor = least + PEAK * swing(profile);
    double sum = 0;
    double moment = 0;
    for (int i = 0; i < profile.length; i++) {
      double weight = Math.max(0, profile[i] - floor);
      sum += weight;
      moment += weight * i;
    }
    return sum > 0 ? moment / sum : 0;
  }

  /** The straight line from positions to what was played there; empty where it is none. */
  private static Optional<SoundAxes.Line> line(List<Answer> answers, boolean down) {
    int count = answers.size();
    if (count < LEAST_ANSWERS) {
      return Optional.empty();
    }
    double[] places = answers.stream().mapToDouble(one -> centre(one.along(down))).toArray();
    double[] values = answers.stream().mapToDouble(Answer::value).toArray();
    double meanPlace = Arrays.stream(places).average().orElse(0);
    double meanValue = Arrays.stream(values).average().orElse(0);
    double squaresOfPlaces = 0;
    double squaresOfValues = 0;
    double products = 0;
    for (int i = 0; i < count; i++) {
      squaresOfPlaces += (places[i] - meanPlace) * (places[i] - meanPlace);
      squaresOfValues += (values[i] - meanValue) * (values[i] - meanValue);
      products += (places[i] - meanPlace) * (values[i] - meanValue);
    }
    // Places that hardly move are told apart by rounding alone.
    boolean moved = squaresOfPlaces > count;
    if (!moved || products * products < STRAIGHT * squaresOfPlaces * squaresOfValues) {
      return Optional.empty();
    }
    double step = products / squaresOfPlaces;
    int length = answers.get(0).along(down).length;
    return Optional.of(new SoundAxes.Line(length, meanValue - step * meanPlace, step));
  }
}
