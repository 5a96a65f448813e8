package dev.graft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

final class StepFiguresTest {
  private static StepFigures figures(String name, StepRun... runs) {
    return new StepFigures(name, List.of(runs), StepFigures.Choice.MEDIAN);
  }

  private static StepFigures features(String name, double... rates) {
    return new StepFigures(
        name,
        DoubleStream.of(rates)
            .mapToObj(rate -> run(Map.of(StepRun.FEATURES, rate), 1_000_000_000))
            .toList(),
        StepFigures.Choice.MEDIAN);
  }

  private static StepRun run(Map<String, Double> rates, long peakBytes) {
    return new StepRun(rates, OptionalLong.of(peakBytes));
  }

  @Test
  void rate_oddAndEvenRounds_isTheMiddleOrTheMeanOfTwo() {
    assertThat(features("x", 30, 10, 20).rate(StepRun.FEATURES)).hasValue(20);
    assertThat(features("x", 30, 10, 20, 50).rate(StepRun.FEATURES)).hasValue(25);
  }

  @Test
  void rate_highest_isTheLeastDisturbedRound() {
    List<StepRun> runs = features("x", 30, 10, 20).runs();
    assertThat(new StepFigures("x", runs, StepFigures.Choice.HIGHEST).rate(StepRun.FEATURES))
        .hasValue(30);
  }

  @Test
  void rate_nothingMeasured_isEmpty() {
    assertThat(features("x", 30).rate(StepRun.STEP)).isEmpty();
    assertThat(features("x").rate(StepRun.FEATURES)).isEmpty();
  }

  @Test
  void line_bothPasses_givesRatiosAndSharesOfTheProducts() {
    StepFigures graft =
        figures(
            "graft-bf16", run(Map.of(StepRun.FEATURES, 200.0, StepRun.STEP, 50.0), 1_234_000_000));
    StepFigures peer =
        figures("peer", run(Map.of(StepRun.FEATURES, 80.0, StepRun.STEP, 5.0), 2_000_000_000));
    // 80 images of 2 multiply-adds are 160 of 1,000 a second, a step of them three times as many.
    assertThat(peer.line("net", 2, graft, OptionalDouble.of(1000)))
        .isEqualTo("| net | peer | 80 | 2.50 | 16 % | 5.0 | 10.00 | 3 % | 2.0 GB |");
    assertThat(graft.line("net", 2, graft, OptionalDouble.of(1000)))
        .isEqualTo("| net | graft-bf16 | 200 | 1.00 | 40 % | 50 | 1.00 | 30 % | 1.2 GB |");
  }

  @Test
  void line_onePassOrNoProducts_showsDashes() {
    StepFigures peer = features("peer", 80);
    assertThat(peer.line("net", 2, features("none"), OptionalDouble.empty()))
        .isEqualTo("| net | peer | 80 | - | - | - | - | - | 1.0 GB |");
  }

  @Test
  void header_namesTheReference_andHasAsManyColumnsAsALine() {
    String header = StepFigures.HEADER.formatted("graft-bf16");
    assertThat(header).contains("graft-bf16 is x times as fast");
    String line = features("peer", 80).line("net", 2, features("peer", 80), OptionalDouble.of(1));
    assertThat(header.lines().map(StepFiguresTest::columns).distinct())
        .containsExactly(columns(line));
  }

  private static long columns(String line) {
    return line.chars().filter(one -> one == '|').count();
  }

  @Test
  void products_inWords_countTwoOperationsForAMultiplyAdd() {
    StepFigures products = figures("products", run(Map.of(StepRun.BF16_PRODUCT, 7e11), 1));
    assertThat(products.products())
        .isEqualTo("Matrix products on this machine: bf16 1.40 TFLOP/s, fp32 not measured.");
  }

  @Test
  void of_outputOfAProcess_findsTheRatesAmongOtherLines() {
    MeasuredProcess process =
        new MeasuredProcess(
            1,
            OptionalLong.of(5),
            """
            some library says hello
            bf16-product 1.000000e+10
            bf16-product 3.000000e+10
            bf16-product 2.000000e+10
            features 1.250000e+01
            version 3.0
            """);
    assertThat(StepRun.of(process))
        .isEqualTo(
            new StepRun(
                Map.of(StepRun.BF16_PRODUCT, 3e10, StepRun.FEATURES, 12.5), OptionalLong.of(5)));
  }

  @Test
  void of_outputWithoutARate_isRefusedWithTheOutput() {
    assertThatThrownBy(
            () -> StepRun.of(new MeasuredProcess(1, OptionalLong.empty(), "out of memory")))
        .hasMessage("the process ended without a rate but wrote:\nout of memory");
  }
}
