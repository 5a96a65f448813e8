package dev.graft.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the processor at hand can do. */
public final class Processor {
  private static final Path LINUX_DESCRIPTION = Path.of("/proc/cpuinfo");

  private Processor() {}

  /**
   * Whether matrix products of brain floats run on units of their own (AVX-512 BF16 or AMX). Told
   * from the kernel's description of the processor, so it is {@code false} on systems without one.
   */
  public static boolean hasBrainFloatUnits() {
    return flagsContain(readDescription());
  }

  static boolean flagsContain(List<String> description) {
    for (String line : description) {
      if (line.startsWith("flags")) {
        Set<String> flags =
            new HashSet<>(List.of(line.substring(line.indexOf(':') + 1).trim().split("\\s+")));
        return flags.contains("amx_bf16") || flags.contains("avx512_bf16");
      }
    }
    return false;
  }

  private static List<String> readDescription() {
    try {
      return Files.isReadable(LINUX_DESCRIPTION)
          ? Files.readAllLines(LINUX_DESCRIPTION, StandardCharsets.UTF_8)
          : List.of();
    } catch (IOException unreadable) {
      return List.of();
    }
  }
}
