package dev.graft.transfer.doctor;

import dev.graft.data.Example;
import dev.graft.transfer.doctor.CueSearch.Measure;
import dev.graft.transfer.evidence.DataFindings.Cue;
import java.util.List;

/** Looks at the pictures of images. */
final class PictureDoctor implements ContentDoctor {
  private static final List<Measure<Picture>> MEASURES =
      List.of(
          new Measure<>("brightness", "how bright the image is", Picture::brightness),
          new Measure<>("contrast", "how strong its contrast is", Picture::contrast),
          new Measure<>("sharpness", "how sharp or blurred it is", Picture::sharpness),
          new Measure<>("colour", "how colourful or grey it is", Picture::colour),
          new Measure<>("border", "how bright its border is", Picture::border),
          new Measure<>("size", "how many pixels it has", Picture::pixels),
          new Measure<>("shape", "its width in proportion to its height", Picture::shape),
          new Measure<>(
              "compression", "how many bytes its file has for each pixel", Picture::density),
          new Measure<>("format", "the format of its file", Picture::formatNumber));

  private final ExaminedData data;
  private final List<String> hashes;
  private final Pictures pictures;

  PictureDoctor(ExaminedData data, List<Example> examples, List<String> hashes) {
    this.data = data;
    this.hashes = hashes;
    this.pictures = new Pictures(examples);
  }

  @Override
  public List<Cue> cues() {
    int[] rows = CueSearch.rows(data);
    pictures.readToMeasure(rows);
    return CueSearch.of(data, rows, pictures::of, MEASURES);
  }

  @Override
  public List<int[]> copies(Neighbours byFeatures) {
    return new LikePictures(hashes, byFeatures, pictures).groups();
  }

  @Override
  public List<String> remarks() {
    return List.of();
  }
}
