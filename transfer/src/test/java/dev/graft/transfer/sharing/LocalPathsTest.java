package dev.graft.transfer.sharing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalPathsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "read /home/anna/secret/photos.zip twice | read photos.zip twice",
        "in `/home/anna/photos` | in `photos`",
        "from ~/data/birds/ on | from birds on",
        "C:\\Users\\anna\\photos\\a.jpg | a.jpg",
        "\\\\server\\share\\birds | birds",
        "(/data/a, /data/b) | (a, b)",
        "--background=/home/anna/noise | --background=noise",
      })
  void cut_absolutePaths_leaveTheirLastName(String text, String expected) {
    assertThat(LocalPaths.cut(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "graft/photo-small",
        "https://hub.example/org/name",
        "accuracy and/or recall",
        "3 / H an hour",
        "<a href='x'>y</a>",
        "// pixels: a direct buffer",
        "image [N, height, width, 3]",
        "examples/000.png",
      })
  void cut_whatIsNoAbsolutePath_stays(String text) {
    assertThat(LocalPaths.cut(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "graft train ../secret/photos --out /tmp/x/model | graft train photos --out model",
        "graft train 'my data/birds and bees' --out m | graft train 'birds and bees' --out m",
        "graft train a --backbone hf:org/name | graft train a --backbone hf:org/name",
        "graft train a --backbone=graft/photo-small | graft train a --backbone=graft/photo-small",
        "graft train a --cache=/home/anna/cache | graft train a --cache=cache",
        "graft train C:\\Users\\anna\\birds | graft train birds",
        "graft train photos/ | graft train photos",
      })
  void cutCommand_pathsOfAnyKind_leaveTheirLastName(String command, String expected) {
    assertThat(LocalPaths.cutCommand(command)).isEqualTo(expected);
  }
}
