package dev.graft.runtime;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks over an ONNX file before ONNX Runtime opens it: that it is a whole protobuf message with a
 * graph, and that every weight it keeps in another file lies in the model's own folder.
 *
 * <p>ONNX Runtime opens whatever path a weight names, so a foreign model could otherwise read any
 * file of the machine. Field numbers: onnx.proto of ONNX 1.19.
 */
final class ModelFileCheck {

  private static final int MODEL_GRAPH = 7;
  private static final int MODEL_OPSET_IMPORT = 8;
  private static final int TENSOR_EXTERNAL_DATA = 13;
  private static final int ENTRY_KEY = 1;
  private static final int ENTRY_VALUE = 2;
  private static final int MAXIMUM_DEPTH = 100;
  private static final int MAXIMUM_TEXT_BYTES = 4096;

  /** The message kinds that lead from a model to its tensors, and the fields that lead on. */
  private enum Kind {
    MODEL,
    FUNCTION,
    GRAPH,
    NODE,
    ATTRIBUTE,
    SPARSE_TENSOR,
    TENSOR,
    ENTRY
  }

  private static final Map<Kind, Map<Integer, Kind>> NESTED =
      Map.of(
          Kind.MODEL, Map.of(MODEL_GRAPH, Kind.GRAPH, 25, Kind.FUNCTION),
          Kind.FUNCTION, Map.of(7, Kind.NODE, 11, Kind.ATTRIBUTE),
          Kind.GRAPH, Map.of(1, Kind.NODE, 5, Kind.TENSOR, 15, Kind.SPARSE_TENSOR),
          Kind.NODE, Map.of(5, Kind.ATTRIBUTE),
          Kind.ATTRIBUTE,
              Map.of(
                  5, Kind.TENSOR,
                  6, Kind.GRAPH,
                  10, Kind.TENSOR,
                  11, Kind.GRAPH,
                  22, Kind.SPARSE_TENSOR,
                  23, Kind.SPARSE_TENSOR),
          Kind.SPARSE_TENSOR, Map.of(1, Kind.TENSOR, 2, Kind.TENSOR),
          Kind.TENSOR, Map.of(TENSOR_EXTERNAL_DATA, Kind.ENTRY),
          Kind.ENTRY, Map.of());

  private final String sourceName;
  private final @Nullable Path folder;
  private final ProtobufCursor cursor;
  private boolean graphSeen;
  private boolean opsetSeen;

  private ModelFileCheck(String sourceName, @Nullable Path folder, InputStream input) {
    this.sourceName = sourceName;
    this.folder = folder;
    this.cursor = new ProtobufCursor(input);
  }

  /**
   * Checks a file.
   *
   * @throws RuntimeModelException if it is missing, too large, no ONNX model, or names weights
   *     outside its folder
   */
  static void check(Path file, long maximumBytes) {
    if (!Files.isRegularFile(file)) {
      throw new RuntimeModelException(
          "Cannot open the model "
              + file
              + ": "
              + (Files.exists(file) ? "it is no regular file" : "there is no such file")
              + "; give the path of an .onnx file");
    }
    try (InputStream input = Files.newInputStream(file)) {
      long size = Files.size(file);
      if (size > maximumBytes) {
        throw new RuntimeModelException(
            "Cannot open the model "
                + file
                + ": it has "
                + size
                + " bytes, the limit is "
                + maximumBytes
                + "; keep its weights in a file beside it or raise the limit");
      }
      Path parent = file.toRealPath().getParent();
      new ModelFileCheck(file.toString(), parent, input).run(size);
    } catch (IOException e) {
      throw new RuntimeModelException(
          "Cannot read the model " + file + ": " + e + "; check that the file can be read", e);
    }
  }

  /**
   * Checks a model in memory, which must hold all its weights itself.
   *
   * @throws RuntimeModelException if it is no ONNX model or names weights in other files
   */
  static void check(byte[] model, String sourceName) {
    try {
      new ModelFileCheck(sourceName, null, new ByteArrayInputStream(model)).run(model.length);
    } catch (IOException e) {
      throw new RuntimeModelException("Cannot read the model " + sourceName + ": " + e, e);
    }
  }

  private void run(long size) throws IOException {
    if (size == 0) {
      throw damaged("it is empty", null);
    }
    try {
      scan(Kind.MODEL, size, 0);
    } catch (ProtobufCursor.MalformedException e) {
      throw damaged(e.getMessage(), e);
    }
    if (!graphSeen) {
      throw damaged("it holds no graph", null);
    }
    // Writers put this field behind the graph: a file cut between the two is a valid message.
    if (!opsetSeen) {
      throw damaged("it names no operator set", null);
    }
  }

  private void scan(Kind kind, long end, int depth) throws IOException {
    if (depth > MAXIMUM_DEPTH) {
      throw damaged("its graphs are nested more than " + MAXIMUM_DEPTH + " messages deep", null);
    }
    Map<Integer, Kind> nested = NESTED.getOrDefault(kind, Map.of());
    String key = "";
    String value = "";
    while (cursor.position() < end) {
      int tag = cursor.readTag(end);
      int field = tag >>> 3;
      boolean sized = (tag & 7) == ProtobufCursor.WIRE_LENGTH;
      opsetSeen |= kind == Kind.MODEL && field == MODEL_OPSET_IMPORT;
      Kind next = sized ? nested.get(field) : null;
      if (next != null) {
        graphSeen |= kind == Kind.MODEL && field == MODEL_GRAPH;
        scan(next, cursor.readFieldEnd(end), depth + 1);
      } else if (sized && kind == Kind.ENTRY && field == ENTRY_KEY) {
        key = cursor.readText(cursor.readFieldEnd(end), MAXIMUM_TEXT_BYTES);
      } else if (sized && kind == Kind.ENTRY && field == ENTRY_VALUE) {
        value = cursor.readText(cursor.readFieldEnd(end), MAXIMUM_TEXT_BYTES);
      } else {
        cursor.skipField(tag, end);
      }
    }
    if (kind == Kind.ENTRY && key.equals("location")) {
      requireInsideFolder(value);
    }
  }

  private void requireInsideFolder(String location) {
    if (folder == null) {
      throw refused(location, "the model was given as bytes, so no folder can hold that file");
    }
    Path path;
    try {
      path = Path.of(location);
    } catch (InvalidPathException e) {
      throw refused(location, "that is no file name");
    }
    boolean leaves = location.startsWith("/") || location.contains("\\") || location.contains(":");
    for (Path part : path) {
      leaves |= part.toString().equals("..");
    }
    if (leaves || path.isAbsolute()) {
      throw refused(location, "weights may only lie in the model's own folder");
    }
    Path target = folder.resolve(path);
    if (location.isEmpty() || !Files.isRegularFile(target)) {
      throw refused(location, "there is no such file in " + folder);
    }
    try {
      if (!target.toRealPath().startsWith(folder)) {
        throw refused(location, "a link leads from there out of the model's folder");
      }
    } catch (IOException e) {
      throw refused(location, "that file cannot be read (" + e + ")");
    }
  }

  private RuntimeModelException refused(String location, String reason) {
    return new RuntimeModelException(
        "Refused the model "
            + sourceName
            + ": it keeps weights in \""
            + location
            + "\", but "
            + reason
            + "; use a model file that holds its weights itself, or put the weight file beside it");
  }

  private RuntimeModelException damaged(@Nullable String reason, @Nullable Throwable cause) {
    return new RuntimeModelException(
        "Cannot open the model "
            + sourceName
            + ": this is no whole ONNX file ("
            + reason
            + "); export or download it again",
        cause);
  }
}
