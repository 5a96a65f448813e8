package dev.graft.zoo.architecture;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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
  }

  private PublishedArchitectures() {}

  static List<String> names() {
    return List.copyOf(BY_NAME.keySet());
  }

  static Architecture named(String name) {
    for (Map.Entry<String, Architecture> entry : BY_NAME.entrySet()) {
      if (plain(entry.getKey()).equals(plain(name))) {
        return entry.getValue();
      }
    }
    throw new IllegalArgumentException(
        "there is no architecture %s: choose one of %s"
            .formatted(name, String.join(", ", names())));
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[-_.]", "");
  }
}
