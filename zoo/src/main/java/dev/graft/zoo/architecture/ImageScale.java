package dev.graft.zoo.architecture;

/** How large the images are that a network is made for. */
public enum ImageScale {
  /** 32 to 128 pixels. */
  SMALL,
  /** Photos of about 224 pixels, as the published networks take them. */
  PHOTO
}
