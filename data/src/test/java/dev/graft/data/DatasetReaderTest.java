package dev.graft.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.data.image.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class DatasetReaderTest {
  private final Path folder;

  DatasetReaderTest(@TempDir Path folder) {
    this.folder = folder;
  }

  /** The two ways in which the same tree of files comes. */
  enum Form {
    FOLDER,
    ZIP
  }

  private Path make(Form form, Map<String, byte[]> files) throws IOException {
    if (form == Form.ZIP) {
      return zip(files);
    }
    Path root = folder.resolve("data");
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = root.resolve(file.getKey());
      if (file.getKey().endsWith("/")) {
        Files.createDirectories(path);
      } else {
        Files.createDirectories(path.resolveSibling("."));
        Files.write(path, file.getValue());
      }
    }
    return root;
  }

  private Path zip(Map<String, byte[]> files) throws IOException {
    Path archive = folder.resolve("data.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(archive))) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        out.putNextEntry(new ZipEntry(file.getKey()));
        out.write(file.getValue());
        out.closeEntry();
      }
    }
    return archive;
  }

  private static Map<String, byte[]> images(String... paths) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (String path : paths) {
      files.put(path, path.endsWith("/") ? new byte[0] : TestImages.jpeg(path.hashCode()));
    }
    return files;
  }

  private static List<String> ids(Dataset dataset, Part part) {
    return dataset.part(part).stream().map(Example::id).toList();
  }

  private static Map<String, String> leftOut(Dataset dataset) {
    Map<String, String> reasons = new TreeMap<>();
    dataset.leftOut().forEach(item -> reasons.put(item.path(), item.reason()));
    return reasons;
  }

  // class folders

  @ParameterizedTest
  @EnumSource
  void read_classFolders_areTheTrainingPart(Form form) throws IOException {
    Dataset data =
        DatasetReader.read(
            make(
                form,
                images(
                    "dog/2.jpg",
                    "cat/b.png",
                    "cat/a.jpg",
                    "dog/deep/1.JPEG",
                    "10/x.webp",
                    "9/x.jpg")));
    assertThat(data.kind()).isEqualTo(DatasetKind.IMAGE);
    assertThat(data.classes()).containsExactly("10", "9", "cat", "dog");
    assertThat(data.parts()).containsOnlyKeys(Part.TRAIN);
    assertThat(ids(data, Part.TRAIN))
        .containsExactly(
            "10/x.webp", "9/x.jpg", "cat/a.jpg", "cat/b.png", "dog/2.jpg", "dog/deep/1.JPEG");
    assertThat(data.part(Part.TRAIN).get(4).label()).isEqualTo("dog");
    assertThat(data.part(Part.TRAIN).get(4).source().read())
        .isEqualTo(TestImages.jpeg("dog/2.jpg".hashCode()));
    assertThat(data.counts(Part.TRAIN)).containsEntry("cat", 2).containsEntry("9", 1);
    assertThat(data.leftOut()).isEmpty();
    assertThat(data.size()).isEqualTo(6);
  }

  @ParameterizedTest
  @EnumSource
  void read_partFoldersUnderManyNames_areParts(Form form) throws IOException {
    Dataset data =
        DatasetReader.read(
            make(
                form,
                images(
                    "Training/a/1.jpg",
                    "Training/b/1.jpg",
                    "val/a/1.jpg",
                    "DEV/b/1.jpg",
                    "evaluation/a/1.jpg",
                    "broken/a/1.jpg",
                    "readme.jpg")));
    assertThat(ids(data, Part.TRAIN)).containsExactly("Training/a/1.jpg", "Training/b/1.jpg");
    assertThat(ids(data, Part.VALIDATION)).containsExactly("DEV/b/1.jpg", "val/a/1.jpg");
    assertThat(ids(data, Part.TEST)).containsExactly("evaluation/a/1.jpg");
    assertThat(leftOut(data))
        .containsEntry("broken", "the folder is none of train, validation and test")
        .containsEntry("readme.jpg", "it lies beside the folders of the parts");
  }

  @ParameterizedTest
  @EnumSource
  void read_oneFolderAroundEverything_isLookedInto(Form form) throws IOException {
    Dataset data =
        DatasetReader.read(
            make(
                form,
                images(
                    "pets-main/pets/train/a/1.jpg",
                    "pets-main/pets/train/b/1.jpg",
                    "__MACOSX/pets/._1.jpg")));
    assertThat(data.classes()).containsExactly("a", "b");
    assertThat(ids(data, Part.TRAIN))
        .containsExactly("pets-main/pets/train/a/1.jpg", "pets-main/pets/train/b/1.jpg");
  }

  @Test
  void read_aClassNamedTest_isAClassWhereNoTrainingFolderIs() throws IOException {
    assertThat(DatasetReader.read(make(Form.FOLDER, images("test/1.jpg", "build/1.jpg"))).classes())
        .containsExactly("build", "test");
  }

  @Test
  void read_twice_isTheSame() throws IOException {
    Path root = make(Form.FOLDER, images("b/2.jpg", "b/1.jpg", "a/1.jpg"));
    assertThat(DatasetReader.read(root).parts()).isEqualTo(DatasetReader.read(root).parts());
  }

  // what is left out

  @ParameterizedTest
  @EnumSource
  void read_bookkeeping_isIgnoredSilently(Form form) throws IOException {
    Dataset data =
        DatasetReader.read(
            make(
                form,
                images(
                    "a/1.jpg",
                    "b/1.jpg",
                    "a/.hidden.jpg",
                    ".git/x.jpg",
                    "a/Thumbs.db",
                    "b/.DS_Store",
                    "__MACOSX/a/1.jpg")));
    assertThat(data.size()).isEqualTo(2);
    assertThat(data.leftOut()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void read_filesThatAreNoExamples_areLeftOutWithTheReason(Form form) throws IOException {
    Map<String, byte[]> files =
        images("a/1.jpg", "a/2.jpg", "b/1.jpg", "stray.jpg", "a/no-extension");
    files.put("a/notes.doc", "some notes".getBytes(UTF_8));
    files.put("a/empty.jpg", new byte[0]);
    files.put("b/sound.wav", new byte[] {1});
    Dataset data = DatasetReader.read(make(form, files));
    assertThat(ids(data, Part.TRAIN))
        .containsExactly("a/1.jpg", "a/2.jpg", "a/no-extension", "b/1.jpg");
    assertThat(leftOut(data))
        .containsExactly(
            Map.entry("a/empty.jpg", "the file is empty (0 bytes)"),
            Map.entry(
                "a/notes.doc",
                "neither its name nor its content is that of an image, a recording or a text"),
            Map.entry("b/sound.wav", "its kind is audio, that of the data set is image"),
            Map.entry("stray.jpg", "it lies beside the class folders, so it has no label"));
  }

  @Test
  void read_symbolicLinkLoop_ends() throws IOException {
    Path root = make(Form.FOLDER, images("a/1.jpg", "b/1.jpg"));
    Files.createSymbolicLink(root.resolve("a/loop"), root);
    Files.createSymbolicLink(root.resolve("b/gone.jpg"), root.resolve("nowhere.jpg"));
    Dataset data = DatasetReader.read(root);
    assertThat(data.size()).isEqualTo(2);
    assertThat(leftOut(data))
        .containsEntry("a/loop", "a link to a folder that was read already")
        .containsEntry("b/gone.jpg", "a link that leads nowhere");
  }

  /** It holds examples of its own, which are no class of the data. */
  @ParameterizedTest
  @EnumSource
  void read_trainedModelAmongTheClasses_isLeftOut(Form form) throws IOException {
    Map<String, byte[]> files =
        new TreeMap<>(images("a/1.jpg", "b/1.jpg", "my-model/examples/000.png", "c/1.jpg"));
    files.put("my-model/model.onnx", new byte[0]);
    files.put("my-model/config.json", new byte[0]);
    files.put("c/config.json", new byte[0]);
    Dataset data = DatasetReader.read(make(form, files));
    assertThat(data.classes()).containsExactly("a", "b", "c");
    assertThat(leftOut(data)).containsEntry("my-model", "it holds a trained model, not data");
  }

  @Test
  void read_unreadableFolderAndFile_areNamed() throws IOException {
    Path root = make(Form.FOLDER, images("a/1.jpg", "a/2.jpg", "b/1.jpg", "b/locked/1.jpg"));
    Path locked = root.resolve("b/locked");
    assumeTrue(
        locked.toFile().setReadable(false) && !Files.isReadable(locked),
        "this user may read everything");
    assertThat(leftOut(DatasetReader.read(root)))
        .containsEntry("b/locked", "the folder cannot be read: permission denied");
  }

  @ParameterizedTest
  @EnumSource
  void read_strangeAndLongNames_areFine(Form form) throws IOException {
    String longName = "n".repeat(240) + ".jpg";
    Dataset data =
        DatasetReader.read(
            make(
                form, images("Vögel/Möwe 🐦.jpg", "Vögel/" + longName, "鳥/1.jpg", "a b, c/x.jpg")));
    assertThat(data.classes()).containsExactly("Vögel", "a b, c", "鳥");
    for (Example example : data.part(Part.TRAIN)) {
      assertThat(example.source().read()).isEqualTo(TestImages.jpeg(example.id().hashCode()));
    }
  }

  @Test
  void read_zipEntriesThatLeaveTheArchive_areRefusedOneByOne() throws IOException {
    Dataset data =
        DatasetReader.read(
            zip(images("a/1.jpg", "b/1.jpg", "a/../../evil.jpg", "/etc/evil.jpg", "C:/evil.jpg")));
    assertThat(data.size()).isEqualTo(2);
    assertThat(leftOut(data)).containsOnlyKeys("a/../../evil.jpg", "/etc/evil.jpg", "C:/evil.jpg");
    assertThat(leftOut(data).values()).allMatch(reason -> reason.contains("has \"..\" in it"));
  }

  // kinds

  @ParameterizedTest
  @CsvSource({"flac,AUDIO", "WAV,AUDIO", "txt,TEXT", "tiff,IMAGE"})
  void read_extension_tellsTheKind(String extension, DatasetKind kind) throws IOException {
    assertThat(
            DatasetReader.read(make(Form.ZIP, images("a/1." + extension, "b/1." + extension)))
                .kind())
        .isEqualTo(kind);
  }

  // tables

  @ParameterizedTest
  @EnumSource
  void read_metadataCsv_givesTheLabels(Form form) throws IOException {
    Map<String, byte[]> files = images("x/1.jpg", "x/2.jpg", "3.jpg", "4.jpg");
    files.put(
        "metadata.csv",
        "\ufeffFile_Name,note,Label\nx/1.jpg,\"a, b\",cat\n./x\\2.jpg,,dog\n3.jpg,,cat\n"
            .getBytes(UTF_8));
    Dataset data = DatasetReader.read(make(form, files));
    assertThat(data.classes()).containsExactly("cat", "dog");
    assertThat(ids(data, Part.TRAIN)).containsExactly("3.jpg", "x/1.jpg", "x/2.jpg");
    assertThat(leftOut(data)).containsExactly(Map.entry("4.jpg", "metadata.csv does not name it"));
  }

  @ParameterizedTest
  @EnumSource
  void read_metadataJsonlInEachPart_givesTheLabels(Form form) throws IOException {
    Map<String, byte[]> files = images("train/1.jpg", "train/2.jpg", "test/1.jpg");
    files.put(
        "train/metadata.jsonl",
        "{\"file_name\": \"1.jpg\", \"label\": 0}\n\nno json\n{\"file_name\": \"2.jpg\", \"label\": 1}\n{\"file_name\": \"1.jpg\"}\n"
            .getBytes(UTF_8));
    files.put("test/metadata.jsonl", "{\"file_name\": \"1.jpg\", \"label\": 1}".getBytes(UTF_8));
    Dataset data = DatasetReader.read(make(form, files));
    assertThat(data.classes()).containsExactly("0", "1");
    assertThat(ids(data, Part.TEST)).containsExactly("test/1.jpg");
    assertThat(leftOut(data))
        .containsEntry("train/metadata.jsonl, line 3", "the line is no valid JSON object")
        .containsEntry("1.jpg", "line 5 of train/metadata.jsonl gives it no label");
  }

  @Test
  void read_metadataOverPartFolders_takesThePartFromTheFolder() throws IOException {
    Map<String, byte[]> files = images("train/1.jpg", "test/1.jpg", "valid/1.jpg");
    files.put(
        "metadata.csv",
        "file_name,label\ntrain/1.jpg,a\ntest/1.jpg,b\nvalid/1.jpg,a\n".getBytes(UTF_8));
    Dataset data = DatasetReader.read(make(Form.FOLDER, files));
    assertThat(data.parts()).containsOnlyKeys(Part.TRAIN, Part.VALIDATION, Part.TEST);
  }

  @Test
  void read_metadataWithBadRows_leavesThemOutByName() throws IOException {
    Files.write(folder.resolve("outside.jpg"), TestImages.jpeg(1));
    Map<String, byte[]> files = images("1.jpg", "2.jpg");
    files.put(
        "metadata.csv",
        "file_name,label\n1.jpg,a\n2.jpg,b\nmissing.jpg,a\n../outside.jpg,a\n/etc/passwd,a\nhttps://x.org/1.jpg,a\n,a\n1.jpg,b\n"
            .getBytes(UTF_8));
    Dataset data = DatasetReader.read(make(Form.FOLDER, files));
    assertThat(data.size()).isEqualTo(2);
    String unsafe =
        "its path is absolute, has \"..\" in it or is an address; expected a path inside the data";
    assertThat(leftOut(data))
        .containsEntry("missing.jpg", "there is no such file (metadata.csv, line 4)")
        .containsEntry("../outside.jpg", unsafe + " (metadata.csv, line 5)")
        .containsEntry("/etc/passwd", unsafe + " (metadata.csv, line 6)")
        .containsEntry("https://x.org/1.jpg", unsafe + " (metadata.csv, line 7)")
        .containsEntry("metadata.csv, line 8", "the row names no file")
        .containsEntry("1.jpg", "an earlier row names the same file (metadata.csv, line 9)");
  }

  @Test
  void read_plainCsv_resolvesBesideIt() throws IOException {
    Path root = make(Form.FOLDER, images("1.jpg", "sub/2.jpg", "3.jpg", "4.jpg"));
    Path table = root.resolve("labels.csv");
    Files.writeString(
        table,
        "path,species,split\n1.jpg,a,train\nsub/2.jpg,b,train\n3.jpg,a,test\n4.jpg,a,holdout\n../x.jpg,a,train\n");
    Dataset data = DatasetReader.read(table, "Species");
    assertThat(ids(data, Part.TRAIN)).containsExactly("1.jpg", "sub/2.jpg");
    assertThat(ids(data, Part.TEST)).containsExactly("3.jpg");
    assertThat(leftOut(data).get("4.jpg"))
        .startsWith("\"holdout\" is none of train, validation and test");
    assertThat(leftOut(data)).containsKey("../x.jpg");
  }

  @Test
  void read_csvWithoutTheColumns_namesThem() throws IOException {
    Path table = folder.resolve("labels.csv");
    Files.writeString(table, "path,species\n1.jpg,a\n");
    assertThatThrownBy(() -> DatasetReader.read(table))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(table.toString())
        .hasMessageContaining(
            "expected a header with a column path (or file_name) and a column label, found path, species");
  }

  @Test
  void read_csvWithOpenQuote_namesTheLine() throws IOException {
    Path table = folder.resolve("labels.csv");
    Files.writeString(table, "path,label\n1.jpg,a\n\"2.jpg,b\n");
    assertThatThrownBy(() -> DatasetReader.read(table))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("labels.csv, line 3");
  }

  @Test
  void read_emptyCsv_saysSo() throws IOException {
    Path table = folder.resolve("labels.csv");
    Files.writeString(table, "");
    assertThatThrownBy(() -> DatasetReader.read(table))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("it is empty. Expected a header line");
  }

  // what ends the reading

  @Test
  void read_missingLocation_isNamed() {
    assertThatThrownBy(() -> DatasetReader.read(folder.resolve("nowhere")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("nowhere")
        .hasMessageContaining(
            "there is no such file or folder. Expected a folder, a zip archive or a table (.csv, .tsv, .jsonl).");
  }

  @Test
  void read_singleImage_isRefused() throws IOException {
    Path file = Files.write(folder.resolve("cat.jpg"), TestImages.jpeg(1));
    assertThatThrownBy(() -> DatasetReader.read(file))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("found a single file");
  }

  @ParameterizedTest
  @EnumSource
  void read_imagesWithoutClassFolders_saysWhatIsExpected(Form form) throws IOException {
    Path root = make(form, images("1.jpg", "2.jpg"));
    assertThatThrownBy(() -> DatasetReader.read(root))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no labelled example was found. Expected one folder per class")
        .hasMessageContaining(
            "Left out: 2 items, first 1.jpg: it lies beside the class folders, so it has no label.");
  }

  @Test
  void read_brokenZip_isNamed() throws IOException {
    Path whole = zip(images("a/1.jpg", "b/1.jpg"));
    byte[] bytes = Files.readAllBytes(whole);
    Path cut =
        Files.write(folder.resolve("cut.zip"), java.util.Arrays.copyOf(bytes, bytes.length / 2));
    assertThatThrownBy(() -> DatasetReader.read(cut))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Cannot open the archive " + cut)
        .hasMessageContaining("Expected a complete zip file without encryption");
  }

  // reference data

  @Test
  @Tag("reference-data")
  void read_referenceArchives_haveTheKnownSizes() {
    Path shared = Path.of(System.getProperty("graft.shared", ""), "data");
    assumeTrue(Files.isDirectory(shared), "reference data absent: " + shared);
    Dataset ants = DatasetReader.read(shared.resolve("ants-bees.zip"));
    assertThat(ants.part(Part.TRAIN)).hasSize(244);
    assertThat(ants.part(Part.TEST)).hasSize(153);
    assertThat(ants.leftOut()).isEmpty();
    ants.requireTrainable();
    Dataset xrays = DatasetReader.read(shared.resolve("chest-xray-28.zip"));
    assertThat(xrays.counts(Part.TRAIN))
        .containsEntry("normal", 388)
        .containsEntry("pneumonia", 3494);
    assertThat(xrays.part(Part.VALIDATION)).hasSize(524);
    Dataset words = DatasetReader.read(shared.resolve("wake-words.zip"));
    assertThat(words.kind()).isEqualTo(DatasetKind.AUDIO);
    assertThat(leftOut(words)).containsKey("broken");
  }
}
