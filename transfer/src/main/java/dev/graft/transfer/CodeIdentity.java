package dev.graft.transfer;

import dev.graft.data.ExampleSource;
import dev.graft.engine.TrainingSession;
import dev.graft.onnx.OnnxModel;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A text that changes with the code that trains, so that what another build of the same version
 * kept does not count. Archives are built reproducibly: the same code has the same text.
 */
final class CodeIdentity {
  private static final List<Class<?>> PARTS =
      List.of(CodeIdentity.class, TrainingSession.class, ExampleSource.class, OnnxModel.class);

  private static final String TEXT =
      PARTS.stream().map(CodeIdentity::of).distinct().collect(Collectors.joining("|"));

  private CodeIdentity() {}

  /** The text: the version, and digests of the archives where the code is in such. */
  static String text() {
    return GraftVersion.text() + "|" + TEXT;
  }

  private static String of(Class<?> part) {
    CodeSource source = part.getProtectionDomain().getCodeSource();
    try {
      if (source != null && source.getLocation() != null) {
        Path archive = Path.of(source.getLocation().toURI());
        if (Files.isRegularFile(archive)) {
          return ExampleSource.hash(Files.readAllBytes(archive));
        }
      }
    } catch (IOException | URISyntaxException | RuntimeException unknown) {
      // A class loader of its own kind: then the version alone has to tell builds apart.
    }
    return "";
  }
}
