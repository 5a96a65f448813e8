package dev.graft.transfer.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.transfer.evidence.StreamScores.Stretch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Windows end at 1, 2, 3 .. seconds, and hits within a second of each other are one. */
final class OperatingCurveTest {
  private static final double REFRACTORY = 1;

  private static StreamScores stream(double hours, List<Stretch> phrases, double... scores) {
    return new StreamScores(scores, 1, 1, phrases, hours);
  }

  private static OperatingCurve curve(StreamScores... streams) {
    return OperatingCurve.of(List.of(streams), REFRACTORY);
  }

  // --- one threshold -------------------------------------------------------------------------

  @Test
  void at_hitsInAndOutOfAPhrase_areTold() {
    OperatingCurve curve =
        curve(stream(2, List.of(new Stretch(3, 3.5)), 0.9, 0, 0, 0.8, 0, 0, 0.7, 0));
    assertThat(curve.at(0.5)).isEqualTo(new OperatingPoint(0.5, 2, 2, 0, 1));
    assertThat(curve.at(0.8)).isEqualTo(new OperatingPoint(0.8, 1, 2, 0, 1));
    assertThat(curve.at(0.85)).isEqualTo(new OperatingPoint(0.85, 1, 2, 1, 1));
    assertThat(curve.at(0.95)).isEqualTo(new OperatingPoint(0.95, 0, 2, 1, 1));
  }

  /** The hit is at 5 s: from the start of the phrase to a second after its end. */
  @ParameterizedTest
  @CsvSource({"5, 6, true", "5.001, 6, false", "3, 4, true", "3, 3.999, false", "2, 9, true"})
  void at_hitAtTheEdgeOfAPhrase_countsFromItsStartToASecondAfterItsEnd(
      double start, double end, boolean counts) {
    OperatingPoint point =
        curve(stream(1, List.of(new Stretch(start, end)), 0, 0, 0, 0, 0.9)).at(0.5);
    assertThat(point.missed()).isEqualTo(counts ? 0 : 1);
    assertThat(point.falseAccepts()).isEqualTo(counts ? 0 : 1);
  }

  @Test
  void at_secondHitForAPhrase_isAFalseAccept() {
    OperatingPoint point = curve(stream(1, List.of(new Stretch(1, 6)), 0, 0.9, 0, 0, 0.9)).at(0.5);
    assertThat(point).isEqualTo(new OperatingPoint(0.5, 1, 1, 0, 1));
  }

  @Test
  void at_hitForTwoPhrases_countsForOne() {
    List<Stretch> phrases = List.of(new Stretch(1, 2), new Stretch(2.5, 3.5));
    assertThat(curve(stream(1, phrases, 0, 0, 0.9, 0, 0, 0)).at(0.5))
        .isEqualTo(new OperatingPoint(0.5, 0, 1, 1, 2));
    assertThat(curve(stream(1, phrases, 0, 0.9, 0, 0.9, 0, 0)).at(0.5))
        .isEqualTo(new OperatingPoint(0.5, 0, 1, 0, 2));
  }

  @Test
  void at_scoresThatFollowEachOther_areOneHit() {
    assertThat(curve(stream(1, List.of(), 0.9, 0.9, 0.9, 0, 0.9)).at(0.5).falseAccepts())
        .isEqualTo(2);
    assertThat(curve(stream(1, List.of(), 0.9, 0.9, 0.9, 0.6, 0.9)).at(0.5).falseAccepts())
        .isEqualTo(1);
  }

  /** Generated scenes of the phrase say nothing about false accepts per hour. */
  @Test
  void at_streamWhoseHoursDoNotCount_hasPhrasesAlone() {
    OperatingPoint point =
        curve(
                stream(0, List.of(new Stretch(1, 1.5)), 0.9, 0, 0, 0.9),
                stream(0.5, List.of(), 0, 0.9))
            .at(0.5);
    assertThat(point).isEqualTo(new OperatingPoint(0.5, 1, 0.5, 0, 1));
    assertThat(point.falseAcceptsPerHour()).isEqualTo(2);
  }

  // --- the curve -----------------------------------------------------------------------------

  @Test
  void points_phraseScores_areThresholds() {
    OperatingCurve curve =
        curve(
            stream(0, List.of(new Stretch(1, 2), new Stretch(5, 6)), 0, 0.9, 0, 0, 0, 0.3),
            stream(1, List.of(), 0.4, 0, 0.2));
    assertThat(curve.points()).extracting(OperatingPoint::threshold).contains(0.9, 0.3, 0.4);
    OperatingPoint top = curve.points().get(curve.points().size() - 1);
    assertThat(top).isEqualTo(new OperatingPoint(0.95, 0, 1, 2, 2));
  }

  @Test
  void points_manyScores_areByRisingThresholdWhatAtSays() {
    SplittableRandom random = new SplittableRandom(4);
    List<StreamScores> streams = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      double[] scores = random.doubles(3_000).map(score -> Math.pow(score, 8)).toArray();
      List<Stretch> phrases = new ArrayList<>();
      for (int second = 20; second < 2_900; second += 200) {
        phrases.add(new Stretch(second, second + 1));
      }
      streams.add(stream(i, phrases, scores));
    }
    OperatingCurve curve = OperatingCurve.of(streams, REFRACTORY);
    List<Double> thresholds = curve.points().stream().map(OperatingPoint::threshold).toList();
    assertThat(thresholds).isSorted().doesNotHaveDuplicates().hasSizeBetween(60, 400);
    assertThat(curve.points())
        .allSatisfy(point -> assertThat(point).isEqualTo(curve.at(point.threshold())));
    double highest =
        streams.stream().flatMapToDouble(s -> Arrays.stream(s.scores())).max().orElse(2);
    assertThat(thresholds.get(thresholds.size() - 1)).isGreaterThan(highest);
    assertThat(curve.points().get(thresholds.size() - 1).falseAccepts()).isZero();
  }

  /** What is thinned out keeps both ends and the highest scores of the streams. */
  @Test
  void points_moreThanFourHundredPhrases_areThinnedOut() {
    SplittableRandom random = new SplittableRandom(5);
    List<Stretch> phrases = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      phrases.add(new Stretch(3 * i + 1, 3 * i + 1.5));
    }
    StreamScores said = stream(0, phrases, random.doubles(3_000, 0.5, 0.9).toArray());
    StreamScores other = stream(10, List.of(), random.doubles(3_000, 0, 0.4).toArray());
    OperatingCurve curve = curve(said, other);
    assertThat(curve.points()).hasSize(400);
    assertThat(curve.points().get(0).threshold()).isLessThan(0.3);
    assertThat(curve.points().get(0).falseAccepts()).isPositive();
    assertThat(curve.points().get(399)).satisfies(p -> assertThat(p.missed()).isEqualTo(1_000));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 0.9999999999999999, 0.5, 0})
  void points_highestScore_isBelowTheTop(double highest) {
    OperatingCurve curve = curve(stream(1, List.of(), 0, highest));
    OperatingPoint top = curve.points().get(curve.points().size() - 1);
    assertThat(top.threshold()).isGreaterThan(highest);
    assertThat(top.falseAccepts()).isZero();
  }

  @Test
  void of_nothing_hasNoPoint() {
    OperatingCurve curve = OperatingCurve.of(List.of(), REFRACTORY);
    assertThat(curve.points()).isEmpty();
    assertThat(curve.atMost(5)).isEmpty();
    assertThat(curve.at(0.5)).isEqualTo(new OperatingPoint(0.5, 0, 0, 0, 0));
  }

  /** A sound shorter than a window. */
  @Test
  void of_phraseWithoutAnyWindow_isMissed() {
    OperatingCurve curve = curve(stream(0, List.of(new Stretch(0, 0.5))));
    assertThat(curve.at(0.5)).isEqualTo(new OperatingPoint(0.5, 0, 0, 1, 1));
    assertThat(curve.points()).isEmpty();
  }

  /** No rule may have a threshold of 0, at which all windows are one hit. */
  @Test
  void points_scoresOfZero_areNoThresholds() {
    OperatingCurve curve = curve(stream(1, List.of(new Stretch(3, 4)), 0, 0.2, 0, 0, 0));
    assertThat(curve.points()).extracting(OperatingPoint::threshold).containsExactly(0.2, 0.6);
    assertThat(curve(stream(1, List.of(), 0, 0)).points())
        .containsExactly(new OperatingPoint(0.5, 0, 1, 0, 0));
  }

  // --- the threshold for a rate --------------------------------------------------------------

  @Test
  void atMost_rate_isTheLowestThresholdThatKeepsIt() {
    OperatingCurve curve = curve(stream(2, List.of(), 0.9, 0, 0, 0.7, 0, 0, 0.5, 0, 0, 0.3));
    assertThat(curve.atMost(0).map(OperatingPoint::threshold).orElse(0.0))
        .isCloseTo(0.95, within(1e-12));
    assertThat(curve.atMost(0.5).map(OperatingPoint::threshold)).contains(0.9);
    assertThat(curve.atMost(0.99).map(OperatingPoint::threshold)).contains(0.9);
    assertThat(curve.atMost(1).map(OperatingPoint::threshold)).contains(0.7);
    assertThat(curve.atMost(1e6).map(OperatingPoint::threshold)).contains(0.3);
  }

  /** At 0.5 the long hit is one, at 0.7 two: that the lower threshold has fewer proves nothing. */
  @Test
  void atMost_lowerThresholdThatJoinsHits_isNotTaken() {
    OperatingCurve curve = curve(stream(1, List.of(), 0.9, 0.6, 0.6, 0.8));
    assertThat(curve.at(0.6).falseAccepts()).isEqualTo(1);
    assertThat(curve.at(0.7).falseAccepts()).isEqualTo(2);
    assertThat(curve.atMost(1)).map(OperatingPoint::threshold).isEqualTo(Optional.of(0.9));
  }

  // --- a point -------------------------------------------------------------------------------

  @Test
  void point_counts_areRates() {
    OperatingPoint point = new OperatingPoint(0.5, 3, 6, 2, 50);
    assertThat(point.falseAcceptsPerHour()).isEqualTo(0.5);
    assertThat(point.falseRejectRate()).isEqualTo(0.04);
    assertThat(point.boundWithoutFalseAccepts()).isEqualTo(0.5);
  }

  @Test
  void point_nothingCounted_hasNoRates() {
    OperatingPoint point = new OperatingPoint(0.5, 0, 0, 0, 0);
    assertThat(point.falseAcceptsPerHour()).isZero();
    assertThat(point.falseRejectRate()).isZero();
    assertThat(point.boundWithoutFalseAccepts()).isInfinite();
  }
}
