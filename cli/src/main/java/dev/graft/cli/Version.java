package dev.graft.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} tells. */
final class Version implements IVersionProvider {
  private static final String RESOURCE = "version.properties";

  /** The version that this build was made as. */
  static String number() {
    Properties properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream(RESOURCE)) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return properties.getProperty("version", "of unknown version");
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "graft " + number(),
      "Java "
          + System.getProperty("java.version")
          + " ("
          + System.getProperty("java.vm.name")
          + ")",
      System.getProperty("os.name") + " " + System.getProperty("os.arch")
    };
  }
}
