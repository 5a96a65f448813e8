package dev.graft.transfer.explanation;

import dev.graft.data.audio.Sonogram;
import dev.graft.data.audio.SoundEraser;
import dev.graft.data.audio.Waveform;
import dev.graft.data.image.PixelImage;
import dev.graft.data.image.Scaling;
import dev.graft.engine.FloatTensor;
import dev.graft.runtime.ModelInput;
import java.util.List;

/** A window of a recording while it is explained; parts are taken out by silencing them. */
final class SoundSubject implements Subject {
  private static final int SHOWN_WIDTH = 760;
  private static final int SHOWN_HEIGHT = 380;
  private static final int BANDS = 96;

  /** Finer than this, frames of 25 ms show nothing new. */
  private static final double LEAST_HOP_SECONDS = 0.002;

  /** Parts reach their edges but for rounding. */
  private static final double EDGE = 1e-9;

  private static final double DARKEST = 20;
  private static final double LIGHTEST = 250;

  private final Waveform window;
  private final Place place;
  private final PitchRange pitch;
  private final SoundEraser eraser;

  /**
   * Where a window lies in its recording.
   *
   * @param recordingSamples of the whole recording
   * @param start first sample of the window; negative where silence is laid before it
   */
  record Place(int recordingSamples, int start) {}

  SoundSubject(Waveform window, Place place, PitchRange pitch) {
    this.window = window;
    this.place = place;
    this.pitch = pitch;
    this.eraser = SoundEraser.of(window);
  }

  @Override
  public ModelInput input() {
    return sound(window);
  }

  @Override
  public FloatTensor prepared() {
    return new FloatTensor(window.samples(), 1, window.samples().length);
  }

  @Override
  public ModelInput whole() {
    return input();
  }

  @Override
  public ModelInput without(List<Part> parts) {
    return sound(eraser.without(parts.stream().map(this::area).toList()));
  }

  private static ModelInput sound(Waveform samples) {
    return new ModelInput.Sound(samples.samples(), samples.sampleRate());
  }

  /** At its edges, a part takes all that lies beyond what is shown. */
  private SoundEraser.Area area(Part part) {
    double bottom = part.y() + part.height();
    return new SoundEraser.Area(
        part.x() * window.seconds(),
        (part.x() + part.width()) * window.seconds(),
        bottom > 1 - EDGE ? 0 : pitch.hertz(bottom),
        part.y() < EDGE ? window.sampleRate() : pitch.hertz(part.y()));
  }

  @Override
  public ExplainedInput shown() {
    double rate = window.sampleRate();
    return new ExplainedSound(
        spectrogram(), place.recordingSamples / rate, place.start / rate, window.seconds(), pitch);
  }

  private PixelImage spectrogram() {
    double hop = Math.max(LEAST_HOP_SECONDS, window.seconds() / SHOWN_WIDTH);
    Sonogram sound =
        Sonogram.of(
            window, new Sonogram.Grid(hop, BANDS, pitch.lowestHertz(), pitch.highestHertz()));
    byte[] rgb = new byte[3 * sound.frames() * BANDS];
    for (int y = 0; y < BANDS; y++) {
      for (int x = 0; x < sound.frames(); x++) {
        double light = sound.lightness(x, BANDS - 1 - y);
        byte grey = (byte) Math.round(DARKEST + (LIGHTEST - DARKEST) * light);
        int at = 3 * (y * sound.frames() + x);
        rgb[at] = grey;
        rgb[at + 1] = grey;
        rgb[at + 2] = grey;
      }
    }
    return Scaling.to(new PixelImage(sound.frames(), BANDS, rgb), SHOWN_WIDTH, SHOWN_HEIGHT);
  }
}
