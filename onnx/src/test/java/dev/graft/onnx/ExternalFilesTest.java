package dev.graft.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files beside an ONNX file, and where they may lie in a hub's cache. */
class ExternalFilesTest {
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  @TempDir Path folder = Path.of(".");

  /** y = w, whose values lie elsewhere; beside it a weight that the file holds itself. */
  private static byte[] model(String... locations) {
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .setName("external")
            .addInitializer(
                TensorProto.newBuilder()
                    .setName("inside")
                    .setDataType(1)
                    .addDims(1000)
                    .setRawData(ByteString.copyFrom(new byte[4000])));
    for (int i = 0; i < locations.length; i++) {
      graph
          .addNode(
              NodeProto.newBuilder().setOpType("Identity").addInput("w" + i).addOutput("y" + i))
          .addInitializer(
              TensorProto.newBuilder()
                  .setName("w" + i)
                  .setDataType(1)
                  .addDims(2)
                  .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                  .addExternalData(entry("location", locations[i]))
                  .addExternalData(entry("offset", "0")))
          .addOutput(
              ValueInfoProto.newBuilder()
                  .setName("y" + i)
                  .setType(
                      TypeProto.newBuilder()
                          .setTensorType(TypeProto.Tensor.newBuilder().setElemType(1))));
    }
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .setGraph(graph)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(18))
        .build()
        .toByteArray();
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  private Path written(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("model.onnx"), bytes);
  }

  // --- what is named -----------------------------------------------------------------------------

  @Test
  void namedBy_severalFiles_areFoundThoughNoneIsThere() throws IOException {
    Path file = written(model("weights/a.bin", "b.bin", "b.bin", "../outside"));
    assertThat(ExternalFiles.namedBy(file))
        .containsExactlyInAnyOrder("weights/a.bin", "b.bin", "../outside");
  }

  @Test
  void namedBy_weightsInside_isEmpty() throws IOException {
    assertThat(ExternalFiles.namedBy(written(model()))).isEmpty();
  }

  @Test
  void namedBy_truncatedFile_isRefused() throws IOException {
    byte[] whole = model("b.bin");
    for (int length : List.of(whole.length - 5, whole.length / 2, 3)) {
      Path file = written(Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> ExternalFiles.namedBy(file))
          .isInstanceOf(OnnxModelException.class)
          .hasMessageContaining("model.onnx: is not a readable ONNX model");
    }
  }

  @Test
  void namedBy_hugeLocation_isRefused() throws IOException {
    Path file = written(model("x".repeat(100_000)));
    assertThatThrownBy(() -> ExternalFiles.namedBy(file))
        .isInstanceOf(OnnxModelException.class)
        .hasMessageContaining("longer names, than any model has");
  }

  // --- the cache of a hub ------------------------------------------------------------------------

  private Path inCache(Path blobs) throws IOException {
    Path snapshot = folder.resolve("models--a--b/snapshots").resolve(COMMIT).resolve("onnx");
    Files.createDirectories(snapshot);
    Files.createDirectories(blobs);
    Files.createDirectories(folder.resolve("models--a--b/blobs"));
    Path weights = Files.write(blobs.resolve("1234"), new byte[8]);
    Files.createSymbolicLink(snapshot.resolve("w.bin"), snapshot.relativize(weights));
    return Files.write(snapshot.resolve("model.onnx"), model("w.bin"));
  }

  @Test
  void read_linkToContentsOfTheSameRepository_isFollowed() throws IOException {
    Path file = inCache(folder.resolve("models--a--b/blobs"));
    assertThat(OnnxModel.read(file).graph().initializers()).containsKey("w0");
  }

  @Test
  void read_linkToContentsOfAnotherRepository_isRefused() throws IOException {
    Path file = inCache(folder.resolve("models--a--c/blobs"));
    assertThatThrownBy(() -> OnnxModel.read(file))
        .isInstanceOf(OnnxModelException.class)
        .hasMessageContaining("leaves the model's folder through a symbolic link");
  }

  @Test
  void read_linkToTheRepositoryButNotItsContents_isRefused() throws IOException {
    Path file = inCache(folder.resolve("models--a--b/refs"));
    assertThatThrownBy(() -> OnnxModel.read(file))
        .isInstanceOf(OnnxModelException.class)
        .hasMessageContaining("leaves the model's folder through a symbolic link");
  }
}
