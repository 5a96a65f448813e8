package dev.graft.transfer;

import dev.graft.engine.Libtorch;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a result depends on beside data, settings and seed. Stateless, thread-safe. */
public final class RunEnvironment {
  private RunEnvironment() {}

  /** Versions, platform and number of threads by their names in a provenance; the caller's own. */
  public static Map<String, String> describe() {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("graft", GraftVersion.text());
    environment.put("java", System.getProperty("java.version", ""));
    environment.put(
        "platform", System.getProperty("os.name", "") + " " + System.getProperty("os.arch", ""));
    environment.put("threads", String.valueOf(Libtorch.threads()));
    return environment;
  }
}
