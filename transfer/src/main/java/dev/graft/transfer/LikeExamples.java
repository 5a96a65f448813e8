package dev.graft.transfer;

import dev.graft.data.DatasetKind;
import dev.graft.data.Example;
import dev.graft.data.ExampleSource;
import dev.graft.data.NearDuplicates;
import dev.graft.data.text.PlainText;
import dev.graft.data.text.TextLikeness;
import dev.graft.transfer.training.Activations;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.SparseProjection;
import java.util.Arrays;
import java.util.List;

/**
 * Near-duplicates among training examples, in bounded memory: features of many examples are
 * shortened by a sparse random projection, which keeps cosines up to some thousandths (Achlioptas
 * 2003; Li, Hastie and Church 2006), and above {@value #MOST_COMPARED} examples only equal files
 * are grouped. Segments of one recording are always one group.
 */
final class LikeExamples {
  private static final int MOST_COMPARED = 50_000;
  private static final long MOST_VALUES = 24L << 20;

  private LikeExamples() {}

  static NearDuplicates find(DatasetKind kind, ExampleTable train, Activations features) {
    if (train.size() > MOST_COMPARED) {
      return equal(train);
    }
    if (kind == DatasetKind.TEXT) {
      return likeTexts(train);
    }
    boolean shorten =
        (long) train.size() * features.width() > MOST_VALUES
            && features.width() > SparseProjection.WIDTH;
    int width = shorten ? SparseProjection.WIDTH : features.width();
    SparseProjection projection = new SparseProjection(features.width());
    float[] all = new float[train.size() * width];
    float[] row = new float[features.width()];
    for (int i = 0; i < train.size(); i++) {
      features.read(i, 0, row);
      if (shorten) {
        projection.apply(row, all, i * width);
      } else {
        System.arraycopy(row, 0, all, i * width, width);
      }
    }
    return NearDuplicates.find(train.contentHashes(), all, width, NearDuplicates.DEFAULT_THRESHOLD)
        .joining(origins(train));
  }

  /** Features say that texts mean the same; near-duplicates share most of their letters. */
  private static NearDuplicates likeTexts(ExampleTable train) {
    List<String> texts = train.examples().stream().map(Example::source).map(PlainText::of).toList();
    NearDuplicates alike = TextLikeness.groups(texts);
    List<Integer> groups = Arrays.stream(alike.groups()).boxed().toList();
    return NearDuplicates.of(equal(train).joining(groups).groups(), alike.pairs(), alike.note());
  }

  /** Equal files, and segments of one file. */
  static NearDuplicates equal(ExampleTable train) {
    return NearDuplicates.exact(train.contentHashes()).joining(origins(train));
  }

  /** A recording is one origin, however many examples are cut out of it. */
  private static List<ExampleSource> origins(ExampleTable train) {
    return train.examples().stream()
        .map(Example::source)
        .map(
            source ->
                source instanceof ExampleSource.SegmentSource segment ? segment.file() : source)
        .toList();
  }
}
