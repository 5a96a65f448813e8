package dev.graft.data.image;

/**
 * What the first bytes of an image file say, read without decoding.
 *
 * @param format the format by content, in lower case: jpeg, png, gif, bmp, webp or tiff
 * @param width columns, before any rotation
 * @param height rows, before any rotation
 */
public record ImageDescription(String format, int width, int height) {}
