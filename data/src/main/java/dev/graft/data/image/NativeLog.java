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
 * <p>The Java binding has no method for {@code cv::utils::logging::setLogLevel(LogLevel)}, and the
 * environment variable for it would have to be set before the JVM starts. So the function is looked
 * up by its symbol and called through a binding of another function whose first argument and result
 * are integers as well; the calling conventions of the supported 64-bit platforms ignore the
 * further arguments. Where the symbol has another name (Windows), the log stays as it is.
 */
final class NativeLog {
  private static final String SET_LOG_LEVEL = "_ZN2cv5utils7logging11setLogLevelENS1_8LogLevelE";
  private static final int SILENT = 0;

  private NativeLog() {}

  static void silence() {
    try (PointerScope scope = new PointerScope()) {
      Pointer function = Loader.addressof(SET_LOG_LEVEL);
      if (function != null && !function.isNull()) {
        PointerPointer<Pointer> holder = new PointerPointer<>(1L);
        holder.put(0, function);
        BytePointer nothing = new BytePointer();
        scope.attach(nothing);
        new ErrorCallback(holder).call(SILENT, nothing, nothing, nothing, 0, nothing);
      }
    }
  }
}
