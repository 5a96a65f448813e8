package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/** How numbers, names, durations, commands and terminals are read and written. */
class WordingTest {
  // --- numbers -----------------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    "0, 0 bytes",
    "999, 999 bytes",
    "1700000, 1.7 MB",
    "14000000, 14 MB",
    "2500000000, 2.5 GB"
  })
  void bytes_anySize_hasFittingUnit(long bytes, String text) {
    assertThat(Wording.bytes(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0.26, 0.3 s", "59.94, 59.9 s", "61, 1 min 01 s", "3660, 1 h 01 min"})
  void seconds_anyLength_hasTwoUnits(double seconds, String text) {
    assertThat(Wording.seconds(seconds)).isEqualTo(text);
  }

  @Test
  void count_oneAndMany_inflectTheNoun() {
    assertThat(Wording.count(1, "file")).isEqualTo("1 file");
    assertThat(Wording.count(12_345, "file")).isEqualTo("12,345 files");
  }

  // --- names -------------------------------------------------------------------------------------

  @Test
  void name_controlCharactersAndDirectionMarks_areSpelledOut() {
    assertThat(Wording.name("a\u001b[2Jb\nc\u202egpj.exe"))
        .isEqualTo("a\\u001b[2Jb\\nc\\u202egpj.exe");
    assertThat(Wording.name("größer 蟻")).isEqualTo("größer 蟻");
  }

  @Test
  void shortened_longPath_keepsBothEnds() {
    assertThat(Wording.shortened("/a/very/long/path/to/photo.jpg", 16))
        .isEqualTo("/a/ve…/photo.jpg");
    assertThat(Wording.shortened("short", 16)).isEqualTo("short");
  }

  @Test
  void wrapped_longText_breaksAtBlanksOnly() {
    assertThat(Wording.wrapped("one two three-and-more four", 8))
        .containsExactly("one two", "three-and-more", "four");
  }

  @Test
  void command_wordsWithBlanksAndQuotes_canBeTypedAgain() {
    assertThat(CommandText.of(List.of("train", "my data", "it's", "a/b-c_d.zip")))
        .isEqualTo("graft train 'my data' 'it'\\''s' a/b-c_d.zip");
  }

  // --- durations ---------------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({"90s, 90", "10m, 600", "10min, 600", "1h30m, 5400", "2H, 7200"})
  void budget_usualForms_areRead(String text, long seconds) {
    assertThat(TimeBudget.parse(text)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0s", "10", "-5m", "1d", "99999999h"})
  void budget_anythingElse_isRefused(String text) {
    assertThatThrownBy(() -> TimeBudget.parse(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("expected a duration such as 90s")
        .hasMessageContaining("\"" + text + "\"");
  }

  // --- terminals ---------------------------------------------------------------------------------

  @Test
  void detect_launchersFindings_countMoreThanJavas() {
    Properties found = new Properties();
    found.setProperty("graft.terminal.in", "true");
    found.setProperty("graft.terminal.out", "false");
    found.setProperty("graft.terminal.err", "true");
    found.setProperty("graft.terminal.columns", "132");
    assertThat(Terminal.detect(found, Map.of(), false))
        .isEqualTo(new Terminal(false, true, true, true, 132));
  }

  @Test
  void detect_environment_decidesColoursAndColumns() {
    Terminal terminal =
        Terminal.detect(new Properties(), Map.of("NO_COLOR", "1", "COLUMNS", "99"), true);
    assertThat(terminal).isEqualTo(new Terminal(true, true, true, false, 99));
  }

  @Test
  void detect_dumbTerminal_getsPlainLines() {
    Terminal terminal = Terminal.detect(new Properties(), Map.of("TERM", "dumb"), true);
    assertThat(terminal.showsProgress()).isFalse();
    assertThat(terminal.coloured()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"abc, 80", "0, 80", "-5, 80", "10, 40", "100000, 80", "9999, 240"})
  void detect_oddColumns_becomeUsable(String columns, int expected) {
    assertThat(Terminal.detect(new Properties(), Map.of("COLUMNS", columns), true).columns())
        .isEqualTo(expected);
  }
}
