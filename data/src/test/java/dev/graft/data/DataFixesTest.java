package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataFixesTest {
  @TempDir Path folder = Path.of(".");
  private Path table = Path.of(".");
  private Path data = Path.of(".");

  @BeforeEach
  void writeData() throws IOException {
    table = folder.resolve("fixes.csv");
    data = folder.resolve("data");
    for (String label : List.of("cat", "dog", "=sum")) {
      for (int i = 0; i < 3; i++) {
        Path file = data.resolve(label).resolve(i + ".png");
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[] {1});
      }
    }
  }

  @Test
  void csv_hostileCells_areNoFormulasAndComeBack() throws IOException {
    List<DataFix> fixes =
        List.of(
            fix("=sum/0.png", "=sum", "cat", Optional.of(DataFix.Action.RELABEL)),
            fix("@x, \"y\"\n.png", "-1", "+2", Optional.empty()),
            fix("'quoted.png", "\tcat", "dog", Optional.of(DataFix.Action.KEEP)));
    String csv = DataFixes.of(fixes).csv();
    Files.writeString(table, csv);
    assertThat(csv.lines().findFirst()).contains("path,label,suggested,action,reason,score");
    assertThat(csv).contains("'=sum/0.png,'=sum,cat,relabel").contains("'-1").contains("'+2");
    assertThat(DataFixes.read(table).list()).isEqualTo(fixes);
  }

  @Test
  void applyTo_relabelDropKeepAndUndecided_changesAndCounts() throws IOException {
    write(
        "path,label,suggested,action",
        "cat/0.png,cat,dog,relabel",
        "cat/1.png,cat,,DROP",
        "dog/0.png,dog,cat,keep",
        "dog/1.png,dog,cat,");
    FixedData fixed = DataFixes.read(table).applyTo(dataset());
    assertThat(fixed.relabelled()).isEqualTo(1);
    assertThat(fixed.dropped()).isEqualTo(1);
    assertThat(fixed.undecided()).isEqualTo(1);
    assertThat(fixed.summary())
        .isEqualTo("Fixes: 1 example relabelled, 1 dropped; 1 line has no action.");
    assertThat(fixed.dataset().counts(Part.TRAIN))
        .containsEntry("cat", 1)
        .containsEntry("dog", 4)
        .containsEntry("=sum", 3);
    assertThat(fixed.dataset().leftOut())
        .contains(new LeftOut("cat/1.png", "dropped, as " + table + " says"));
  }

  @Test
  void read_asSpreadsheetsOfSomeCountriesSave_isUnderstood() throws IOException {
    Files.write(
        table,
        "\ufeffpath;label;suggested;action\r\n.\\cat\\0.png;cat;dog;Relabel\r\n"
            .getBytes(StandardCharsets.UTF_8));
    assertThat(DataFixes.read(table).applyTo(dataset()).relabelled()).isEqualTo(1);
  }

  @Test
  void applyTo_twice_isTheSameAsOnce() throws IOException {
    write("path,label,suggested,action", "cat/0.png,cat,dog,relabel");
    DataFixes fixes = DataFixes.read(table);
    Dataset once = fixes.applyTo(dataset()).dataset();
    assertThat(fixes.applyTo(once).dataset().counts(Part.TRAIN)).isEqualTo(once.counts(Part.TRAIN));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cat/9.png,cat,dog,relabel|the data have no example \"cat/9.png\"",
        "../../etc/passwd,cat,dog,drop|its path is absolute, has \"..\" in it",
        "/etc/passwd,cat,dog,relabel|its path is absolute",
        "cat/0.png,cat,bird,relabel|\"bird\", which is no class of the data. Write one of them",
        "cat/0.png,cat,,relabel|relabelled to nothing, which is no class",
        "cat/0.png,bird,dog,relabel|\"bird\" in the table but \"cat\" in the data",
      })
  void applyTo_lineThatDoesNotFit_isRefusedByName(String line, String message) throws IOException {
    write("path,label,suggested,action", line);
    DataFixes fixes = DataFixes.read(table);
    Dataset dataset = dataset();
    assertThatThrownBy(() -> fixes.applyTo(dataset))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Applying " + table)
        .hasMessageContaining(message);
  }

  @Test
  void applyTo_contradictingLines_areRefused() throws IOException {
    write("path,suggested,action", "cat/0.png,dog,relabel", "cat/0.png,,drop");
    DataFixes fixes = DataFixes.read(table);
    Dataset dataset = dataset();
    assertThatThrownBy(() -> fixes.applyTo(dataset))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("two lines decide differently about cat/0.png")
        .hasMessageContaining("relabel to \"dog\"; drop");
  }

  @Test
  void read_unknownAction_isRefusedWithItsLine() throws IOException {
    write("path,suggested,action", "cat/0.png,dog,relabel", "cat/1.png,,delete");
    assertThatThrownBy(() -> DataFixes.read(table))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("line 3 has the action \"delete\"")
        .hasMessageContaining("keep, relabel, drop or nothing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "file,what\na,b\n", "path,label\na,b\n"})
  void read_otherTable_isRefused(String text) throws IOException {
    Files.writeString(table, text);
    assertThatThrownBy(() -> DataFixes.read(table))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("xpected a header")
        .hasMessageContaining("action");
  }

  @Test
  void read_openQuoteNoFileAndFolder_areRefused() throws IOException {
    Files.writeString(table, "path,action\n\"cat/0.png,drop\n");
    assertThatThrownBy(() -> DataFixes.read(table))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Reading the fixes " + table + ", line");
    assertThatThrownBy(() -> DataFixes.read(folder.resolve("none.csv")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("there is no such file. graft doctor DATA --out FILE writes one");
    assertThatThrownBy(() -> DataFixes.read(folder))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("it is no regular file");
  }

  private Dataset dataset() {
    return DatasetReader.read(data);
  }

  private void write(String... lines) throws IOException {
    Files.writeString(table, String.join("\n", lines) + "\n");
  }

  private static DataFix fix(
      String path, String label, String suggested, Optional<DataFix.Action> action) {
    return new DataFix(path, label, suggested, action, "because", -0.5);
  }
}
