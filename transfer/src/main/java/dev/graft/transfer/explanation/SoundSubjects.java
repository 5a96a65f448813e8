package dev.graft.transfer.explanation;

import dev.graft.data.ExampleSource;
import dev.graft.data.audio.AudioDecoder;
import dev.graft.data.audio.AudioPreprocessing;
import dev.graft.data.audio.AudioWindows;
import dev.graft.data.audio.Waveform;
import dev.graft.onnx.OnnxModel;
import dev.graft.runtime.ModelInput;
import dev.graft.transfer.export.ModelAssembler;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Recordings, of which Grad-CAM's network is given the samples. Of one that is longer than the
 * model's window, the window is explained in which the class is most probable.
 */
final class SoundSubjects implements Subjects {
  private final AudioPreprocessing preprocessing;
  private Optional<SoundAxes> axes = Optional.empty();

  SoundSubjects(AudioPreprocessing preprocessing) {
    this.preprocessing = preprocessing;
  }

  @Override
  public GradCam gradCam(OnnxModel deployable) {
    OnnxModel network = ModelAssembler.logitsOf(deployable);
    int samples = preprocessing.windowSamples();
    axes = SoundAxes.of(network, samples, preprocessing.sampleRate());
    return GradCam.of(network, axes.map(MapPlane.class::cast), 1, samples);
  }

  @Override
  public ModelInput decode(ExampleSource source, String name) {
    int rate = preprocessing.sampleRate();
    return new ModelInput.Sound(new AudioDecoder().decode(source, rate).samples(), rate);
  }

  @Override
  public Subject subject(ModelInput input, ToDoubleFunction<ModelInput> probability) {
    float[] clip = ((ModelInput.Sound) input).samples();
    AudioWindows windows = preprocessing.windows();
    int best = 0;
    double most = -1;
    for (int i = 0; i < windows.count(clip.length) && windows.count(clip.length) > 1; i++) {
      double own = probability.applyAsDouble(window(clip, i));
      best = own > most ? i : best;
      most = Math.max(most, own);
    }
    Waveform heard = new Waveform(window(clip, best).samples(), preprocessing.sampleRate());
    return new SoundSubject(
        heard,
        new SoundSubject.Place(clip.length, windows.start(clip.length, best)),
        axes.map(SoundAxes::range).orElseGet(() -> PitchRange.ofRate(preprocessing.sampleRate())));
  }

  private ModelInput.Sound window(float[] clip, int index) {
    float[] samples = new float[preprocessing.windowSamples()];
    preprocessing.windows().write(clip, index, samples, 0);
    return new ModelInput.Sound(samples, preprocessing.sampleRate());
  }
}
