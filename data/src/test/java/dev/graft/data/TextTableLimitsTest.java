package dev.graft.data;

import static dev.graft.data.TextExamples.leftOut;
import static dev.graft.data.TextExamples.shown;
import static dev.graft.data.TextExamples.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables of texts that are damaged, of other encodings, or large. */
final class TextTableLimitsTest {
  private final Path folder;

  TextTableLimitsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  // what is left out

  @Test
  void read_rowsWithoutTextOrLabel_areLeftOutByNumber() throws IOException {
    Dataset data =
        DatasetReader.read(
            file(
                "a.csv",
                "text,label\n,x\n \u00a0\u200b,x\nb,\nc\nd," + "l".repeat(257) + "\ngood,x\n"));
    assertThat(shown(data, Part.TRAIN)).containsExactly("a.csv#7 x good");
    assertThat(leftOut(data))
        .containsEntry("a.csv, row 2", "its text is empty")
        .containsEntry("a.csv, row 3", "its text is empty")
        .containsEntry("a.csv, row 4", "its label is empty")
        .containsEntry("a.csv, row 5", "it has no label")
        .containsEntry(
            "a.csv, row 6",
            "its label has 257 characters, the limit is 256; is it another column's?");
  }

  @Test
  void read_badLinesOfJson_areLeftOutByNumber() throws IOException {
    Dataset data =
        DatasetReader.read(
            file(
                "a.jsonl",
                "{\"text\":\"a\",\"label\":1}\n\n{\"text\":\n[1]\n{\"text\":null,\"label\":2}\n{\"text\":[1],\"label\":2}\n"));
    assertThat(shown(data, Part.TRAIN)).containsExactly("a.jsonl#1 1 a");
    assertThat(leftOut(data))
        .containsEntry("a.jsonl, row 3", "the line is no valid JSON object")
        .containsEntry("a.jsonl, row 4", "the line is no valid JSON object")
        .containsEntry("a.jsonl, row 5", "it has no text")
        .containsEntry("a.jsonl, row 6", "it has no text");
  }

  @Test
  void read_longValues_areKeptUpToTheLimit() throws IOException {
    String tenMegabytes = "ten mega. ".repeat(1_000_000);
    Dataset data =
        DatasetReader.read(
            file(
                "a.csv",
                "text,label\n\""
                    + tenMegabytes
                    + "\",x\n"
                    + "y".repeat((16 << 20) + 1)
                    + ",x\nz,x\n"));
    assertThat(data.part(Part.TRAIN)).hasSize(2);
    assertThat(text(data.part(Part.TRAIN).get(0))).isEqualTo(tenMegabytes);
    assertThat(leftOut(data)).containsEntry("a.csv, row 3", "its text has more than 16 MiB");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text,label\n", "text,label\n,x\n ,y\n"})
  void read_noUsableRow_saysWhy(String content) throws IOException {
    Path table = file("a.csv", content);
    assertThatThrownBy(() -> DatasetReader.read(table))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Cannot use " + table + ": no row with a text and a label was found.")
        .hasMessageContaining(
            content.length() < 12
                ? "It has a header alone."
                : "Left out: 2 items, first a.csv, row 2: its text is empty.");
  }

  @Test
  void read_manyBadRows_areToldUpToALimit() throws IOException {
    Dataset data =
        DatasetReader.read(file("a.csv", "text,label\n" + "a,\n".repeat(12_000) + "good,x\n"));
    assertThat(data.leftOut()).hasSize(10_001);
    assertThat(data.leftOut().get(10_000).reason())
        .isEqualTo("2000 further rows were left out as well");
  }

  @Test
  void requireTrainable_classesOfATable_areNamedWithWhatToDo() throws IOException {
    assertThatThrownBy(
            () -> DatasetReader.read(file("a.csv", "text,label\na,x\nb,x\n")).requireTrainable())
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "expected at least 2 classes, found 1 (x, 2 examples). Add rows of another class.");
    String many =
        IntStream.range(0, 100_000)
            .mapToObj(i -> "text " + i + ",class " + i)
            .collect(Collectors.joining("\n", "text,label\n", "\n"));
    assertThatThrownBy(() -> DatasetReader.read(file("b.csv", many)).requireTrainable())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected at least 2 usable examples in each class")
        .hasMessageContaining("class 0, class 1, class 10")
        .hasMessageContaining("and 99990 more. Add examples, or remove these.");
  }

  // encodings

  @Test
  void read_bytesThatAreNoUtf8_nameFileAndLine() throws IOException {
    Path table = folder.resolve("a.csv");
    Files.write(
        table,
        "text,label\n\"line 2\nline 3 caf\u00e9\",x\nb,y\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> DatasetReader.read(table))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot read the table "
                + table
                + ": line 3 has the byte 0xE9, which is no UTF-8 there. Name its encoding (windows-1252 is that of many older"
                + " files), or save it as UTF-8.");
    Dataset data =
        DatasetReader.read(table, DatasetOptions.DEFAULT.withCharset(StandardCharsets.ISO_8859_1));
    assertThat(text(data.part(Part.TRAIN).get(0))).isEqualTo("line 2\nline 3 caf\u00e9");
  }

  @Test
  void read_oneBadByteInManyRows_leavesThatRowOut() throws IOException {
    Path table = folder.resolve("a.csv");
    String content = "text,label\n" + "fine,x\n".repeat(150) + "caf\u00e9,y\n";
    Files.write(table, content.getBytes(StandardCharsets.ISO_8859_1));
    Dataset data = DatasetReader.read(table);
    assertThat(data.part(Part.TRAIN)).hasSize(150);
    assertThat(leftOut(data))
        .containsEntry("a.csv, row 152", "line 152 has the byte 0xE9, which is no UTF-8 there");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "windows-1251", "Shift_JIS", "GB18030"})
  void read_namedEncodings_areDecoded(String encoding) throws IOException {
    Charset charset = Charset.forName(encoding);
    String word = encoding.startsWith("windows") ? "\u0434\u0430" : "\u8868\u80fd";
    Path table = folder.resolve("a.csv");
    Files.write(table, ("text,label\n\"" + word + ", x\"," + word + "\n").getBytes(charset));
    Dataset data = DatasetReader.read(table, DatasetOptions.DEFAULT.withCharset(charset));
    assertThat(shown(data, Part.TRAIN)).containsExactly("a.csv#2 " + word + " " + word + ", x");
  }

  @Test
  void read_utf16WithoutBeingTold_saysSo() throws IOException {
    Path table =
        Files.write(folder.resolve("a.csv"), "text,label\na,x\n".getBytes(StandardCharsets.UTF_16));
    assertThatThrownBy(() -> DatasetReader.read(table))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("It begins like UTF-16: name that encoding, or save it as UTF-8.");
  }

  // damage

  @Test
  void read_openQuote_namesTheLine() throws IOException {
    Path table = file("a.csv", "text,label\na,x\n\"b,y\nc,z\n");
    assertThatThrownBy(() -> DatasetReader.read(table))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("the quote at the begin of a value in line 3 is never closed");
  }

  @Test
  void read_tooManyColumns_isRefused() throws IOException {
    Path table = file("a.csv", ",".repeat(20_000) + "\n");
    assertThatThrownBy(() -> DatasetReader.read(table))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("line 1: it has more than 10000 columns");
  }

  @Test
  void read_moreRowsThanTheLimit_isRefused() throws IOException {
    Path table = folder.resolve("a.csv");
    try (BufferedWriter out = Files.newBufferedWriter(table)) {
      out.write("text,label\n");
      for (int i = 0; i <= LabelledTexts.MOST_ROWS; i++) {
        out.write("a,x\n");
      }
    }
    assertThatThrownBy(() -> DatasetReader.read(table))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("it has more than 1000000 rows with text and label");
  }

  // large files

  /** A table of so many bytes, each row's text told by its number. */
  private Path large(long bytes, int wordsPerRow) throws IOException {
    Path table = folder.resolve("large.csv");
    long written = 0;
    try (BufferedWriter out = Files.newBufferedWriter(table)) {
      out.write("id,text,label\n");
      for (int row = 2; written < bytes; row++) {
        String line =
            row
                + ",\"row "
                + row
                + ", \"\""
                + "word ".repeat(wordsPerRow)
                + "\"\"\",class"
                + row % 7
                + "\n";
        out.write(line);
        written += line.length();
      }
    }
    return table;
  }

  private static void requireTextsOfTheirRows(Dataset data, int wordsPerRow) {
    int step = Math.max(1, data.size() / 997);
    for (int i = 0; i < data.size(); i += step) {
      Example example = data.part(Part.TRAIN).get(i);
      String row = example.id().substring("large.csv#".length());
      assertThat(text(example))
          .isEqualTo("row " + row + ", \"" + "word ".repeat(wordsPerRow) + "\"");
    }
  }

  @Test
  void read_tableAboveTheHeldSize_readsTextsFromTheDisk() throws IOException {
    Path table = large((64 << 20) + 1_000, 400);
    Dataset data = DatasetReader.read(table);
    assertThat(data.classes()).hasSize(7);
    requireTextsOfTheirRows(data, 400);
    Example first = data.part(Part.TRAIN).get(0);
    Files.writeString(table, Files.readString(table).replace("word", "wort"));
    assertThatThrownBy(() -> first.source().read())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("another text stands there than when the data set was read");
    Files.delete(table);
    assertThatThrownBy(() -> first.source().read())
        .isInstanceOf(DataException.class)
        .hasMessageContaining(first.source().name() + ": no such file");
  }

  @Test
  void read_linesOfJsonAboveTheHeldSize_readTextsFromTheDisk() throws IOException {
    Path table = folder.resolve("large.jsonl");
    String words = "w\\u00f6rd ".repeat(4_000);
    try (BufferedWriter out = Files.newBufferedWriter(table)) {
      for (int i = 1; i <= 2_000; i++) {
        out.write("{\"label\":\"" + i % 2 + "\",\"Text\":\"" + i + " " + words + "\"}\n");
      }
    }
    assertThat(Files.size(table)).isGreaterThan(64 << 20);
    Example last = DatasetReader.read(table).part(Part.TRAIN).get(1_999);
    assertThat(last.id()).isEqualTo("large.jsonl#999");
    assertThat(text(last)).isEqualTo("999 " + "w\u00f6rd ".repeat(4_000));
  }

  /** Run with a heap of 256 MiB, a gigabyte in 0.9 million rows must do. */
  @Test
  @Tag("slow")
  void read_gigabyte_needsBoundedMemory() throws IOException {
    Dataset data = DatasetReader.read(large(1L << 30, 230));
    assertThat(data.size()).isGreaterThan(800_000);
    requireTextsOfTheirRows(data, 230);
  }
}
