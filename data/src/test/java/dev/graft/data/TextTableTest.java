package dev.graft.data;

import static dev.graft.data.TextExamples.leftOut;
import static dev.graft.data.TextExamples.shown;
import static dev.graft.data.TextExamples.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables whose rows are texts. */
final class TextTableTest {
  private final Path folder;

  TextTableTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  /** All that lies in the folder, as an archive. */
  private Path zipped() throws IOException {
    Path archive = folder.resolve("all.zip");
    List<Path> files;
    try (Stream<Path> found = Files.list(folder)) {
      files = found.toList();
    }
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(archive))) {
      for (Path file : files) {
        out.putNextEntry(new ZipEntry("data/" + file.getFileName()));
        out.write(Files.readAllBytes(file));
        out.closeEntry();
      }
    }
    return archive;
  }

  // forms

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a.csv | text,label;Hello,x;World,y",
        "a.csv | ID,Label,Text;1,x,Hello;2,y,World",
        "a.tsv | text>label;Hello>x;World>y",
        "a.csv | text>label;Hello>x;World>y",
        "a.jsonl | {'text': 'Hello', 'label': 'x'};{'label': 'y', 'text': 'World'}",
        "a.jsonl | {'Utterance': 'Hello', 'Intent': 'x', 'list': [1]};{'utterance': 'World', 'intent': 'y'}",
      })
  void read_formsOfATable_giveTheSameExamples(String name, String lines) throws IOException {
    Path table = file(name, lines.replace(';', '\n').replace('>', '\t').replace('\'', '"') + "\n");
    Dataset data = DatasetReader.read(table);
    assertThat(data.kind()).isEqualTo(DatasetKind.TEXT);
    int first = name.endsWith(".jsonl") ? 1 : 2;
    assertThat(shown(data, Part.TRAIN))
        .containsExactly(name + "#" + first + " x Hello", name + "#" + (first + 1) + " y World");
    assertThat(data.leftOut()).isEmpty();
  }

  @Test
  void read_semicolons_separateWhereTheHeaderHasNoComma() throws IOException {
    Dataset data = DatasetReader.read(file("a.csv", "text;label\nHello, you;x\nWorld;y\n"));
    assertThat(shown(data, Part.TRAIN)).containsExactly("a.csv#2 x Hello, you", "a.csv#3 y World");
  }

  /** Quotes of RFC 4180, all kinds of line ends, a byte order mark, and no end of the last line. */
  @Test
  void read_quotedValues_keepSeparatorsQuotesAndLineBreaks() throws IOException {
    Path table =
        file(
            "a.csv",
            "\ufefftext,label\r\n\"one, \"\"two\"\"\r\nthree\",x\n\n plain \"q\" ,y\r\"\"\"\",z\n\"a\"b,\"z\"");
    Dataset data = DatasetReader.read(table);
    assertThat(shown(data, Part.TRAIN))
        .containsExactly(
            "a.csv#2 x one, \"two\"\r\nthree",
            "a.csv#4 y  plain \"q\" ",
            "a.csv#5 z \"",
            "a.csv#6 z ab");
    assertThat(data.part(Part.TRAIN).get(1).source().name()).isEqualTo(table + ", row 4");
    assertThat(data.part(Part.TRAIN).get(1).source())
        .isInstanceOfSatisfying(
            ExampleSource.RowSource.class, source -> assertThat(source.row()).isEqualTo(4));
  }

  @Test
  void read_textsOfManyScripts_areKeptAsTheyAre() throws IOException {
    String text =
        "nul\0in, \u0645\u0631\u062d\u0628\u0627 \u05e9\u05dc\u05d5\u05dd \ud83d\ude00\u200d\ud83d\udcbb e\u0301";
    Dataset csv = DatasetReader.read(file("a.csv", "text,label\n\"" + text + "\",x\n"));
    Dataset json =
        DatasetReader.read(
            file(
                "a.jsonl",
                "{\"label\":\"x\",\"text\":\"" + text.replace("\0", "\\u0000") + "\"}\n"));
    assertThat(text(csv.part(Part.TRAIN).get(0))).isEqualTo(text);
    assertThat(text(json.part(Part.TRAIN).get(0))).isEqualTo(text);
    assertThat(csv.part(Part.TRAIN).get(0).source().contentHash())
        .isEqualTo(json.part(Part.TRAIN).get(0).source().contentHash())
        .isEqualTo(ExampleSource.hash(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void read_loneSurrogateOfJson_isTheReplacementCharacter() throws IOException {
    Dataset data =
        DatasetReader.read(file("a.jsonl", "{\"label\":\"x\",\"text\":\"a\\ud83d b\"}\n"));
    assertThat(text(data.part(Part.TRAIN).get(0))).isEqualTo("a\ufffd b");
  }

  // columns

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "id,title,description,category | d | c",
        "sentence,emotion,text | t | e",
        "words,label | w | l",
        "label,words,id,split | w | l",
        "question,answer | q | a",
        "class,text,label | t | l",
      })
  void read_columns_areFoundByTheirNames(String header, char text, char label) throws IOException {
    String row =
        header
            .lines()
            .flatMap(line -> List.of(line.split(",")).stream())
            .map(name -> name.equals("split") ? "train" : name.substring(0, 1))
            .collect(Collectors.joining(","));
    Dataset data = DatasetReader.read(file("a.csv", header + "\n" + row + "\n"));
    assertThat(shown(data, Part.TRAIN)).containsExactly("a.csv#2 " + label + " " + text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "I love it,positive | neither can be told by its name. Its columns: i love it, positive.",
        "text,one,two | the text is in text, but where the label is cannot be told by a name. Its columns: text, one, two.",
        "label,one,two | the label is in label, but where the text is cannot be told by a name",
        "label | the label is in label, but where the text is cannot be told by a name",
      })
  void read_columnsThatCannotBeTold_areListed(String header, String reason) throws IOException {
    Path table = file("a.csv", header + "\na,b,c\n");
    assertThatThrownBy(() -> DatasetReader.read(table))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Cannot use the table " + table)
        .hasMessageContaining(reason)
        .hasMessageContaining("Name the columns, or add a header line.");
  }

  @Test
  void read_namedColumns_areTaken() throws IOException {
    Path table = file("a.csv", "path,text,Ticket,Queue\np,t,k,q\n");
    Dataset data =
        DatasetReader.read(
            table, DatasetOptions.DEFAULT.withTextColumn("ticket").withLabelColumn(" QUEUE"));
    assertThat(shown(data, Part.TRAIN)).containsExactly("a.csv#2 q k");
    assertThatThrownBy(
            () -> DatasetReader.read(table, DatasetOptions.DEFAULT.withTextColumn("body")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "it has no text column body. Its columns: path, text, ticket, queue.");
    assertThatThrownBy(() -> DatasetReader.read(file("b.csv", "text,label\na,b\n"), "mood"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("it has no label column mood. Its columns: text, label.");
  }

  // parts

  @Test
  void read_columnSplit_tellsTheParts() throws IOException {
    Dataset data =
        DatasetReader.read(
            file(
                "a.csv",
                "text,label,split\na,x,train\nb,x,TEST\nc,y,dev\nd,y,\ne,y,holdout\nf,y\n"));
    assertThat(shown(data, Part.TRAIN)).containsExactly("a.csv#2 x a", "a.csv#5 y d");
    assertThat(shown(data, Part.TEST)).containsExactly("a.csv#3 x b");
    assertThat(shown(data, Part.VALIDATION)).containsExactly("a.csv#4 y c");
    assertThat(leftOut(data))
        .containsEntry("a.csv, row 6", "its part \"holdout\" is none of train, validation and test")
        .containsEntry("a.csv, row 7", "it has no part");
  }

  @ParameterizedTest
  @CsvSource({
    "train.csv, validation.tsv, test.jsonl",
    "bank-train.csv, bank-dev.tsv, bank-test.jsonl",
    "Bank_Train.csv, bank_val.tsv, bank_eval.jsonl"
  })
  void read_folderOfTables_areTheParts(String train, String validation, String test)
      throws IOException {
    file(train, "text,label\na,x\n");
    file(validation, "text\tlabel\nb\tx\n");
    file(test, "{\"text\":\"c\",\"label\":\"x\"}\n");
    file("README.md", "About it.");
    file("oos.csv", "text,label\nd,oos\n");
    for (Path location : List.of(folder, zipped())) {
      Dataset data = DatasetReader.read(location);
      String prefix = location.equals(folder) ? "" : "data/";
      assertThat(shown(data, Part.TRAIN)).containsExactly(prefix + train + "#2 x a");
      assertThat(shown(data, Part.VALIDATION)).containsExactly(prefix + validation + "#2 x b");
      assertThat(shown(data, Part.TEST)).containsExactly(prefix + test + "#1 x c");
      assertThat(leftOut(data))
          .containsValue("it is none of the tables train, validation and test");
      assertThat(leftOut(data).keySet())
          .anyMatch(path -> path.endsWith("README.md"))
          .anyMatch(path -> path.endsWith("oos.csv"));
    }
  }

  @Test
  void read_namedTable_isAllOfTheData() throws IOException {
    Path train = file("bank-train.csv", "text,label\na,x\n");
    file("bank-test.csv", "text,label\nb,x\n");
    file("news.csv", "text,label\nc,y\n");
    assertThat(DatasetReader.read(train).parts()).containsOnlyKeys(Part.TRAIN);
    Dataset both = DatasetReader.read(folder.resolve("bank"));
    assertThat(both.parts()).containsOnlyKeys(Part.TRAIN, Part.TEST);
    assertThat(both.name()).isEqualTo(folder.resolve("bank").toString());
  }

  @Test
  void read_severalDataSetsInAFolder_areNamed() throws IOException {
    file("bank-train.csv", "text,label\na,x\n");
    file("news-train.csv", "text,label\nb,x\n");
    assertThatThrownBy(() -> DatasetReader.read(folder))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "it holds 2 tables, and it cannot be told which are meant (bank-train.csv, news-train.csv)")
        .hasMessageContaining("name them by what they have in common: bank, news.");
    file("news-train.tsv", "text\tlabel\n");
    assertThatThrownBy(() -> DatasetReader.read(folder))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "news-train.csv and news-train.tsv both name the train part. Remove one of them.");
  }

  @Test
  void read_onlyTableOfAFolder_isTheData() throws IOException {
    file("tickets.csv", "text,label\na,x\n");
    assertThat(shown(DatasetReader.read(folder), Part.TRAIN)).containsExactly("tickets.csv#2 x a");
  }

  @Test
  void read_tableBesideClassFolders_isLeftOut() throws IOException {
    file("tickets.csv", "text,label\na,x\n");
    Files.createDirectories(folder.resolve("spam"));
    file("spam/1.txt", "Buy now");
    Dataset data = DatasetReader.read(folder);
    assertThat(shown(data, Part.TRAIN)).containsExactly("spam/1.txt spam Buy now");
    assertThat(leftOut(data)).containsKey("tickets.csv");
  }

  @Test
  void read_textFilesOfAnotherEncoding_readAsUtf8() throws IOException {
    Files.createDirectories(folder.resolve("a"));
    Files.write(folder.resolve("a/1.txt"), new byte[] {'f', (byte) 0xfc, 'r'});
    Dataset data =
        DatasetReader.read(
            folder, DatasetOptions.DEFAULT.withCharset(Charset.forName("windows-1252")));
    Example example = data.part(Part.TRAIN).get(0);
    assertThat(text(example)).isEqualTo("f\u00fcr");
    assertThat(example.source().contentHash())
        .isEqualTo(ExampleSource.hash("f\u00fcr".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  @Tag("reference-data")
  void read_referenceTables_haveTheKnownSizes() {
    Path shared = Path.of(System.getProperty("graft.shared", ""), "data", "text");
    assumeTrue(Files.isDirectory(shared), "reference data absent: " + shared);
    Dataset intents = DatasetReader.read(shared.resolve("clinc150"));
    assertThat(intents.classes()).hasSize(150);
    assertThat(intents.part(Part.TRAIN)).hasSize(15_000);
    assertThat(intents.part(Part.VALIDATION)).hasSize(3_000);
    assertThat(intents.part(Part.TEST)).hasSize(4_500);
    assertThat(intents.leftOut()).isEmpty();
    intents.requireTrainable();
    Dataset news = DatasetReader.read(shared.resolve("ag-news.csv"));
    assertThat(news.parts()).containsOnlyKeys(Part.TRAIN);
    assertThat(news.size()).isEqualTo(7_600);
    assertThat(
            text(
                news.part(Part.TRAIN).stream()
                    .filter(example -> example.id().equals("ag-news.csv#1000"))
                    .findFirst()
                    .orElseThrow()))
        .startsWith("AMD dual-core demo pips Intel, IBM.");
    assertThatThrownBy(() -> DatasetReader.read(shared))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("it holds 10 tables, and it cannot be told which are meant")
        .hasMessageContaining(
            "name them by what they have in common: banking77, clinc150, emotion");
  }
}
