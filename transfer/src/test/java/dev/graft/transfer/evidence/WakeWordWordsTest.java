package dev.graft.transfer.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.transfer.evidence.StreamScores.Stretch;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WakeWordWordsTest {
  /** Wilson's interval of 2 in 50: (0.0728 +- 0.0618), that of 0 in 10: 0 to 0.2775. */
  @Test
  void of_point_saysWhatWasCountedAndHowSureThatIs() {
    assertThat(WakeWordWords.of(new OperatingPoint(0.5, 1, 6.1, 2, 50)))
        .isEqualTo(
            "1 false accept in 6.10 h (0.16 per hour), 2 of 50 phrases missed (4.0 %, 95 % interval"
                + " 1.1 to 13.5 %)");
    assertThat(WakeWordWords.of(new OperatingPoint(0.5, 7, 2, 0, 10)))
        .isEqualTo(
            "7 false accepts in 2.00 h (3.50 per hour), 0 of 10 phrases missed (0.0 %, 95 % interval"
                + " 0.0 to 27.8 %)");
  }

  @Test
  void of_noFalseAccept_saysWhatThatProves() {
    assertThat(WakeWordWords.of(new OperatingPoint(0.5, 0, 6, 0, 0)))
        .isEqualTo("no false accept in 6.00 h (so at most 0.50 per hour with 95 % confidence)");
  }

  @Test
  void of_phrasesOrNothing_saysNoMore() {
    assertThat(WakeWordWords.of(new OperatingPoint(0.5, 0, 0, 1, 2)))
        .startsWith("1 of 2 phrases missed (50.0 %");
    assertThat(WakeWordWords.of(new OperatingPoint(0.5, 0, 0, 0, 0)))
        .isEqualTo("nothing was listened to");
  }

  @ParameterizedTest
  @CsvSource({
    "0.5, 0.500",
    "0.25, 0.250",
    "0.95, 0.9500",
    "0.999, 0.99900",
    "0.9999876, 0.9999876",
    "0.00001234, 0.0000123",
    "0, 0.000",
    "1, 1.000",
    "1.0000000000000002, 1.000",
    "0.9999999999999999, 0.9999999999999999"
  })
  void threshold_anywhere_hasTheDigitsThatTellItFromOne(double threshold, String expected) {
    assertThat(WakeWordWords.threshold(threshold)).isEqualTo(expected);
  }

  @Test
  void table_streamsAndPhrases_hasALineForEachRate() {
    OperatingCurve curve =
        OperatingCurve.of(
            List.of(
                new StreamScores(new double[] {0.9, 0, 0.7}, 1, 1, List.of(new Stretch(3, 3.5)), 0),
                new StreamScores(new double[] {0.8, 0, 0, 0.6}, 1, 1, List.of(), 10)),
            1);
    assertThat(WakeWordWords.table(curve))
        .containsExactly(
            "At most per hour  Threshold  False accepts        Per hour  Missed    Share",
            "0.0                   0.900              0  0 (under 0.30)  1 of 1  100.0 %",
            "0.1                   0.700              1            0.10  0 of 1    0.0 %",
            "0.2                   0.600              2            0.20  0 of 1    0.0 %");
  }

  @Test
  void table_phrasesAlone_saysThatNoRateWasMeasured() {
    OperatingCurve curve =
        OperatingCurve.of(
            List.of(new StreamScores(new double[] {0.9}, 1, 1, List.of(new Stretch(1, 1.5)), 0)),
            1);
    assertThat(WakeWordWords.table(curve))
        .containsExactly(
            "At most per hour  Threshold  False accepts  Per hour  Missed  Share",
            "0.0                   0.900              -         -  0 of 1  0.0 %");
  }

  @Test
  void table_streamsAlone_saysThatNoShareWasMeasured() {
    OperatingCurve curve =
        OperatingCurve.of(
            List.of(
                new StreamScores(
                    new double[] {0.9999999999999999, 0, 0, 0.5}, 1, 1, List.of(), 0.001)),
            1);
    List<String> table = WakeWordWords.table(curve);
    assertThat(table).hasSizeGreaterThan(1);
    assertThat(table.get(1)).contains("0 (under 3000.00)", "0 of 0").endsWith("-");
    Set<Integer> lengths = table.stream().map(String::length).collect(Collectors.toSet());
    assertThat(lengths).as("the same for all lines").hasSize(1);
  }

  @Test
  void table_nothing_isTheHeadings() {
    assertThat(WakeWordWords.table(OperatingCurve.of(List.of(), 1))).hasSize(1);
  }
}
