package dev.graft.data.text;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.util.List;
import org.bytedeco.javacpp.Loader;

/**
 * Loads the native library of Hugging Face tokenizers out of its jar.
 *
 * <p>It is unpacked where JavaCPP unpacks all other native libraries (its cache, by default in the
 * user's home, else where {@code org.bytedeco.javacpp.cachedir} says). The loader that comes with
 * the jar is not used: it keeps a cache of its own and downloads another build where it finds CUDA.
 */
final class TokenizerLibrary {
  private static final TokenizersLibrary FUNCTIONS = load();

  private TokenizerLibrary() {}

  /**
   * The library's functions.
   *
   * @throws LinkageError where there is no build for this platform, or it does not load
   */
  static TokenizersLibrary functions() {
    return FUNCTIONS;
  }

  private static TokenizersLibrary load() {
    String platform = Loader.getPlatform();
    switch (platform) {
      case "linux-x86_64" -> load("linux-x86_64", List.of("libtokenizers.so"));
      case "linux-arm64" -> load("linux-aarch64", List.of("libtokenizers.so"));
      case "macosx-arm64" -> load("osx-aarch64", List.of("libtokenizers.dylib"));
      case "windows-x86_64" ->
          load(
              "win-x86_64",
              List.of(
                  "libwinpthread-1.dll",
                  "libgcc_s_seh-1.dll",
                  "libstdc++-6.dll",
                  "tokenizers.dll"));
      default ->
          throw new UnsatisfiedLinkError(
              "there is no native library for tokenizers on "
                  + platform
                  + ", only on linux-x86_64, linux-arm64, macosx-arm64 and windows-x86_64");
    }
    return TokenizersLibrary.LIB;
  }

  /** Libraries that others need come before them. */
  private static void load(String folder, List<String> fileNames) {
    for (String fileName : fileNames) {
      String resource = "/native/lib/" + folder + "/cpu/" + fileName;
      URL packed = TokenizersLibrary.class.getResource(resource);
      if (packed == null) {
        throw new UnsatisfiedLinkError("the jar of the tokenizers lacks " + resource);
      }
      try {
        File unpacked = Loader.cacheResource(packed);
        System.load(unpacked.getAbsolutePath());
      } catch (IOException e) {
        UnsatisfiedLinkError error =
            new UnsatisfiedLinkError(
                "the native library for tokenizers cannot be unpacked: " + e.getMessage());
        error.initCause(e);
        throw error;
      }
    }
  }
}
