package dev.graft.runtime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs one ONNX model on the CPU: named tensors in, named tensors out.
 *
 * <p>Thread-safe: any number of threads may run at once; {@link #close} waits for them. A session
 * holds native memory and threads until it is closed.
 */
public final class InferenceSession implements AutoCloseable {

  private static final long ARENA_KEPT_UP_TO_INPUT_BYTES = 32L << 20;

  private final String sourceName;
  private final OrtSession session;
  private final Map<String, TensorDescription> inputs;
  private final Map<String, TensorDescription> outputs;
  private final Map<String, OnnxJavaType> inputTypes = new LinkedHashMap<>();
  private final Map<String, String> metadata;
  private final OrtTensors tensors;
  private final ReadWriteLock lifetime = new ReentrantReadWriteLock();
  private boolean closed;

  private InferenceSession(String sourceName, OrtEnvironment environment, OrtSession session)
      throws OrtException {
    this.sourceName = sourceName;
    this.session = session;
    this.inputs = describe(session.getInputInfo());
    this.outputs = describe(session.getOutputInfo());
    for (NodeInfo info : session.getInputInfo().values()) {
      if (info.getInfo() instanceof TensorInfo tensor) {
        inputTypes.put(info.getName(), tensor.type);
      }
    }
    this.metadata = Map.copyOf(session.getMetadata().getCustomMetadata());
    this.tensors = new OrtTensors(environment);
  }

  /**
   * Opens a model file.
   *
   * @throws RuntimeModelException if the file is missing, too large, damaged, keeps weights outside
   *     its folder, or uses what ONNX Runtime does not know
   */
  public static InferenceSession open(Path model, InferenceOptions options) {
    ModelFileCheck.check(model, options.maximumModelBytes());
    return create(
        model.toString(),
        options,
        (environment, settings) -> environment.createSession(model.toString(), settings));
  }

  /**
   * Opens a model that lies in memory and holds all its weights itself.
   *
   * @param sourceName what messages call the model
   * @throws RuntimeModelException as {@link #open(Path, InferenceOptions)}
   */
  public static InferenceSession open(byte[] model, String sourceName, InferenceOptions options) {
    if (model.length > options.maximumModelBytes()) {
      throw new RuntimeModelException(
          "Cannot open the model "
              + sourceName
              + ": it has "
              + model.length
              + " bytes, the limit is "
              + options.maximumModelBytes()
              + "; raise the limit");
    }
    ModelFileCheck.check(model, sourceName);
    return create(
        sourceName, options, (environment, settings) -> environment.createSession(model, settings));
  }

  /** The tensors that a run needs, in the model's order. */
  public List<TensorDescription> inputs() {
    return List.copyOf(inputs.values());
  }

  /** The tensors that a run gives, in the model's order. */
  public List<TensorDescription> outputs() {
    return List.copyOf(outputs.values());
  }

  /** The key-value pairs that the model file carries. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /**
   * Computes all outputs.
   *
   * @param given a value for every input, by name; integers and real numbers are converted to the
   *     width the model asks for
   * @return the outputs by name, in the model's order; the arrays belong to the caller
   * @throws RuntimeModelException if an input is missing, unknown, of another kind or shape, or if
   *     the computation fails
   * @throws IllegalStateException if the session is closed
   */
  public Map<String, TensorValue> run(Map<String, TensorValue> given) {
    return runSelected(given, outputs.keySet());
  }

  /**
   * Computes the named outputs only.
   *
   * @throws RuntimeModelException as {@link #run}, and if the model has no such output
   * @throws IllegalStateException if the session is closed
   */
  public Map<String, TensorValue> runSelected(
      Map<String, TensorValue> given, Collection<String> wanted) {
    Set<String> names = new LinkedHashSet<>(wanted);
    for (String name : names) {
      if (!outputs.containsKey(name)) {
        throw failure("it has no output \"" + name + "\"; its outputs are " + outputs(), null);
      }
    }
    requireInputs(given);
    lifetime.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException(
            "The session of " + sourceName + " is closed; open it again");
      }
      return compute(given, names);
    } catch (OrtException e) {
      throw failure(listGiven(given) + ": " + e.getMessage(), e);
    } finally {
      lifetime.readLock().unlock();
    }
  }

  /** Waits for running computations and frees native memory; closing again does nothing. */
  @Override
  public void close() {
    lifetime.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        session.close();
      }
    } catch (OrtException e) {
      throw new RuntimeModelException("Closing the session of " + sourceName + " failed", e);
    } finally {
      lifetime.writeLock().unlock();
    }
  }

  private Map<String, TensorValue> compute(Map<String, TensorValue> given, Set<String> names)
      throws OrtException {
    if (names.isEmpty()) {
      return Map.of();
    }
    try (OrtTensors.Inputs prepared = tensors.newInputs()) {
      for (Map.Entry<String, TensorValue> entry : given.entrySet()) {
        OnnxJavaType type = Objects.requireNonNull(inputTypes.get(entry.getKey()));
        prepared.add(entry.getKey(), entry.getValue(), type);
      }
      try (OrtSession.RunOptions options = runOptions(prepared.byteCount());
          OrtSession.Result result = session.run(prepared.byName(), names, options)) {
        Map<String, TensorValue> values = new LinkedHashMap<>();
        for (String name : names) {
          values.put(name, OrtTensors.read(name, result.get(name).orElseThrow()));
        }
        return values;
      }
    }
  }

  // The arena keeps the largest size it ever had; one huge photo must not cost that for ever.
  private static OrtSession.RunOptions runOptions(long inputBytes) throws OrtException {
    OrtSession.RunOptions options = new OrtSession.RunOptions();
    if (inputBytes > ARENA_KEPT_UP_TO_INPUT_BYTES) {
      options.addRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0");
    }
    return options;
  }

  private void requireInputs(Map<String, TensorValue> given) {
    if (!given.keySet().equals(inputs.keySet())) {
      throw failure(
          "it was given the inputs " + listGiven(given) + ", but it takes " + inputs(), null);
    }
    for (Map.Entry<String, TensorValue> entry : given.entrySet()) {
      TensorDescription wanted = Objects.requireNonNull(inputs.get(entry.getKey()));
      if (kindOf(entry.getValue()) != wanted.kind() || !fits(entry.getValue(), wanted)) {
        throw failure("its input is " + wanted + ", but it was given " + entry.getValue(), null);
      }
    }
  }

  private static boolean fits(TensorValue value, TensorDescription wanted) {
    long[] shape = value.shape();
    boolean fits = shape.length == wanted.shape().size();
    for (int axis = 0; fits && axis < shape.length; axis++) {
      long size = wanted.shape().get(axis);
      fits = size < 0 || size == shape[axis];
    }
    return fits;
  }

  private static TensorKind kindOf(TensorValue value) {
    if (value instanceof TensorValue.FloatValues) {
      return TensorKind.REAL;
    }
    return value instanceof TensorValue.ByteValues ? TensorKind.UNSIGNED_BYTE : TensorKind.INTEGER;
  }

  private static String listGiven(Map<String, TensorValue> given) {
    return given.entrySet().stream()
        .map(entry -> entry.getKey() + ": " + entry.getValue())
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private RuntimeModelException failure(String reason, @Nullable Throwable cause) {
    return new RuntimeModelException(
        "Running the model " + sourceName + " failed: " + reason, cause);
  }

  private static Map<String, TensorDescription> describe(Map<String, NodeInfo> infos) {
    Map<String, TensorDescription> described = new LinkedHashMap<>();
    for (NodeInfo info : infos.values()) {
      List<Long> shape = new ArrayList<>();
      TensorKind kind = TensorKind.UNSUPPORTED;
      if (info.getInfo() instanceof TensorInfo tensor) {
        Arrays.stream(tensor.getShape()).forEach(shape::add);
        kind = OrtTensors.kindOf(tensor.type);
      }
      described.put(info.getName(), new TensorDescription(info.getName(), kind, shape));
    }
    return described;
  }

  /** Makes ONNX Runtime's environment, which all sessions share. */
  static void loadLibrary() {
    try {
      NativeEnvironment.get();
    } catch (OrtException e) {
      throw new RuntimeModelException("ONNX Runtime does not start: " + e.getMessage(), e);
    }
  }

  private interface SessionFactory {
    OrtSession create(OrtEnvironment environment, OrtSession.SessionOptions settings)
        throws OrtException;
  }

  private static InferenceSession create(
      String sourceName, InferenceOptions options, SessionFactory factory) {
    try (OrtSession.SessionOptions settings = new OrtSession.SessionOptions()) {
      OrtEnvironment environment = NativeEnvironment.get();
      settings.setIntraOpNumThreads(options.threads());
      settings.setInterOpNumThreads(1);
      settings.setDeterministicCompute(true);
      settings.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      // Waiting threads sleep instead of spinning: another library's threads may need the cores.
      settings.addConfigEntry("session.intra_op.allow_spinning", "0");
      return new InferenceSession(sourceName, environment, factory.create(environment, settings));
    } catch (OrtException e) {
      throw new RuntimeModelException(
          "ONNX Runtime cannot open the model "
              + sourceName
              + ": "
              + e.getMessage()
              + "; check that the file is whole and uses standard ONNX operators",
          e);
    }
  }
}
