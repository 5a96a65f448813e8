package dev.graft.zoo.architecture;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The architectures that have a name. They stand apart from the interface, which is initialised
 * before the records that they are.
 */
final class PublishedArchitectures {
  private static final Map<String, Architecture> BY_NAME = new LinkedHashMap<>();

  static {
    BY_NAME.put("resnet-18", ResNet.RESNET_18);
    BY_NAME.put("resnet-34", ResNet.RESNET_34);
    BY_NAME.put("resnet-50", ResNet.RESNET_50);
    BY_NAME.put("mobilenet-v3-small", MobileNetV3.SMALL);
    BY_NAME.put("vit-ti", VisionTransformer.tiny());
    BY_NAME.put("vit-s", VisionTransformer.small());
    BY_NAME.put("speech-resnet", SpeechResNet.SPEECH);
    BY_NAME.put("text-conv", TextConv.SMALL);
  }

  private PublishedArchitectures() {}

  /** The names of those of a kind. */
  static List<String> names(Class<? extends Architecture> kind) {
    return BY_NAME.entrySet().stream()
        .filter(entry -> kind.isInstance(entry.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  static Architecture named(String name) {
    return find(name).orElseThrow(() -> unknown(name, Architecture.class));
  }

  /** The one of a name, which must be of a kind. */
  static <T extends Architecture> T named(String name, Class<T> kind, String inputs) {
    Architecture found = find(name).orElseThrow(() -> unknown(name, kind));
    if (kind.isInstance(found)) {
      return kind.cast(found);
    }
    throw new IllegalArgumentException(
        "the architecture %s does not take %s: choose one of %s"
            .formatted(name, inputs, String.join(", ", names(kind))));
  }

  private static Optional<Architecture> find(String name) {
    return BY_NAME.entrySet().stream()
        .filter(entry -> plain(entry.getKey()).equals(plain(name)))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private static IllegalArgumentException unknown(String name, Class<? extends Architecture> kind) {
    return new IllegalArgumentException(
        "there is no architecture %s: choose one of %s"
            .formatted(name, String.join(", ", names(kind))));
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[-_.]", "");
  }
}
