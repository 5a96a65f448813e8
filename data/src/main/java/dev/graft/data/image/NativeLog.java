package dev.graft.data.image;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.opencv_core.ErrorCallback;

/**
 * Keeps OpenCV from writing its own log to standard error: what goes wrong with an image is told by
 * the exception that names it.
 *
 * <p>OpenCV has {@code cv::utils::logging::setLogLevel(LogLevel)} for that, but neither of its Java
 * bindings has a method for it, and its environment variable {@code OPENCV_LOG_LEVEL} would have to
 * be set before the JVM starts, which an application that embeds this cannot do. So the function is
 * looked up by its symbol and called through a binding of another function whose first argument and
 * result are integers as well. The symbol spells the argument's type out, so that a function that
 * changed would no longer be found, and the calling conventions of the supported 64-bit platforms
 * ignore the further arguments.
 *
 * <p>Where it is not found (Windows names symbols otherwise) or the binding refuses, the log stays
 * as it is: a line too many on standard error must never keep images from being decoded.
 */
final class NativeLog {
  private static final String SET_LOG_LEVEL = "_ZN2cv5utils7logging11setLogLevelENS1_8LogLevelE";
  private static final int SILENT = 0;

  private NativeLog() {}

  /** Silences the log where that is possible; OpenCV must be loaded. */
  static void silence() {
    callWithLevel(SET_LOG_LEVEL);
  }

  /** Whether the function was found and called. */
  static boolean callWithLevel(String symbol) {
    try (PointerScope scope = new PointerScope()) {
      Pointer function = Loader.addressof(symbol);
      if (function == null || function.isNull()) {
        return false;
      }
      PointerPointer<Pointer> holder = new PointerPointer<>(1L);
      holder.put(0, function);
      BytePointer nothing = new BytePointer();
      scope.attach(nothing);
      new ErrorCallback(holder).call(SILENT, nothing, nothing, nothing, 0, nothing);
      return true;
    } catch (RuntimeException | LinkageError refused) {
      return false;
    }
  }
}
