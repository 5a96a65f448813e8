package dev.graft.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.data.audio.AudioDecoder;
import dev.graft.data.audio.TestSounds;
import dev.graft.data.image.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Recordings in every layout, and tables that name segments of them. */
final class SegmentTableTest {
  private static final byte[] LONG = TestSounds.wav(new float[160_000], 16_000);

  private final Path folder;

  SegmentTableTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private Dataset table(String text) throws IOException {
    Files.write(folder.resolve("long.wav"), LONG);
    return DatasetReader.read(Files.writeString(folder.resolve("labels.csv"), text));
  }

  private static List<String> ids(Dataset dataset) {
    return dataset.part(Part.TRAIN).stream().map(Example::id).toList();
  }

  @Test
  void read_tableWithSegments_givesAnExampleForEach() throws IOException {
    Dataset dataset =
        table(
            """
            path,start,end,label
            long.wav,0,1.5,bark
            long.wav,1.5,3,howl
            long.wav,8.25,,bark
            long.wav,,2,howl
            long.wav,,,both
            """);
    assertThat(dataset.kind()).isEqualTo(DatasetKind.AUDIO);
    assertThat(ids(dataset))
        .containsExactly(
            "long.wav", "long.wav#0-1.5", "long.wav#0-2", "long.wav#1.5-3", "long.wav#8.25-end");
    assertThat(dataset.leftOut()).isEmpty();
    assertThat(dataset.part(Part.TRAIN).get(0).source().segment()).isEmpty();
    assertThat(dataset.part(Part.TRAIN).get(3).source().segment()).hasValue(new Segment(1.5, 3));
    assertThat(dataset.part(Part.TRAIN).get(3).label()).isEqualTo("howl");
    assertThat(
            new AudioDecoder().decode(dataset.part(Part.TRAIN).get(4).source(), 16_000).samples())
        .hasSize(28_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-1,2 | start: expected 0 seconds or more, found -1",
        "3,3 | end: expected more than the start of 3 seconds, found 3",
        "3,2.5 | end: expected more than the start of 3 seconds, found 2.5",
        "soon,2 | start: expected a number of seconds, found \"soon\"",
        "1,NaN | end: expected a number of seconds, found \"NaN\"",
        "1,Infinity | end: expected a number of seconds, found \"Infinity\"",
        "1:30,2 | start: expected a number of seconds, found \"1:30\"",
      })
  void read_badTimes_areLeftOutWithTheLine(String times, String reason) throws IOException {
    Dataset dataset = table("path,start,end,label\nlong.wav,1,2,a\nlong.wav," + times + ",b\n");
    assertThat(ids(dataset)).containsExactly("long.wav#1-2");
    assertThat(dataset.leftOut()).hasSize(1);
    assertThat(dataset.leftOut().get(0).path()).isEqualTo("long.wav");
    assertThat(dataset.leftOut().get(0).reason()).contains(reason).contains("labels.csv, line 3)");
  }

  @Test
  void read_sameSegmentTwice_keepsTheFirst() throws IOException {
    Dataset dataset =
        table("path,start,end,label\nlong.wav,1,2,a\nlong.wav,1.0,2.0,b\nlong.wav,1,3,b\n");
    assertThat(ids(dataset)).containsExactly("long.wav#1-2", "long.wav#1-3");
    assertThat(dataset.leftOut().get(0).reason())
        .startsWith("an earlier row names the same segment of the file");
  }

  @Test
  void read_segmentBeyondTheEnd_isToldWhenDecoded() throws IOException {
    Dataset dataset = table("path,start,end,label\nlong.wav,9,12,a\nlong.wav,1,2,b\n");
    Example beyond = dataset.part(Part.TRAIN).get(1);
    assertThatThrownBy(() -> new AudioDecoder().decode(beyond.source(), 16_000))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("long.wav#9-12")
        .hasMessageContaining("beyond the end of the recording, which has 10.00 s");
  }

  @Test
  void read_imagesWithStartAndEnd_ignoresThem() throws IOException {
    Files.write(folder.resolve("a.jpg"), TestImages.jpeg(1));
    Dataset dataset =
        DatasetReader.read(
            Files.writeString(
                folder.resolve("labels.csv"), "path,start,end,label\na.jpg,monday,tuesday,x\n"));
    assertThat(ids(dataset)).containsExactly("a.jpg");
    assertThat(dataset.leftOut()).isEmpty();
  }

  @Test
  void contentHash_segments_dependsOnFileAndTimes() throws IOException {
    Dataset dataset = table("path,start,end,label\nlong.wav,1,2,a\nlong.wav,1,3,b\nlong.wav,,,c\n");
    List<String> hashes =
        dataset.part(Part.TRAIN).stream().map(one -> one.source().contentHash()).toList();
    assertThat(hashes).doesNotHaveDuplicates();
    assertThat(hashes.get(0)).isEqualTo(ExampleSource.hash(LONG));
    assertThat(hashes.get(1))
        .isEqualTo(ExampleSource.hash((ExampleSource.hash(LONG) + " 1-2").getBytes(UTF_8)));
    byte[] other = LONG.clone();
    other[1_000] = 1;
    Files.write(folder.resolve("other.wav"), other);
    ExampleSource changed =
        ExampleSource.SegmentSource.of(
            new ExampleSource.FileSource(folder.resolve("other.wav")), new Segment(1, 2));
    assertThat(changed.contentHash()).isNotEqualTo(hashes.get(1)).hasSize(64);
  }

  @Test
  void read_metadataLinesWithNumbers_nameSegments() throws IOException {
    Path data = Files.createDirectories(folder.resolve("data/train"));
    Files.write(data.resolve("long.wav"), LONG);
    Files.writeString(
        data.resolve("metadata.jsonl"),
        """
        {"file_name": "long.wav", "label": "a", "start": 0.5, "end": 2}
        {"file_name": "long.wav", "label": "b", "start": 2, "end": 1}
        """);
    Dataset dataset = DatasetReader.read(data.getParent());
    assertThat(ids(dataset)).containsExactly("train/long.wav#0.5-2");
    assertThat(dataset.leftOut()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void read_classFolders_findsRecordings(boolean zipped) throws IOException {
    List<String> names =
        Stream.of("a/1.WAV", "a/2.flac", "a/3.mp3", "b/4.ogg", "b/5.opus", "b/6.m4a", "b/7.aif")
            .toList();
    Path data = folder.resolve(zipped ? "data.zip" : "data");
    if (zipped) {
      try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(data))) {
        for (String name : names) {
          out.putNextEntry(new ZipEntry(name));
          out.write(LONG, 0, 5_000);
          out.closeEntry();
        }
      }
    } else {
      for (String name : names) {
        Path file = data.resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        Files.write(file, LONG);
      }
    }
    Dataset dataset = DatasetReader.read(data);
    assertThat(dataset.kind()).isEqualTo(DatasetKind.AUDIO);
    assertThat(dataset.classes()).containsExactly("a", "b");
    assertThat(dataset.size()).isEqualTo(7);
  }

  @Test
  void read_recordingWithoutExtension_isKnownByItsContent() throws IOException {
    Path data = folder.resolve("data");
    Files.createDirectories(data.resolve("a"));
    Files.createDirectories(data.resolve("b"));
    Files.write(data.resolve("a/1"), LONG);
    Files.write(data.resolve("b/2"), LONG);
    assertThat(DatasetReader.read(data).kind()).isEqualTo(DatasetKind.AUDIO);
  }
}
