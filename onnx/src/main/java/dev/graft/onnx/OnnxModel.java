package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An ONNX model: a checked graph with its operator sets and metadata.
 *
 * <p>Reading leaves a model at its own operator set and never executes code from the file.
 * Immutable and thread-safe.
 */
public final class OnnxModel {
  /** The largest protobuf message that Java reads or writes: 2 GB. */
  private static final long MAX_FILE_BYTES = Integer.MAX_VALUE - 8L;

  private final ModelProto proto;
  private final ExternalData external;
  private final String source;
  private final Graph graph;
  private volatile @Nullable String sha256;

  private OnnxModel(
      ModelProto proto, ExternalData external, String source, @Nullable String sha256) {
    this.proto = proto;
    this.external = external;
    this.source = source;
    this.sha256 = sha256;
    this.graph = Graph.of(proto.getGraph(), external, source);
  }

  /**
   * Reads and checks a model file; external data beside it is memory-mapped.
   *
   * @throws OnnxModelException if the file cannot be read, is damaged, is not ONNX, or refers to
   *     files outside its folder
   */
  public static OnnxModel read(Path file) {
    String source = file.toString();
    try {
      long size = Files.size(file);
      if (Files.isDirectory(file)) {
        throw new OnnxModelException(
            source + ": is a folder; expected an ONNX file. Name the .onnx file inside it.");
      }
      if (!Files.isRegularFile(file)) {
        throw new OnnxModelException(
            source + ": is not a regular file; expected an ONNX file. Copy it to disk first.");
      }
      long heap = Runtime.getRuntime().maxMemory();
      if (size <= MAX_FILE_BYTES && size > heap) {
        throw new OnnxModelException(
            "%s: %d bytes, more than the heap of %d bytes. Start Java with a larger heap (-Xmx)."
                .formatted(source, size, heap));
      }
      if (size > MAX_FILE_BYTES) {
        throw new OnnxModelException(
            "%s: %d bytes; expected at most 2 GB in one file. Export the model with external data."
                .formatted(source, size));
      }
      return parse(Files.readAllBytes(file), source, file);
    } catch (IOException failure) {
      throw new OnnxModelException(
          "%s: cannot be read: %s. Check the path and its permissions.".formatted(source, failure),
          failure);
    }
  }

  /**
   * Parses and checks a model.
   *
   * @param bytes the file's content; must not be changed afterwards
   * @param sourceName what messages call it
   * @throws OnnxModelException as for {@link #read}
   */
  public static OnnxModel parse(byte[] bytes, String sourceName) {
    return parse(bytes, sourceName, null);
  }

  private static OnnxModel parse(byte[] bytes, String source, @Nullable Path file) {
    ModelChecker.checkBytes(bytes, source);
    ModelProto proto;
    try {
      CodedInputStream stream = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
      // Weights then view the array that was read instead of being copied.
      stream.enableAliasing(true);
      stream.setSizeLimit(Integer.MAX_VALUE);
      proto = ModelProto.parseFrom(stream);
    } catch (IOException failure) {
      throw ModelChecker.unparsable(source, bytes.length, failure);
    }
    ModelChecker.check(proto, source);
    ExternalData external = ExternalData.map(proto.getGraph().getInitializerList(), file, source);
    MessageDigest digest = sha256Digest();
    digest.update(bytes);
    external.byName().values().forEach(buffer -> digest.update(buffer.duplicate()));
    return new OnnxModel(proto, external, source, HexFormat.of().formatHex(digest.digest()));
  }

  static OnnxModel of(ModelProto proto, ExternalData external, String source) {
    ModelChecker.check(proto, source);
    return new OnnxModel(proto, external, source, null);
  }

  /**
   * Writes the model atomically, with all data inside the one file.
   *
   * @throws OnnxModelException if the file cannot be written or would exceed 2 GB
   */
  public void write(Path file) {
    ModelProto whole = inlined();
    try {
      AtomicFile.write(file, whole::writeTo);
    } catch (IOException failure) {
      throw new OnnxModelException(
          "%s: cannot be written: %s. Check that the folder exists, is writable and has %d bytes free."
              .formatted(file, failure, whole.getSerializedSize()),
          failure);
    }
  }

  /** The file content that {@link #write} writes; the same model always gives the same bytes. */
  public byte[] toBytes() {
    return inlined().toByteArray();
  }

  /**
   * The SHA-256 in hexadecimal of the file as read (followed by its external data in order of the
   * tensors' names), or of {@link #toBytes()} for a built model.
   */
  public String sha256() {
    String known = sha256;
    if (known == null) {
      known = HexFormat.of().formatHex(sha256Digest().digest(toBytes()));
      sha256 = known;
    }
    return known;
  }

  /** The file or name the model came from, for messages. */
  public String source() {
    return source;
  }

  /** The nodes and tensors. */
  public Graph graph() {
    return graph;
  }

  /** The version of the default operator set. */
  public int opset() {
    return opsets().getOrDefault("", 0);
  }

  /** The version of each operator set by domain; the default domain is "". */
  public Map<String, Integer> opsets() {
    Map<String, Integer> versions = new TreeMap<>();
    for (OperatorSetIdProto entry : proto.getOpsetImportList()) {
      String domain = entry.getDomain().equals("ai.onnx") ? "" : entry.getDomain();
      versions.put(domain, (int) entry.getVersion());
    }
    return Collections.unmodifiableMap(versions);
  }

  /** The version of the file format. */
  public int irVersion() {
    return (int) proto.getIrVersion();
  }

  /** The program that wrote the model; may be empty. */
  public String producer() {
    return (proto.getProducerName() + " " + proto.getProducerVersion()).trim();
  }

  /** The model's own key-value notes, in file order. */
  public Map<String, String> metadata() {
    Map<String, String> entries = new LinkedHashMap<>();
    for (StringStringEntryProto entry : proto.getMetadataPropsList()) {
      entries.put(entry.getKey(), entry.getValue());
    }
    return Collections.unmodifiableMap(entries);
  }

  /** The same model with these notes instead of its own, in the map's order. */
  public OnnxModel withMetadata(Map<String, String> metadata) {
    return edit().setMetadata(metadata).build();
  }

  /** An editor that starts with this model; this model stays as it is. */
  public ModelEditor edit() {
    return new ModelEditor(this);
  }

  /**
   * The same computation at a newer default operator set, with local functions expanded; a model
   * that is newer already keeps its own.
   *
   * @param opset 7 to 28
   * @throws OnnxModelException naming a node that has no equal there
   */
  public OnnxModel upgradeTo(int opset) {
    return OpsetUpgrade.upgrade(this, opset);
  }

  /**
   * The same computation in real numbers: weights of quantised operators (ConvInteger and
   * MatMulInteger with DynamicQuantizeLinear; QuantizeLinear and DequantizeLinear) become FLOAT
   * initialisers, and the quantisation of activations is dropped.
   *
   * @throws OnnxModelException naming quantised operators that have no such form
   */
  public OnnxModel dequantized() {
    return QuantisationRemoval.apply(this).model();
  }

  /**
   * The same model with its weights stored in half the bytes: each FLOAT initialiser that may train
   * (see {@link Layers}) and has more than one axis becomes FLOAT16 under its own name, rounded to
   * nearest even (relative error at most 2^-11 from 6.1e-5 on, absolute error at most 3e-8 below),
   * and a Cast to FLOAT gives it to the nodes. Vectors (biases, parameters and statistics of norms)
   * and tensors with a value beyond 65,504 stay FLOAT.
   */
  public OnnxModel withHalfWeights() {
    return HalfWeights.stored(this);
  }

  /**
   * The same computation for any number of examples, where the file has a batch size of 1 baked
   * into its inputs, Reshape targets and class token; unchanged where the batch is free already.
   * The examples are followed through every node, also where attention folds its heads into their
   * dimension: none is mixed with another.
   *
   * @throws OnnxModelException naming the node for which this cannot be proved
   */
  public OnnxModel withDynamicBatch() {
    return BatchDimension.makeDynamic(this);
  }

  /**
   * The same computation with shape arithmetic replaced by constants wherever it has one possible
   * outcome, so that fewer tensors are needed across a cut.
   */
  public OnnxModel withFoldedShapes() {
    return ShapeFolding.fold(this);
  }

  ModelProto proto() {
    return proto;
  }

  private ModelProto inlined() {
    long externalBytes = external.byName().values().stream().mapToLong(ByteBuffer::remaining).sum();
    if (externalBytes + proto.getSerializedSize() > MAX_FILE_BYTES) {
      throw new OnnxModelException(
          "%s: %d bytes of weights do not fit into one file of 2 GB. Choose a smaller backbone."
              .formatted(source, externalBytes));
    }
    if (external.isEmpty()) {
      return proto;
    }
    GraphProto.Builder builder = proto.getGraph().toBuilder();
    int index = 0;
    for (OnnxTensor tensor : graph.initializers().values()) {
      builder.setInitializer(index++, tensor.inlineProto());
    }
    return proto.toBuilder().setGraph(builder).build();
  }

  private static MessageDigest sha256Digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
