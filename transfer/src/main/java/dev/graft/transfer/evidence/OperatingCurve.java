package dev.graft.transfer.evidence;

import dev.graft.runtime.Detection;
import dev.graft.runtime.HitGrouping;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * False accepts per hour against false rejects over all thresholds. The first hit from the start of
 * a phrase to a second after its end counts for it, and for no other phrase; any other hit is a
 * false accept, where the hours of its stream count. Immutable and thread-safe.
 */
public final class OperatingCurve {
  /** A hit comes when a window ends, and windows that hold a phrase end after it. */
  private static final double LATE_SECONDS = 1;

  private static final int MOST_POINTS = 400;

  private final List<StreamScores> streams;
  private final double refractorySeconds;
  private final List<OperatingPoint> points;

  private OperatingCurve(List<StreamScores> streams, double refractorySeconds) {
    this.streams = List.copyOf(streams);
    this.refractorySeconds = refractorySeconds;
    this.points = thresholds().stream().map(this::at).toList();
  }

  /**
   * The curve of some streams together.
   *
   * @param refractorySeconds within which hits are one
   */
  public static OperatingCurve of(List<StreamScores> streams, double refractorySeconds) {
    return new OperatingCurve(streams, refractorySeconds);
  }

  /**
   * The points by rising threshold. False accepts fall and false rejects rise, except where what
   * was one hit becomes two.
   */
  public List<OperatingPoint> points() {
    return points;
  }

  /**
   * The lowest threshold with at most so many false accepts per hour from there on.
   *
   * @return empty where nothing was scored; the highest threshold, above all scores, has no false
   *     accept
   */
  public Optional<OperatingPoint> atMost(double falseAcceptsPerHour) {
    Optional<OperatingPoint> lowest = Optional.empty();
    for (int i = points.size() - 1; i >= 0; i--) {
      if (points.get(i).falseAcceptsPerHour() > falseAcceptsPerHour) {
        break;
      }
      lowest = Optional.of(points.get(i));
    }
    return lowest;
  }

  /** What one threshold leads to. */
  public OperatingPoint at(double threshold) {
    int falseAccepts = 0;
    int missed = 0;
    int phrases = 0;
    double hours = 0;
    for (StreamScores stream : streams) {
      List<Detection> hits = hits(stream, threshold);
      int found = found(hits, stream.phrases());
      falseAccepts += stream.hours() == 0 ? 0 : hits.size() - found;
      phrases += stream.phrases().size();
      missed += stream.phrases().size() - found;
      hours += stream.hours();
    }
    return new OperatingPoint(threshold, falseAccepts, hours, missed, phrases);
  }

  /** The number of phrases that have a hit of their own; both are in order. */
  private static int found(List<Detection> hits, List<StreamScores.Stretch> phrases) {
    int found = 0;
    int next = 0;
    for (StreamScores.Stretch said : phrases) {
      while (next < hits.size() && hits.get(next).seconds() < said.start()) {
        next++;
      }
      if (next < hits.size() && belongs(hits.get(next).seconds(), said)) {
        found++;
        next++;
      }
    }
    return found;
  }

  private static boolean belongs(double seconds, StreamScores.Stretch said) {
    return seconds >= said.start() && seconds <= said.end() + LATE_SECONDS;
  }

  private List<Detection> hits(StreamScores stream, double threshold) {
    HitGrouping grouping = new HitGrouping(threshold, refractorySeconds);
    List<Detection> hits = new ArrayList<>();
    double[] scores = stream.scores();
    for (int i = 0; i < scores.length; i++) {
      if (scores[i] >= threshold) {
        grouping.next(stream.seconds(i), scores[i]).ifPresent(hits::add);
      }
    }
    return hits;
  }

  /** Each phrase's own score, the highest ones of all windows, and one above them; above 0. */
  private List<Double> thresholds() {
    TreeSet<Double> all = new TreeSet<>();
    for (StreamScores stream : streams) {
      for (StreamScores.Stretch said : stream.phrases()) {
        all.add(best(stream, said));
      }
    }
    double[] scores =
        streams.stream().flatMapToDouble(s -> Arrays.stream(s.scores())).sorted().toArray();
    int count = scores.length;
    // Denser toward the top, where false accepts become rare: ranks 1, 2, 3, 4, 5, 6, 8, 10, 12, ..
    for (double rank = 1; rank <= count; rank = Math.ceil(rank * 1.2)) {
      all.add(scores[count - (int) rank]);
    }
    if (count > 0) {
      double top = scores[count - 1];
      all.add(top < 1 ? (1 + top) / 2 : Math.nextUp(1.0));
    }
    // At 0 all windows are one endless hit, and no rule may say so.
    return thinned(all.tailSet(0.0, false).stream().toList());
  }

  private static double best(StreamScores stream, StreamScores.Stretch said) {
    double best = 0;
    // One window earlier than it needs to be, whatever rounding does.
    double before = Math.floor((said.start() - stream.firstEnd()) / stream.hop()) - 1;
    double latest = said.end() + LATE_SECONDS;
    int count = stream.scores().length;
    for (int i = (int) Math.max(0, before); i < count && stream.seconds(i) <= latest; i++) {
      if (belongs(stream.seconds(i), said)) {
        best = Math.max(best, stream.scores()[i]);
      }
    }
    return best;
  }

  private static List<Double> thinned(List<Double> values) {
    int size = values.size();
    if (size <= MOST_POINTS) {
      return values;
    }
    List<Double> some = new ArrayList<>();
    for (int i = 0; i < MOST_POINTS; i++) {
      some.add(values.get((int) ((long) i * (size - 1) / (MOST_POINTS - 1))));
    }
    return some;
  }
}
