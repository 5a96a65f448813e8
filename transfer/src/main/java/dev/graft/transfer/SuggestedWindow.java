package dev.graft.transfer;

import dev.graft.data.DataException;
import dev.graft.data.Dataset;
import dev.graft.data.DatasetKind;
import dev.graft.data.Example;
import dev.graft.data.Part;
import dev.graft.data.Segment;
import dev.graft.data.audio.AudioDecoder;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** The window that suits recordings: what nine of ten of them need. */
public final class SuggestedWindow {
  private static final int LOOKED_AT = 200;
  private static final double SHARE = 0.9;
  private static final double SHORTEST = 1;
  private static final double LONGEST = 10;

  private SuggestedWindow() {}

  /**
   * Seconds, in tenths, from {@value #SHORTEST} to {@value #LONGEST}: a longer window dilutes short
   * recordings with silence, a shorter one cuts from too many. Empty for other data, and where no
   * header tells a length.
   */
  public static OptionalDouble of(Dataset dataset) {
    if (dataset.kind() != DatasetKind.AUDIO) {
      return OptionalDouble.empty();
    }
    List<Example> examples = dataset.part(Part.TRAIN);
    int count = Math.min(LOOKED_AT, examples.size());
    double[] seconds =
        IntStream.range(0, count)
            .parallel()
            .mapToDouble(i -> seconds(examples.get((int) ((long) i * examples.size() / count))))
            .filter(length -> length > 0)
            .toArray();
    if (seconds.length == 0) {
      return OptionalDouble.empty();
    }
    Arrays.sort(seconds);
    double needed = seconds[(int) Math.min(seconds.length - 1, Math.floor(SHARE * seconds.length))];
    double tenths = Math.ceil(needed * 10 - 1e-6) / 10;
    return OptionalDouble.of(Math.max(SHORTEST, Math.min(LONGEST, tenths)));
  }

  /** 0 for what cannot be told; damaged files are named when all are decoded. */
  private static double seconds(Example example) {
    if (example.source().segment().isPresent()) {
      return example.source().segment().map(Segment::seconds).orElse(0.0);
    }
    try {
      return AudioDecoder.describe(example.source().read(), example.source().name())
          .seconds()
          .orElse(0);
    } catch (DataException damaged) {
      return 0;
    }
  }
}
