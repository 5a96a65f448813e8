package dev.graft.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which files beside an ONNX file hold its weights. They need not be there: this is how one learns
 * what belongs to a model. The file is read as a stream, weights inside it are skipped.
 *
 * <p>Source: onnx.proto3, ModelProto.graph, GraphProto.initializer, TensorProto.external_data.
 */
public final class ExternalFiles {
  private static final int MODEL_GRAPH = 7;
  private static final int GRAPH_INITIALIZER = 5;
  private static final int TENSOR_EXTERNAL_DATA = 13;
  private static final int ENTRY_KEY = 1;
  private static final int ENTRY_VALUE = 2;
  private static final int LONGEST_ENTRY_BYTES = 1 << 16;
  private static final int MOST_FILES = 1_000;

  private final String source;
  private final CodedInputStream input;
  private final Set<String> locations = new TreeSet<>();

  private ExternalFiles(String source, CodedInputStream input) {
    this.source = source;
    this.input = input;
  }

  /**
   * The locations that a model's initialisers name, as they are written there: whether one may be
   * opened is for the caller to check.
   *
   * @throws OnnxModelException if the file cannot be read or is no ONNX model
   */
  public static Set<String> namedBy(Path file) {
    String source = file.toString();
    try (InputStream stream = Files.newInputStream(file)) {
      if (Files.size(file) > Integer.MAX_VALUE) {
        throw new OnnxModelException(
            "%s: %d bytes; expected at most 2 GB in one file. Take a model with external data."
                .formatted(source, Files.size(file)));
      }
      ExternalFiles files = new ExternalFiles(source, CodedInputStream.newInstance(stream));
      files.scanModel();
      return Set.copyOf(files.locations);
    } catch (IOException failure) {
      throw new OnnxModelException(
          "%s: is not a readable ONNX model: %s. The file is truncated, damaged or of another format; fetch or export it again."
              .formatted(source, failure.getMessage()),
          failure);
    }
  }

  private void scanModel() throws IOException {
    for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
      if (isMessage(tag, MODEL_GRAPH)) {
        scanGraph();
      } else {
        skip(tag);
      }
    }
  }

  private void scanGraph() throws IOException {
    int end = input.pushLimit(input.readRawVarint32());
    for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
      if (isMessage(tag, GRAPH_INITIALIZER)) {
        scanTensor();
      } else {
        skip(tag);
      }
    }
    input.popLimit(end);
  }

  private void scanTensor() throws IOException {
    int end = input.pushLimit(input.readRawVarint32());
    for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
      if (isMessage(tag, TENSOR_EXTERNAL_DATA)) {
        scanEntry();
      } else {
        skip(tag);
      }
    }
    input.popLimit(end);
  }

  private void scanEntry() throws IOException {
    int length = input.readRawVarint32();
    if (length > LONGEST_ENTRY_BYTES || locations.size() > MOST_FILES) {
      throw new OnnxModelException(
          source
              + ": names more external data, or longer names, than any model has. Do not use it"
              + " unless you trust its source.");
    }
    int end = input.pushLimit(length);
    String key = "";
    String value = "";
    for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
      if (isMessage(tag, ENTRY_KEY)) {
        key = input.readStringRequireUtf8();
      } else if (isMessage(tag, ENTRY_VALUE)) {
        value = input.readStringRequireUtf8();
      } else {
        skip(tag);
      }
    }
    input.popLimit(end);
    if (key.equals("location")) {
      locations.add(value);
    }
  }

  private static boolean isMessage(int tag, int field) {
    return tag == (field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED);
  }

  private void skip(int tag) throws IOException {
    if (!input.skipField(tag)) {
      throw new IOException("it holds the end of a group that never began");
    }
  }
}
