package dev.graft.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SettingsTest {
  private static void assertRefused(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call)
        .isInstanceOf(TransferException.class)
        .hasMessageContainingAll(parts)
        .asInstanceOf(type(TransferException.class))
        .extracting(TransferException::reason)
        .isEqualTo(TransferException.Cause.SETTINGS);
  }

  // --- head

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"linear|linear", " LINEAR |linear", "256,64|256,64", " 256 , 64 |256,64", "1|1"})
  void headParse_valid_printsWhatItReads(String text, String printed) {
    HeadArchitecture head = HeadArchitecture.parse(text);

    assertThat(head).hasToString(printed);
    assertThat(HeadArchitecture.parse(head.toString())).isEqualTo(head);
    assertThat(head.isLinear()).isEqualTo(printed.equals("linear"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "big", "256,", "0", "-4", "65537", "1,2,3,4,5,6,7,8,9", "2.5", "99999999999"})
  void headParse_invalid_saysWhatIsExpected(String text) {
    assertRefused(
        () -> HeadArchitecture.parse(text),
        "Choosing the head",
        "up to 8 widths from 1 to 65536 such as \"256,64\"");
  }

  // --- strategy

  @ParameterizedTest
  @ValueSource(strings = {"head", "last:1", "last:12", "all", "head-then-all", "head-then-last:2"})
  void strategyParse_valid_printsWhatItReads(String text) {
    assertThat(Strategy.parse(text)).hasToString(text);
    assertThat(Strategy.parse(" " + text.toUpperCase(java.util.Locale.ROOT) + " "))
        .isEqualTo(Strategy.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "head,true,true",
    "last:1,false,false",
    "all,false,false",
    "head-then-all,false,true",
    "head-then-last:1,false,true"
  })
  void strategy_kind_isKnown(String text, boolean headOnly, boolean beginsWithHead) {
    assertThat(Strategy.parse(text).isHeadOnly()).isEqualTo(headOnly);
    assertThat(Strategy.parse(text).beginsWithHead()).isEqualTo(beginsWithHead);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "everything", "last", "last:", "last:-1", "last:1234567", "heads"})
  void strategyParse_invalid_listsTheChoices(String text) {
    assertRefused(
        () -> Strategy.parse(text),
        "expected auto, head, last:K, all, head-then-all,",
        "found \"" + text + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"last:0", "head-then-last:0"})
  void strategyParse_noBlocks_isRefused(String text) {
    assertRefused(() -> Strategy.parse(text), "number of last blocks must be at least 1, found 0");
  }

  // --- optimizer

  @ParameterizedTest
  @CsvSource({"auto,AUTO", "SGD,SGD", " Adam ,ADAM", "adamw,ADAMW", "lbfgs,LBFGS"})
  void optimizerParse_anyCase_isRead(String text, OptimizerChoice expected) {
    assertThat(OptimizerChoice.parse(text)).isEqualTo(expected);
  }

  @Test
  void optimizerParse_unknown_listsTheChoices() {
    assertRefused(
        () -> OptimizerChoice.parse("rmsprop"),
        "expected auto, sgd, adam, adamw or lbfgs, found \"rmsprop\"");
  }

  // --- ranges

  static Stream<Arguments> outOfRange() {
    return Stream.of(
        refused(b -> b.views(OptionalInt.of(0)), "the views must be from 1 to 64, found 0"),
        refused(b -> b.views(OptionalInt.of(65)), "the views must be from 1 to 64, found 65"),
        refused(b -> b.epochs(OptionalInt.of(0)), "the epochs must be from 1 to 100000, found 0"),
        refused(
            b -> b.batchSize(OptionalInt.of(-2)),
            "the batch size must be from 1 to 65536, found -2"),
        refused(
            b -> b.microBatch(OptionalInt.of(0)),
            "the micro-batch must be from 1 to 65536, found 0"),
        refused(
            b -> b.examplesPerClass(OptionalInt.of(0)),
            "the examples per class must be from 1 to 2147483647, found 0"),
        refused(
            b -> b.learningRate(OptionalDouble.of(0)),
            "the learning rate must be above 0 and at most 100, found 0.0"),
        refused(
            b -> b.learningRate(OptionalDouble.of(Double.NaN)),
            "the learning rate must be above 0 and at most 100, found NaN"),
        refused(
            b -> b.validationFraction(0.6),
            "the validation fraction must be above 0 and at most 0.5, found 0.6"),
        refused(
            b -> b.validationFraction(Double.NaN),
            "the validation fraction must be above 0 and at most 0.5, found NaN"),
        refused(
            b -> b.budget(java.util.Optional.of(Duration.ZERO)),
            "the budget must be above zero, found PT0S"));
  }

  private static Arguments refused(UnaryOperator<TransferSettings.Builder> change, String message) {
    return Arguments.of(change, message);
  }

  @ParameterizedTest
  @MethodSource("outOfRange")
  void settings_outOfRange_namesSettingRangeAndValue(
      UnaryOperator<TransferSettings.Builder> change, String message) {
    TransferSettings.Builder builder = change.apply(TransferSettings.defaults().toBuilder());

    assertRefused(builder::build, "Checking the settings", message);
  }

  @Test
  void settings_limitsThemselves_areAccepted() {
    TransferSettings settings =
        TransferSettings.defaults().toBuilder()
            .views(OptionalInt.of(64))
            .epochs(OptionalInt.of(1))
            .learningRate(OptionalDouble.of(100))
            .validationFraction(0.5)
            .build();

    assertThat(settings.views()).hasValue(64);
    assertThat(settings.seed()).isEqualTo(42);
    assertThat(settings.validationFraction()).isEqualTo(0.5);
  }

  @Test
  void settings_lbfgsWithUnfrozenLayers_advisesOthers() {
    TransferSettings.Builder builder =
        TransferSettings.defaults().toBuilder()
            .optimizer(OptimizerChoice.LBFGS)
            .strategy(new Strategy.AllLayers());

    assertRefused(builder::build, "L-BFGS", "with all take sgd, adam or adamw");
  }

  @Test
  void builder_unchanged_givesEqualSettings() {
    TransferSettings settings =
        TransferSettings.defaults().toBuilder()
            .cache(java.util.Optional.of(Path.of("somewhere")))
            .command("graft train")
            .build();

    assertThat(settings.toBuilder().build()).isEqualTo(settings);
  }
}
