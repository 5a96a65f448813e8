package dev.graft.transfer.explanation;

import dev.graft.data.ExampleSource;
import dev.graft.data.image.ImageDecoder;
import dev.graft.data.image.ImagePreprocessing;
import dev.graft.data.image.ImagePreprocessor;
import dev.graft.onnx.OnnxModel;
import dev.graft.runtime.ModelInput;
import dev.graft.transfer.export.ModelAssembler;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Images, which Grad-CAM's network is given as they are prepared for it. */
record ImageSubjects(ImagePreprocessor preprocessor) implements Subjects {
  static ImageSubjects of(ImagePreprocessing preprocessing) {
    return new ImageSubjects(new ImagePreprocessor(preprocessing));
  }

  @Override
  public GradCam gradCam(OnnxModel deployable) {
    ImagePreprocessing images = preprocessor.preprocessing();
    OnnxModel network = ModelAssembler.withoutPreprocessing(deployable, images);
    int height = images.cropHeight();
    int width = images.cropWidth();
    return GradCam.of(
        network,
        Optional.of(MapPlane.Input.of(network, height, width)),
        1,
        images.channelOrder().channels(),
        height,
        width);
  }

  @Override
  public ModelInput decode(ExampleSource source, String name) {
    return new ModelInput.Pixels(new ImageDecoder().decode(source.read(), name));
  }

  @Override
  public Subject subject(ModelInput input, ToDoubleFunction<ModelInput> probability) {
    return new ImageSubject(((ModelInput.Pixels) input).image(), preprocessor);
  }
}
