package dev.graft.transfer.features;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A second JVM that writes to a store; also the code that runs in it. */
final class StoreProcess {

  static final int WIDTH = 64;

  private StoreProcess() {}

  /** Writes rows first to last - 1, says "flushed", and then as told waits or ends. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    int first = Integer.parseInt(arguments[1]);
    int last = Integer.parseInt(arguments[2]);
    try (FeatureStore store = FeatureStore.open(folder, "key", WIDTH)) {
      for (int row = first; row < last; row++) {
        store.write(key(row), features(row));
      }
      store.flush();
      answer(store.warning().orElse("flushed"));
      if (arguments[3].equals("wait")) {
        // Until the test kills this process or closes its input.
        while (System.in.read() >= 0) {
          Thread.onSpinWait();
        }
      }
    }
  }

  private static void answer(String line) {
    System.out.println(line);
    System.out.flush();
  }

  static RowKey key(int row) {
    return new RowKey("example " + row, "view");
  }

  static float[] features(int row) {
    float[] features = new float[WIDTH];
    for (int column = 0; column < WIDTH; column++) {
      features[column] = row + column / 1000f;
    }
    return features;
  }

  /** The command that runs {@link #main} with the classes of this test. */
  static List<String> command(Path folder, int first, int last, String afterwards) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx128m");
    command.add("-XX:-UsePerfData");
    command.add("-cp");
    command.add(location(FeatureStore.class) + File.pathSeparator + location(StoreProcess.class));
    command.add(StoreProcess.class.getName());
    command.add(folder.toString());
    command.add(Integer.toString(first));
    command.add(Integer.toString(last));
    command.add(afterwards);
    return command;
  }

  private static String location(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
