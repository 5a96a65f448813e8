package dev.graft.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ModelCheckerTest {
  private final Path folder;

  ModelCheckerTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(byte[] bytes) {
    return assertThatThrownBy(() -> OnnxModel.parse(bytes, "bad.onnx"))
        .isInstanceOf(OnnxModelException.class)
        .hasMessageStartingWith("bad.onnx: ");
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(
      GraphProto.Builder graph) {
    return assertRefused(model(graph, 18).toByteArray());
  }

  private static ModelProto model(GraphProto.Builder graph, int opset) {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
        .setGraph(graph)
        .build();
  }

  /** x -> Add(x, w) -> y, with w as given. */
  private static GraphProto.Builder adding(TensorProto.Builder w) {
    return GraphProto.newBuilder()
        .addInput(ValueInfoProto.newBuilder().setName("x"))
        .addOutput(ValueInfoProto.newBuilder().setName("y"))
        .addInitializer(w.setName("w"))
        .addNode(node("Add", "y", "x", "w"));
  }

  private static NodeProto node(String operator, String output, String... inputs) {
    return NodeProto.newBuilder()
        .setOpType(operator)
        .addAllInput(Arrays.asList(inputs))
        .addOutput(output)
        .build();
  }

  private static TensorProto.Builder floats(int bytes, long... dims) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setDataType(1).setRawData(ByteString.copyFrom(new byte[bytes]));
    Arrays.stream(dims).forEach(tensor::addDims);
    return tensor;
  }

  private static TensorProto.Builder external(String location, String... entries) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setDataType(1)
            .addDims(2)
            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
            .addExternalData(entry("location", location));
    for (int i = 0; i < entries.length; i += 2) {
      tensor.addExternalData(entry(entries[i], entries[i + 1]));
    }
    return tensor;
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  private Path written(TensorProto.Builder w) throws IOException {
    Path file = folder.resolve("model.onnx");
    Files.write(file, model(adding(w), 18).toByteArray());
    return file;
  }

  @Test
  void parse_emptyFile_isRefused() {
    assertRefused(new byte[0]).hasMessageContaining("the file is empty");
  }

  @Test
  void parse_gitLfsPointer_namesTheRemedy() {
    byte[] pointer =
        "version https://git-lfs.github.com/spec/v1\noid sha256:00\n"
            .getBytes(StandardCharsets.UTF_8);
    assertRefused(pointer).hasMessageContaining("git lfs pull");
  }

  @Test
  void parse_webPage_isNamedAsSuch() {
    assertRefused("<!DOCTYPE html><html>404".getBytes(StandardCharsets.UTF_8))
        .hasMessageContaining("is a web page");
  }

  @Test
  void parse_truncatedFile_isRefusedAtEveryLength() {
    byte[] whole = Graphs.withGemmHead().output("logits", ElementType.FLOAT).build(18).toBytes();
    int step = Math.max(1, whole.length / 97);
    for (int length = 1; length < whole.length; length += step) {
      byte[] start = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> OnnxModel.parse(start, "cut.onnx"))
          .as("length %d", length)
          .isInstanceOf(OnnxModelException.class)
          .hasMessageStartingWith("cut.onnx: ");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void parse_randomBytes_isRefusedWithTypedException(long seed) {
    byte[] garbage = new byte[500];
    new SplittableRandom(seed).nextBytes(garbage);
    assertRefused(garbage);
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void parse_damagedBytes_readsOrRefusesWithTypedException(long seed) {
    byte[] bytes = Graphs.withGemmHead().output("logits", ElementType.FLOAT).build(18).toBytes();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 200; round++) {
      byte[] damaged = bytes.clone();
      for (int i = 0; i < 3; i++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      Throwable thrown = null;
      try {
        OnnxModel model = OnnxModel.parse(damaged, "damaged.onnx");
        assertThat(model.graph().outputs()).isNotEmpty();
      } catch (OnnxModelException expected) {
        thrown = expected;
      }
      if (thrown != null) {
        assertThat(thrown).as("seed %d round %d", seed, round).hasMessageContaining("damaged.onnx");
      }
    }
  }

  @Test
  void parse_noGraph_isRefused() {
    assertRefused(ModelProto.newBuilder().setIrVersion(8).build().toByteArray())
        .hasMessageContaining("holds no graph");
  }

  @Test
  void parse_graphWithoutOutput_isRefused() {
    assertRefused(
            GraphProto.newBuilder()
                .addInput(ValueInfoProto.newBuilder().setName("x"))
                .addNode(node("Relu", "y", "x")))
        .hasMessageContaining("the graph has no output");
  }

  @ParameterizedTest
  @CsvSource({"6, version 6", "29, version 29", "1000, version 1000", "0, is not stated"})
  void parse_unknownOpset_namesItAndTheKnownRange(int opset, String stated) {
    assertRefused(model(adding(floats(8, 2)), opset).toByteArray())
        .hasMessageContaining("operator set " + stated)
        .hasMessageContaining("expected 7 to 28");
  }

  @Test
  void parse_oldOpsetOfOperatorsThatNeverChanged_isRead() {
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .addInput(ValueInfoProto.newBuilder().setName("x"))
            .addNode(node("Not", "y", "x"))
            .addOutput(ValueInfoProto.newBuilder().setName("y"));
    assertThat(OnnxModel.parse(model(graph, 1).toByteArray(), "old").opset()).isEqualTo(1);
  }

  @Test
  void parse_cycle_namesItsNodes() {
    assertRefused(
            GraphProto.newBuilder()
                .addInput(ValueInfoProto.newBuilder().setName("x"))
                .addOutput(ValueInfoProto.newBuilder().setName("c"))
                .addNode(node("Add", "a", "x", "c"))
                .addNode(node("Relu", "b", "a"))
                .addNode(node("Relu", "c", "b")))
        .hasMessageContaining("the graph has a cycle")
        .hasMessageContaining("Add \"a\" (x, c -> a)")
        .hasMessageContaining("Relu \"b\"")
        .hasMessageContaining("Relu \"c\"");
  }

  @Test
  void parse_inputWithoutProducer_namesTensorAndReader() {
    assertRefused(
            GraphProto.newBuilder()
                .addOutput(ValueInfoProto.newBuilder().setName("y"))
                .addNode(node("Relu", "y", "ghost")))
        .hasMessageContaining("\"ghost\"")
        .hasMessageContaining("Relu \"y\" (ghost -> y)");
  }

  @Test
  void parse_outputWithoutProducer_isNamed() {
    assertRefused(
            GraphProto.newBuilder()
                .addInput(ValueInfoProto.newBuilder().setName("x"))
                .addNode(node("Relu", "y", "x"))
                .addOutput(ValueInfoProto.newBuilder().setName("z")))
        .hasMessageContaining("no node produces the output \"z\"");
  }

  @Test
  void parse_tensorDefinedByTwoNodes_isNamed() {
    assertRefused(
            GraphProto.newBuilder()
                .addInput(ValueInfoProto.newBuilder().setName("x"))
                .addNode(node("Relu", "y", "x"))
                .addNode(node("Tanh", "y", "x"))
                .addOutput(ValueInfoProto.newBuilder().setName("y")))
        .hasMessageContaining("\"y\" is defined twice")
        .hasMessageContaining("Tanh");
  }

  @Test
  void parse_twoInitialisersOfOneName_isNamed() {
    assertRefused(adding(floats(8, 2)).addInitializer(floats(8, 2).setName("w")))
        .hasMessageContaining("\"w\" is defined twice");
  }

  @Test
  void parse_dataShorterThanShape_namesBoth() {
    assertRefused(adding(floats(12, 2, 2)))
        .hasMessageContaining("tensor \"w\" of type FLOAT and shape [2, 2]")
        .hasMessageContaining("needs 16 bytes")
        .hasMessageContaining("found 12");
  }

  @Test
  void parse_typedDataShorterThanShape_namesBoth() {
    assertRefused(adding(TensorProto.newBuilder().setDataType(1).addDims(3).addFloatData(1)))
        .hasMessageContaining("needs 3 values")
        .hasMessageContaining("found 1");
  }

  @Test
  void parse_negativeDimension_isNamed() {
    assertRefused(adding(floats(8, -2)))
        .hasMessageContaining("negative dimension -2")
        .hasMessageContaining("\"w\"");
  }

  @Test
  void parse_overflowingShape_isRefusedWithoutAllocating() {
    assertRefused(adding(floats(8, 1L << 40, 1L << 40))).hasMessageContaining("absurd shape");
    assertRefused(adding(floats(8, 1L << 40))).hasMessageContaining("needs 4398046511104 bytes");
  }

  @Test
  void parse_unknownElementType_isNamed() {
    assertRefused(adding(floats(8, 2).setDataType(99)))
        .hasMessageContaining("unknown element type 99");
  }

  @Test
  void parse_sparseInitialiser_isRefused() {
    assertRefused(adding(floats(8, 2)).addSparseInitializer(SparseTensorProto.getDefaultInstance()))
        .hasMessageContaining("sparse");
  }

  @Test
  void read_missingFile_namesIt() {
    assertThatThrownBy(() -> OnnxModel.read(folder.resolve("none.onnx")))
        .isInstanceOf(OnnxModelException.class)
        .hasMessageContaining("none.onnx: cannot be read");
  }

  @Test
  void read_folder_isNamedAsSuch() {
    assertThatThrownBy(() -> OnnxModel.read(folder))
        .isInstanceOf(OnnxModelException.class)
        .hasMessageContaining("is a folder");
  }

  @Test
  void read_fileAboveTwoGigabytes_isRefusedWithoutReading() throws IOException {
    Path file = folder.resolve("huge.onnx");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(3L << 30);
    }
    assertThatThrownBy(() -> OnnxModel.read(file))
        .isInstanceOf(OnnxModelException.class)
        .hasMessageContaining("3221225472 bytes; expected at most 2 GB");
  }

  @Test
  void read_externalDataBesideTheModel_isMapped() throws IOException {
    byte[] bytes = new byte[24];
    bytes[16 + 3] = 0x40; // 2.0f at offset 16, little-endian
    Files.createDirectories(folder.resolve("weights"));
    Files.write(folder.resolve("weights/w.bin"), bytes);
    OnnxModel model =
        OnnxModel.read(written(external("weights/w.bin", "offset", "16", "length", "8")));
    assertThat(model.graph().constant("w").orElseThrow().toFloats()).containsExactly(2f, 0f);
    // Written again, the data lies inside.
    OnnxModel again = OnnxModel.parse(model.toBytes(), "again");
    assertThat(again.graph().constant("w").orElseThrow().toFloats()).containsExactly(2f, 0f);
  }

  @Test
  void read_externalDataChanged_givesAnotherHash() throws IOException {
    Path file = written(external("w.bin"));
    Files.write(folder.resolve("w.bin"), new byte[8]);
    String before = OnnxModel.read(file).sha256();
    Files.write(folder.resolve("w.bin"), new byte[] {1, 0, 0, 0, 0, 0, 0, 0});
    assertThat(OnnxModel.read(file).sha256()).isNotEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/passwd",
        "../secret.bin",
        "weights/../../secret.bin",
        "..\\secret.bin",
        "C:/secret.bin",
        "\\\\server\\share",
        ""
      })
  void read_externalDataOutsideTheFolder_isRefused(String location) throws IOException {
    Path file = written(external(location));
    assertThatThrownBy(() -> OnnxModel.read(file))
        .isInstanceOf(OnnxModelException.class)
        .hasMessageContaining("tensor \"w\"")
        .hasMessageContaining("is refused");
  }

  @Test
  void read_externalDataThroughLinkOutOfTheFolder_isRefused(@TempDir Path elsewhere)
      throws IOException {
    Files.write(elsewhere.resolve("w.bin"), new byte[8]);
    Files.createSymbolicLink(folder.resolve("link"), elsewhere);
    Path file = written(external("link/w.bin"));
    assertThatThrownBy(() -> OnnxModel.read(file))
        .isInstanceOf(OnnxModelException.class)
        .hasMessageContaining("symbolic link");
  }

  @Test
  void read_externalDataMissing_namesTheFile() throws IOException {
    Path file = written(external("w.bin"));
    assertThatThrownBy(() -> OnnxModel.read(file))
        .isInstanceOf(OnnxModelException.class)
        .hasMessageContaining("expected the file w.bin beside the model, found none");
  }

  @ParameterizedTest
  @CsvSource({"offset, 4", "offset, 9223372036854775807"})
  void read_externalDataTooShort_namesBothSizes(String key, String value) throws IOException {
    Files.write(folder.resolve("w.bin"), new byte[8]);
    Path file = written(external("w.bin", key, value));
    assertThatThrownBy(() -> OnnxModel.read(file))
        .isInstanceOf(OnnxModelException.class)
        .hasMessageContaining("which has only 8");
  }

  @ParameterizedTest
  @CsvSource({"offset, -1", "offset, x", "length, -8"})
  void read_externalDataNumberInvalid_isNamed(String key, String value) throws IOException {
    Files.write(folder.resolve("w.bin"), new byte[8]);
    Path file = written(external("w.bin", key, value));
    assertThatThrownBy(() -> OnnxModel.read(file))
        .isInstanceOf(OnnxModelException.class)
        .hasMessageContaining("expected a number of bytes");
  }

  @Test
  void read_externalDataOfOtherLengthThanShape_namesBoth() throws IOException {
    Files.write(folder.resolve("w.bin"), new byte[64]);
    Path file = written(external("w.bin", "length", "12"));
    assertThatThrownBy(() -> OnnxModel.read(file))
        .isInstanceOf(OnnxModelException.class)
        .hasMessageContaining("need 8 bytes, the file states 12");
  }

  @Test
  void parse_externalDataWithoutFile_isRefused() {
    assertRefused(model(adding(external("w.bin")), 18).toByteArray())
        .hasMessageContaining("has no folder");
  }
}
