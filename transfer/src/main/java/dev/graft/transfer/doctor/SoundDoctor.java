package dev.graft.transfer.doctor;

import dev.graft.data.Example;
import dev.graft.transfer.doctor.CueSearch.Measure;
import dev.graft.transfer.evidence.DataFindings.Cue;
import java.util.List;

/** Listens to recordings. */
final class SoundDoctor implements ContentDoctor {
  private static final List<Measure<Recording>> MEASURES =
      List.of(
          new Measure<>("loudness", "how loud the recording is", Recording::loudness),
          new Measure<>("duration", "how long it is", Recording::seconds),
          new Measure<>("noise", "how loud its quietest moments are", Recording::noiseFloor),
          new Measure<>("bandwidth", "up to which pitch it holds anything", Recording::bandwidth),
          new Measure<>("rate", "how many samples a second it has", Recording::sampleRate),
          new Measure<>("format", "the format of its file", Recording::formatNumber),
          new Measure<>("clipping", "how many of its samples are cut off", Recording::clipping),
          new Measure<>(
              "leading silence", "how long it is silent at the start", Recording::leadingSilence));

  private final ExaminedData data;
  private final List<Example> examples;
  private final List<String> hashes;
  private final Recordings recordings;

  SoundDoctor(ExaminedData data, List<Example> examples, List<String> hashes) {
    this.data = data;
    this.examples = examples;
    this.hashes = hashes;
    this.recordings = new Recordings(examples);
  }

  @Override
  public List<Cue> cues() {
    int[] rows = CueSearch.rows(data);
    recordings.read(rows);
    return CueSearch.of(data, rows, recordings::of, MEASURES);
  }

  @Override
  public List<int[]> copies(Neighbours byFeatures) {
    return new LikeRecordings(hashes, byFeatures, recordings).groups();
  }

  /** Of all recordings that were listened to, after what was asked for before. */
  @Override
  public List<String> remarks() {
    return SoundRemarks.of(examples, recordings);
  }
}
