package dev.graft.transfer;

/** The version of this library, from its jar; "development" where it runs from class files. */
public final class GraftVersion {
  private GraftVersion() {}

  /** The version. */
  public static String text() {
    String version = GraftVersion.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
