package dev.graft.transfer.doctor;

import dev.graft.data.Example;
import dev.graft.transfer.evidence.DataFindings.Cue;
import java.util.List;

/** Looks at the examples themselves, beyond their features. Not thread-safe. */
sealed interface ContentDoctor permits PictureDoctor, SoundDoctor, TextDoctor {
  /**
   * For examples of one kind.
   *
   * @param examples of all parts, one after another
   * @param hashes content hash of each
   */
  static ContentDoctor of(ExaminedData data, List<Example> examples, List<String> hashes) {
    return switch (data.kind()) {
      case IMAGE -> new PictureDoctor(data, examples, hashes);
      case AUDIO -> new SoundDoctor(data, examples, hashes);
      case TEXT -> new TextDoctor(data, examples, hashes);
    };
  }

  /** Properties that tell the class without the content, the strongest first. */
  List<Cue> cues();

  /**
   * Numbers of the examples that are nearly the same, by group.
   *
   * @param byFeatures neighbours of each example
   */
  List<int[]> copies(Neighbours byFeatures);

  /** What is odd about single examples, in sentences. */
  List<String> remarks();
}
